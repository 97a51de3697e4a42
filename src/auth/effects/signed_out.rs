//! A kept token that is no longer good, and the password in its place.

use super::Session;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::protocol::Question;

impl Session<'_> {
    /// The password in the place of a token that is no longer good.
    pub(crate) async fn password(&mut self, question: &Question) -> Result<Secret, Failure> {
        let Some(source) = self.parts.instead.take() else {
            return Err(signed_out(self.parts.target, question));
        };
        let game = self.parts.target.game_id.game();
        let terminal = &self.parts.context.terminal;
        terminal.say(format_args!("{} no longer takes the kept token", game.name));
        let whose = &self.parts.owner.username;
        source.get(terminal, game.variables, whose).await
    }
}

/// Nobody can be asked for the password again.
fn signed_out(target: &LoginTarget, question: &Question) -> Failure {
    let said = question
        .message
        .get()
        .map(|message| format!(": \"{message}\""));
    let name = target.account.as_ref().map(|account| &account.name);
    Failure::new(
        Reason::SignedOut,
        format!(
            "{} no longer takes the token of {}{}",
            target.game_id.game().name,
            name.map_or("the account", |name| name),
            said.unwrap_or_default()
        ),
        "run it in a terminal and type the password once more, or give it with --password-stdin --save",
    )
}
