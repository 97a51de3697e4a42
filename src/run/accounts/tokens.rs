//! Launcher tokens: registering for one, and making one worthless.

use std::time::Duration;

use super::super::prepare::Place;
use super::super::report::Report;
use super::super::who::Entrant;
use super::super::{Context, pace, wire};
use crate::clock;
use crate::exit::{Failure, Reason};
use crate::game::ttcc::{Ttcc, current};
use crate::game::{Playable, Player, Proof};
use crate::login::{self, Login, Step};
use crate::pace::LATER;
use crate::random;
use crate::sanitize::clean;
use crate::secret::Secret;

/// How long a server may take to hear that a token is not needed any more.
const PATIENCE: Duration = Duration::from_secs(5);

/// Signs in once, for a token that stands for the password.
///
/// # Errors
/// As a login.
pub(super) async fn register(
    context: &Context,
    entrant: &Entrant,
    place: &Place,
    password: Secret,
) -> Result<Secret, Failure> {
    let game = entrant.title.game();
    let username = entrant.username.clone().unwrap_or_default();
    let subject = entrant.subject();
    pace::take_turn(&context.terminal, game, &place.origin, &subject, None).await?;
    let player = Player {
        username: username.clone(),
        proof: Proof::Password(password.clone()),
        interface: place.interface,
        elsewhere: place.elsewhere.clone(),
        nonce: random::hex(4),
        toon_slot: None,
    };
    let typed = [password];
    let (request, sent) = Ttcc::new(player).begin();
    let report = Report {
        service: game.name,
        username: &clean(&username),
        account: None,
        origin: place.origin.clone(),
    };
    let reply = wire::send(&context.terminal, &place.client, &request, &typed)
        .await
        .map_err(|error| report.lost(&error))?;
    match Ttcc::reply(sent, &reply) {
        Ok(Step::Keep(keepsake, _)) => Ok(keepsake.token),
        Ok(_) => Err(Failure::new(
            Reason::NotUnderstood,
            format!(
                "{} gave {} no token to keep",
                place.origin,
                clean(&username)
            ),
            "its interface may have changed; log in without an account: `playcookie ttcc login -u NAME`",
        )),
        Err(error) => {
            if let login::Error::TryLater { retry_after, .. } = error {
                pace::told(game, &place.origin, retry_after.unwrap_or(LATER));
            }
            Err(report.refused(&error, &typed))
        }
    }
}

/// Makes a token worthless; a server that does not do it is mentioned, and is no failure.
pub(super) async fn revoke(context: &Context, place: &Place, token: &Secret) {
    let request = current::revoke(token);
    let sent = wire::send(&context.terminal, &place.client, &request, &[]);
    let said = clock::within(PATIENCE, sent).await;
    // A token that the server knows no more is as good as revoked.
    let done = said.is_some_and(|reply| reply.is_ok_and(|it| it.status < 300 || it.status == 401));
    if !done {
        context.terminal.warn(
            "the launcher token could not be revoked; the account's page on the website lists it",
        );
    }
}
