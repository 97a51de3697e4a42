//! `playcookie <game> login`: prints the game's variables.

use super::Context;
use crate::auth::log_in::log_in;
use crate::auth::login_plan::LoginPlan;
use crate::auth::target::target;
use crate::base::signals::Signals;
use crate::cli::game::Login;
use crate::games::GameId;
use crate::launch::variable_format::{VariableFormat, render};
use crate::protocol::driver::LoginOutcome;
use crate::run_error::RunError;
use crate::terminal::event::EventKind;

pub(super) async fn run(
    context: &Context,
    game_id: GameId,
    login: &Login,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let (who, username) = (&login.account, login.account.username.as_deref());
    let (names, overrides) = (who.names(), who.overrides(&login.server));
    let target = signals
        .or(target(context, game_id, &names, username, &overrides))
        .await?;
    let subject = target.subject();
    let options = who.login_options(&login.credentials, &login.server);
    let plan = signals.or(LoginPlan::new(context, target, &options)).await;
    let plan = plan.map_err(|error| error.with_subject(&subject))?;
    let logged_in = log_in(
        context,
        plan,
        signals,
        async |target, outcome, _| match outcome {
            LoginOutcome::Ticket(ticket) => Ok(Some((target.subject(), ticket))),
            LoginOutcome::Updated => Ok(None),
        },
    );
    let Some((subject, ticket)) = logged_in.await? else {
        return Ok(0);
    };
    let terminal = &context.terminal;
    let written = if terminal.json().is_some() {
        let message = ticket.message.quote(terminal.redactor());
        // The values were asked for.
        let ready = EventKind::ready(&ticket.variables, message, true);
        terminal.event_as_result(&subject.event(ready))
    } else {
        let format = login
            .format
            .map_or_else(VariableFormat::default, VariableFormat::from);
        terminal.result(render(&ticket.variables, format).as_bytes())
    };
    written.map_err(|error| RunError::failed(&subject, error))?;
    Ok(0)
}
