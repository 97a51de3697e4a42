//! `playcookie <game>`: log in, start the game, stay until it ends.

use std::path::{Path, PathBuf};

use super::log_in::{Account, Entry, Outcome, log_in};
use super::parting::Parting;
use super::{Context, Trouble, unwritten};
use crate::cli::game::{Play, Start as Options};
use crate::cli::usage::wrong;
use crate::event::{Subject, What};
use crate::exit::{Ending, Failure, Reason};
use crate::game::{Game, Playable};
use crate::http::Root;
use crate::launch::command::{self, Output, Start};
use crate::launch::find::{Wish, find};
use crate::launch::places::Places;
use crate::login::Fields;
use crate::sanitize::escaped;
use crate::signals::Signals;
use crate::terminal::Stream;

pub(super) async fn run<G: Playable>(
    context: &Context,
    play: &Play,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    run_at::<G>(context, play, None, signals).await
}

/// The same, at another root than the options name.
pub(super) async fn run_at<G: Playable>(
    context: &Context,
    play: &Play,
    root: Option<Root>,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let subject = || context.subject(G::GAME, &play.who);
    let start = plan(context, G::GAME, play).map_err(|failure| Trouble::new(subject(), failure))?;
    start_with::<G>(context, play, start, root, signals).await
}

/// Finds the game and prepares its start, before anything is sent.
fn plan(context: &Context, game: &'static Game, play: &Play) -> Result<Start, Failure> {
    let Options {
        game_dir,
        exe,
        runner,
        wrapper,
        ..
    } = &play.start;
    let wish = Wish {
        game_dir: game_dir.clone(),
        exe: exe.clone(),
        runner: (*runner).into(),
    };
    let found = find(game, &wish, &Places::here())?;
    context.terminal.detail(1, || {
        format!("{} found at {}", game.name, found.program.display())
    });
    let wrapper = wrapper.as_ref().map_or(&[][..], |words| &words.0);
    let start = command::game(game, &found, wrapper, &play.arguments)?;
    if !play.start.dry_run {
        command::make_executable(game, &found)?;
    }
    Ok(start)
}

/// Logs in and starts what was planned, the way the options say.
pub(super) async fn start_with<G: Playable>(
    context: &Context,
    play: &Play,
    mut start: Start,
    root: Option<Root>,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    start.detached = play.start.detach;
    start.input = !play.answers.password_stdin && !start.detached;
    let subject = || context.subject(G::GAME, &play.who);
    start.output = output(context, play).map_err(|failure| Trouble::new(subject(), failure))?;
    if play.start.dry_run {
        let interface = play.server.api.clone().unwrap_or_default().interface;
        show(
            context,
            G::GAME.api(interface).variables,
            &subject(),
            &start,
        )
        .map_err(|failure| Trouble::new(subject(), failure))?;
        return Ok(Ending::Success);
    }
    start
        .output
        .check()
        .map_err(|failure| Trouble::new(subject(), failure))?;
    let account = Account {
        who: &play.who,
        answers: &play.answers,
        server: &play.server,
        root,
    };
    match log_in::<G>(context, account, signals).await? {
        Outcome::In(entry) => Ok(supervise(context, &start, entry, signals).await?),
        Outcome::Ended(ending) => Ok(ending),
    }
}

fn output(context: &Context, play: &Play) -> Result<Output, Failure> {
    Ok(match &play.start.log {
        Some(file) => Output::File(named(file, context, play)?),
        None if play.start.detach => Output::Discarded,
        None if context.terminal.json() == Some(Stream::Output) => Output::Error,
        None => Output::Inherited,
    })
}

/// The log with the account in place of `{account}`.
fn named(file: &Path, context: &Context, play: &Play) -> Result<PathBuf, Failure> {
    const ACCOUNT: &str = "{account}";
    let Some(name) = file.to_str().filter(|name| name.contains(ACCOUNT)) else {
        return Ok(file.to_owned());
    };
    let account = context.username(&play.who).ok_or_else(|| {
        wrong(
            "--log names {account}, and it is not known yet",
            "name the account with --username NAME",
        )
    })?;
    let plain = |character: char| {
        if character.is_alphanumeric() || "._-@".contains(character) {
            character
        } else {
            '_'
        }
    };
    Ok(name
        .replace(ACCOUNT, &account.chars().map(plain).collect::<String>())
        .into())
}

/// `--dry-run`: the start, with every value masked.
fn show(
    context: &Context,
    variables: &[&'static str],
    subject: &Subject,
    start: &Start,
) -> Result<(), Failure> {
    let directory = start
        .directory
        .clone()
        .or_else(|| std::env::current_dir().ok());
    let directory = directory.map(|path| escaped(&path.to_string_lossy()));
    let own = start.environment.iter().map(|(name, _)| *name);
    let planned = What::Planned {
        command: start.words(),
        directory: directory.unwrap_or_default(),
        variables: own.chain(variables.iter().copied()).collect(),
    };
    let written = context.terminal.event_as_result(&subject.event(planned));
    written.map_err(|error| unwritten(&error))
}

/// Starts a program with its variables and stays with it.
pub(super) async fn supervise(
    context: &Context,
    start: &Start,
    entry: Entry,
    signals: &mut Signals,
) -> Result<Ending, Trouble> {
    let Entry {
        ticket,
        subject,
        parting,
    } = entry;
    let tell = |what| context.terminal.event(&subject.event(what));
    let names = ticket.variables.iter().map(|(name, _)| *name).collect();
    tell(What::Ready {
        variables: names,
        environment: None,
    });
    let outcome = if start.detached {
        leave_running(context, start, &ticket.variables, parting, &tell).await
    } else {
        stay(context, start, &ticket.variables, parting, &tell, signals).await
    };
    outcome.map_err(|failure| Trouble::new(subject.clone(), failure))
}

async fn stay(
    context: &Context,
    start: &Start,
    variables: &Fields,
    mut parting: Parting,
    tell: &impl Fn(What),
    signals: &mut Signals,
) -> Result<Ending, Failure> {
    let started = start.attached(variables);
    if let Ok(running) = &started {
        tell(What::Started {
            pid: running.pid,
            command: start.words(),
        });
    }
    parting.say(&context.terminal).await;
    let status = started?.wait(signals).await?;
    tell(What::Exited { status });
    Ok(Ending::Game(status))
}

async fn leave_running(
    context: &Context,
    start: &Start,
    variables: &Fields,
    mut parting: Parting,
    tell: &impl Fn(What),
) -> Result<Ending, Failure> {
    let started = start.detached(variables).await;
    parting.say(&context.terminal).await;
    let (pid, ended) = started?;
    tell(What::Started {
        pid,
        command: start.words(),
    });
    match ended {
        None => Ok(Ending::Success),
        Some(0) => {
            tell(What::Exited { status: 0 });
            Ok(Ending::Success)
        }
        Some(status) => Err(Failure::new(
            Reason::GameStart,
            format!(
                "{} ended with status {status} as soon as it was started",
                start.program.display()
            ),
            "run it without --detach, or with --log FILE, to see what it says",
        )),
    }
}
