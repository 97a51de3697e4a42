//! `playcookie <game> exec`: a command with the game's variables in its environment.

use super::Context;
use crate::auth::log_in::{Outcome, log_one_in};
use crate::auth::login_plan::Typed;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::cli::game::Exec;
use crate::games::GameId;
use crate::launch::command::LaunchCommand;
use crate::session::hooks::Hooks;
use crate::session::supervise::supervise;

pub(crate) async fn run(
    context: &Context,
    game_id: GameId,
    exec: &Exec,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let typed = Typed {
        who: &exec.account,
        answers: &exec.credentials,
        server: &exec.server,
        root: None,
        alone: true,
    };
    let mut start = None;
    let first = || plan(exec).map(|planned| start = Some(planned));
    let outcome = log_one_in(context, game_id, &typed, first, signals).await?;
    match (outcome, start) {
        (Outcome::In(entry), Some(start)) => {
            Ok(supervise(context, &start, &Hooks::default(), (*entry, None), signals).await?)
        }
        (Outcome::Ended(ending), _) => Ok(ending),
        (Outcome::In(_), None) => Err(anyhow::anyhow!("a command was not looked for")),
    }
}

/// Finds the command before anything is sent.
fn plan(exec: &Exec) -> Result<LaunchCommand, Failure> {
    let mut words = exec.command.iter().cloned();
    let command = words.next().unwrap_or_default();
    let program = which::which(&command).map_err(|_| {
        Failure::new(
            Reason::GameStart,
            format!(
                "there is no command \"{}\" to run",
                clean(&command.to_string_lossy())
            ),
            "check its name, or give its whole path; nothing was sent",
        )
    })?;
    let start = LaunchCommand::of([program.into()].into_iter().chain(words));
    Ok(LaunchCommand {
        input: !exec.credentials.password_stdin,
        ..start
    })
}
