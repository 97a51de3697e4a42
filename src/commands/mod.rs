//! From what was typed to what is done: one file per command, and the one place where an error is printed.

pub(crate) mod accounts;
pub(crate) mod config;
pub(crate) mod districts;
pub(crate) mod exec;
pub(crate) mod login;
pub(crate) mod manual;
pub(crate) mod play;
pub(crate) mod rehearse;
pub(crate) mod scid;
pub(crate) mod status;
pub(crate) mod ttr;
pub(crate) mod update;

use std::ffi::OsString;
use std::panic::PanicHookInfo;

use crate::base::core_dumps;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::{Signals, die_of};
use crate::cli::game::{Play, Verb};
use crate::cli::ttr::TtrVerb;
use crate::cli::{Cli, Command, ParseStop, usage};
use crate::context::{Context, RunError, Surroundings};
use crate::games::GameId;
use crate::http::Limits;
use crate::stand_in::game::GameResult;
use crate::terminal::event::Subject;
use crate::terminal::results::{print, unwritten};
use crate::terminal::{Stream, Terminal, TerminalOptions, echo};

/// Runs the program and gives its exit status.
pub fn main(arguments: &[OsString]) -> i32 {
    if let [_, version] = arguments
        && (version == "--version" || version == "-V")
    {
        let line = concat!("playcookie ", env!("CARGO_PKG_VERSION"), "\n");
        return show(&Terminal::new(TerminalOptions::default()), line);
    }
    std::panic::set_hook(Box::new(report_bug));
    core_dumps::refuse_dumps();
    let outcome = std::panic::catch_unwind(|| match rehearse::is_stand_in_game(arguments) {
        Some(played) => show_game(&played),
        None => parse_and_run(arguments),
    });
    echo::restore();
    outcome.unwrap_or(i32::from(Reason::Internal.status()))
}

/// The stand-in game, which this program is for a rehearsal.
fn show_game(played: &GameResult) -> i32 {
    match show(&Terminal::new(TerminalOptions::default()), &played.lines) {
        0 => played.status,
        failed => failed,
    }
}

fn parse_and_run(arguments: &[OsString]) -> i32 {
    let stop = match Cli::read(arguments) {
        Ok(cli) => return run(cli),
        Err(stop) => stop,
    };
    let typed = |known: &str| usage::own(arguments).any(|word| word == known);
    // As far as it can be told from words that do not make sense.
    let stream = if typed("exec") {
        Stream::Error
    } else {
        Stream::Output
    };
    let terminal = Terminal::new(TerminalOptions {
        json: typed("--json").then_some(stream),
        colour: usage::colour(arguments),
        ..TerminalOptions::default()
    });
    match stop {
        ParseStop::Help(text) if terminal.colours_output() => {
            show(&terminal, &text.ansi().to_string())
        }
        ParseStop::Help(text) => show(&terminal, &text.to_string()),
        ParseStop::Refused(text, failure) => {
            if terminal.json().is_some() {
                terminal.event(&Subject::default().failed(&failure));
            }
            terminal.help(&text.to_string(), &text.ansi().to_string());
            i32::from(failure.reason.status())
        }
        ParseStop::Failed(failure) => fail(&terminal, &failure.into()),
    }
}

