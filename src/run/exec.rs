//! `playcookie <game> exec`: a command with the game's variables in its environment.

use super::hooks::Hooks;
use super::log_in::{Outcome, log_one_in};
use super::prepare::Typed;
use super::supervise::supervise;
use super::who::Entrant;
use super::{Context, Trouble};
use crate::cli::game::Exec;
use crate::exit::{Ending, Failure, Reason};
use crate::game::Title;
use crate::launch::command::Start;
use crate::sanitize::clean;
use crate::signals::Signals;

pub(super) async fn run(
    context: &Context,
    title: Title,
    exec: &Exec,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let subject = || Entrant::stranger(title, exec.who.username.clone()).subject();
    let start = plan(exec).map_err(|failure| Trouble::new(subject(), failure))?;
    let typed = Typed {
        who: &exec.who,
        answers: &exec.answers,
        server: &exec.server,
        root: None,
        alone: true,
    };
    match log_one_in(context, title, &typed, signals).await? {
        Outcome::In(entry) => {
            Ok(supervise(context, &start, &Hooks::default(), entry, signals).await?)
        }
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
