//! `playcookie <game> login`: the variables on standard output.

use super::{Context, RunError, unwritten};
use crate::auth::log_in::{Entry, Outcome, log_one_in};
use crate::auth::login_plan::Typed;
use crate::base::failure::Ending;
use crate::base::signals::Signals;
use crate::cli::game::Login;
use crate::games::GameId;
use crate::launch::variable_format::{VariableFormat, render};
use crate::terminal::event::{EventKind, VariableValues};

pub(crate) async fn run(
    context: &Context,
    game_id: GameId,
    login: &Login,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let typed = Typed {
        who: &login.account,
        answers: &login.credentials,
        server: &login.server,
        root: None,
        alone: true,
    };
    let Entry {
        ticket,
        subject,
        mut revocation,
        ..
    } = match log_one_in(context, game_id, &typed, || Ok(()), signals).await? {
        Outcome::In(entry) => *entry,
        Outcome::Ended(ending) => return Ok(ending),
    };
    revocation.revoke(&context.terminal).await;
    let terminal = &context.terminal;
    let written = if terminal.json().is_some() {
        let variables = ticket.variables.iter().map(|(name, _)| *name).collect();
        let environment = Some(VariableValues(ticket.variables));
        terminal.event_as_result(&subject.event(EventKind::Ready {
            variables,
            environment,
        }))
    } else {
        let format = login
            .format
            .map_or_else(VariableFormat::default, VariableFormat::from);
        terminal.result(render(&ticket.variables, format).as_bytes())
    };
    written.map_err(|error| RunError::new(subject, unwritten(&error)))?;
    Ok(Ending::Success)
}
