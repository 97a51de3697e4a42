//! `scid play`: starts a game through a driver, or the player's own command with the game's variables.

use std::ffi::OsString;

use super::tokens;
use crate::base::failure::{Ending, Failure, Reason};
use crate::base::signals::Signals;
use crate::cli::scid::Play;
use crate::context::{Context, RunError};
use crate::games::System;
use crate::games::scid::driver::Driver;
use crate::games::scid::tokens::Tokens;
use crate::games::scid::variables::{LaunchTarget, NAMES, TokenOwner, variables};
use crate::launch::command::{LaunchCommand, Output};
use crate::protocol::Fields;
use crate::scid::desk::Desk;
use crate::scid::kept;
use crate::terminal::Stream;
use crate::terminal::event::EventKind;
use crate::terminal::results::unwritten;

pub(crate) async fn run(
    context: &Context,
    play: &Play,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let mut desk = Desk::at(context, play.email.as_deref(), play.api.as_ref())?;
    let driver = play
        .driver
        .unwrap_or_else(|| Driver::default_for(System::HERE, which::which("waydroid").is_ok()));
    let start = plan(context, play, driver).map_err(|failure| desk.trouble(failure))?;
    if let Some(note) = play.game.note {
        context.terminal.warn(note);
    }
    let player = player(&mut desk, play).await?;
    let found = player
        .as_ref()
        .map(|(account, tokens)| TokenOwner { account, tokens });
    let what = if play.command.is_empty() {
        LaunchTarget::Driver
    } else {
        LaunchTarget::Command {
            with_tokens: play.with_tokens,
        }
    };
    let variables = variables(play.game, found, what);
    if play.dry_run {
        return plan_only(&desk, &start, &variables);
    }
    let ending = stay(&desk, &start, &variables, signals).await?;
    Ok(if play.command.is_empty() && !driver.reports_result() {
        Ending::Success
    } else {
        ending
    })
}

/// The driver's command, or the player's own; it has to be there.
fn plan(context: &Context, play: &Play, driver: Driver) -> Result<LaunchCommand, Failure> {
    let words: Vec<OsString> = match play.command.as_slice() {
        [] => driver
            .command(play.game.package)
            .into_iter()
            .map(OsString::from)
            .collect(),
        own => own.to_vec(),
    };
    let mut start = LaunchCommand::of(words);
    let hint = if play.command.is_empty() {
        driver.requirements()
    } else {
        "check its name, or give its whole path"
    };
    start.program = which::which(&start.program).map_err(|_| {
        let name = crate::base::sanitize::clean(&start.program.to_string_lossy());
        Failure::new(
            Reason::GameStart,
            format!("{} cannot be started: there is no {name}", play.game.name),
            hint,
        )
    })?;
    if context.terminal.json() == Some(Stream::Output) {
        start.output = Output::Error;
    }
    start.forget = NAMES.to_vec();
    Ok(start)
}

/// Whose tokens are kept, if anybody's. Without them the game starts all the same, unless they were asked for.
async fn player(desk: &mut Desk<'_>, play: &Play) -> Result<Option<(String, Tokens)>, RunError> {
    let known = kept::addresses(&desk.origin());
    let email = match (&play.email, known.as_slice()) {
        (Some(email), _) => email.clone(),
        (None, [only]) => only.clone(),
        (None, _) if play.with_tokens => {
            return Err(desk.trouble(Failure::new(
                Reason::InputNeeded,
                "it is not known whose tokens --with-tokens means",
                "name the address with --username EMAIL, after `playcookie scid login`",
            )));
        }
        (None, _) => return Ok(None),
    };
    desk.about(&email);
    let needed = play.with_tokens || play.email.is_some();
    let loaded = match tokens::open(desk).await {
        Ok(vault) => kept::load(&vault, &desk.origin(), &email)
            .await
            .map_err(|failure| desk.trouble(failure)),
        Err(trouble) => Err(trouble),
    };
    match loaded {
        Ok(Some(tokens)) => Ok(Some((email, tokens))),
        Ok(None) if needed => Err(desk.trouble(tokens::nothing_kept(&email))),
        Err(trouble) if needed => Err(trouble),
        Ok(None) => Ok(None),
        Err(trouble) => {
            desk.context.terminal.warn(&format!(
                "{trouble}; the game is started without an account"
            ));
            Ok(None)
        }
    }
}

/// `--dry-run`: what would be started, with every value masked.
fn plan_only(desk: &Desk<'_>, start: &LaunchCommand, variables: &Fields) -> anyhow::Result<Ending> {
    let planned = EventKind::Planned {
        command: start.words(),
        directory: String::new(),
        variables: variables.iter().map(|(name, _)| *name).collect(),
    };
    let written = desk
        .context
        .terminal
        .event_as_result(&desk.subject.event(planned));
    written.map_err(|error| desk.trouble(unwritten(&error)))?;
    Ok(Ending::Success)
}

async fn stay(
    desk: &Desk<'_>,
    start: &LaunchCommand,
    variables: &Fields,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let names = variables.iter().map(|(name, _)| *name).collect();
    desk.tell(EventKind::Ready {
        variables: names,
        environment: None,
    });
    let running = start
        .attached(variables)
        .map_err(|failure| desk.trouble(failure))?;
    desk.tell(EventKind::Started {
        pid: running.pid,
        command: start.words(),
    });
    let status = running
        .wait(signals)
        .await
        .map_err(|failure| desk.trouble(failure))?;
    desk.tell(EventKind::Exited { status });
    Ok(Ending::Game(status))
}
