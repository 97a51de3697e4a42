//! `playcookie <game> exec`: a command with the game's variables in its environment.

use super::log_in::{Account, Outcome, log_in};
use super::play::supervise;
use super::{Context, Trouble};
use crate::cli::game::Exec;
use crate::exit::{Ending, Failure, Reason};
use crate::game::Playable;
use crate::launch::command::Start;
use crate::sanitize::clean;
use crate::signals::Signals;

pub(super) async fn run<G: Playable>(
    context: &Context,
    exec: &Exec,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let start =
        plan(exec).map_err(|failure| Trouble::new(context.subject(G::GAME, &exec.who), failure))?;
    let account = Account {
        who: &exec.who,
        answers: &exec.answers,
        server: &exec.server,
        root: None,
    };
    match log_in::<G>(context, account, signals).await? {
        Outcome::In(entry) => Ok(supervise(context, &start, entry, signals).await?),
        Outcome::Ended(ending) => Ok(ending),
    }
}

/// Finds the command before anything is sent.
fn plan(exec: &Exec) -> Result<Start, Failure> {
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
    let start = Start::of([program.into()].into_iter().chain(words));
    Ok(Start {
        input: !exec.answers.password_stdin,
        ..start
    })
}