fn run(cli: Cli) -> i32 {
    let stream = match cli.command.verb() {
        // Standard output belongs to the command that is run.
        Some(Verb::Exec(_)) => Stream::Error,
        _ => Stream::Output,
    };
    let global = &cli.global;
    let terminal = Terminal::new(global.terminal_options(stream));
    let Surroundings {
        environment,
        file,
        configuration,
    } = match Surroundings::of(&cli) {
        Ok(found) => found,
        Err(failure) => return fail(&terminal, &failure.into()),
    };
    let context = Context {
        terminal,
        limits: global.timeout.map_or_else(Limits::default, Limits::of),
        environment,
        file,
        configuration,
    };
    match dispatch(&context, cli.command) {
        Ok(Ending::Success) => 0,
        // Told already.
        Ok(Ending::Failed(reason)) => i32::from(reason.status()),
        Ok(Ending::Game(status)) => status,
        Ok(Ending::Stopped(signal)) => {
            context.terminal.clear();
            echo::restore();
            die_of(signal)
        }
        Err(error) => fail(&context.terminal, &error),
    }
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<Ending> {
    match command {
        Command::Ttr(arguments) => wait_for(async |signals| {
            let verb = match arguments.0.verb {
                Some(TtrVerb::Data(verb)) => return ttr::run(context, &verb, signals).await,
                Some(TtrVerb::Shared(verb)) => Some(verb),
                None => None,
            };
            game(context, GameId::Ttr, &arguments.0.play, verb, signals).await
        }),
        Command::Ttcc(arguments) => wait_for(async |signals| {
            let (play, verb) = (arguments.0.play, arguments.0.verb);
            game(context, GameId::Ttcc, &play, verb, signals).await
        }),
        Command::Tlopo(arguments) => wait_for(async |signals| {
            let (play, verb) = (arguments.0.play, arguments.0.verb);
            game(context, GameId::Tlopo, &play, verb, signals).await
        }),
        Command::Play(play) => {
            wait_for(async |signals| play::run(context, None, &play, signals).await)
        }
        Command::Accounts(arguments) => {
            wait_for(async |signals| accounts::run(context, arguments.0.verb, signals).await)
        }
        Command::Status(status) => {
            wait_for(async |signals| status::run(context, &status, signals).await)
        }
        Command::Config(arguments) => {
            wait_for(async |signals| config::run(context, arguments.verb, signals).await)
        }
        Command::Rehearse(rehearse) => {
            wait_for(async |signals| rehearse::run(context, &rehearse, signals).await)
        }
        Command::Scid(arguments) => {
            wait_for(async |signals| scid::run(context, &arguments, signals).await)
        }
        Command::Completions { shell } => manual::completions(context, shell),
        Command::Man { command, into } => manual::man(context, &command, into.as_deref()),
    }
}

async fn game(
    context: &Context,
    game_id: GameId,
    play: &Play,
    verb: Option<Verb>,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    match verb {
        None => play::run(context, Some(game_id), play, signals).await,
        Some(Verb::Play(play)) => play::run(context, Some(game_id), &play, signals).await,
        Some(Verb::Login(login)) => login::run(context, game_id, &login, signals).await,
        Some(Verb::Exec(exec)) => exec::run(context, game_id, &exec, signals).await,
        Some(Verb::Update(update)) => update::run(context, game_id, &update, signals).await,
        Some(Verb::Districts(districts)) => {
            districts::run(context, game_id, &districts, signals).await
        }
    }
}

/// Starts the runtime, for the commands that wait for something.
fn wait_for(
    work: impl AsyncFnOnce(&mut Signals) -> anyhow::Result<Ending>,
) -> anyhow::Result<Ending> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let mut signals = Signals::catch()?;
        work(&mut signals).await
    });
    // A prompt may still be reading; nobody waits for it.
    runtime.shutdown_background();
    outcome
}

/// Prints a result that cannot fail for any other reason than its reader.
fn show(terminal: &Terminal, text: &str) -> i32 {
    match terminal.result(text.as_bytes()) {
        Ok(()) => 0,
        Err(error) => fail(terminal, &unwritten(&error).into()),
    }
}

/// Prints the one error, and gives its status.
fn fail(terminal: &Terminal, error: &anyhow::Error) -> i32 {
    let trouble = error.downcast_ref::<RunError>();
    let subject = trouble
        .map(|trouble| (*trouble.subject).clone())
        .unwrap_or_default();
    let failure = match (trouble, error.downcast_ref::<Failure>()) {
        (Some(trouble), _) => trouble.failure.clone(),
        (None, Some(failure)) => failure.clone(),
        (None, None) => bug(&error.to_string()),
    };
    report_failure(terminal, &subject, &failure);
    i32::from(failure.reason.status())
}

/// Prints an error of somebody.
pub(crate) fn report_failure(terminal: &Terminal, subject: &Subject, failure: &Failure) {
    if terminal.json().is_some() {
        terminal.event(&subject.failed(failure));
    }
    terminal.failure(failure);
}

fn bug(what: &str) -> Failure {
    const ISSUES: &str = concat!(
        "please report this at ",
        env!("CARGO_PKG_REPOSITORY"),
        "/issues"
    );
    Failure::new(
        Reason::Internal,
        format!("a bug in playcookie: {what}"),
        ISSUES,
    )
}

/// Says where, and not what: a panic's message may hold a value.
fn report_bug(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    echo::restore();
    Terminal::new(TerminalOptions::default()).failure(&bug(&format!("it stopped at {place}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_nobody_expected_is_reported_as_a_bug() {
        assert_eq!(
            fail(
                &Terminal::new(TerminalOptions::default()),
                &anyhow::anyhow!("odd")
            ),
            70
        );
    }

    #[test]
    fn a_failure_keeps_its_status_whoever_it_happened_to() {
        let failure = Failure::new(Reason::Closed, "closed", "wait");
        let terminal = Terminal::new(TerminalOptions::default());
        assert_eq!(fail(&terminal, &failure.clone().into()), 69);
        assert_eq!(
            fail(
                &terminal,
                &RunError::new(Subject::default(), failure).into()
            ),
            69
        );
    }
}
