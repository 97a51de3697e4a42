//! `scid play`: starts a game with a driver, or a command of the player with the game's variables.

use std::ffi::OsString;

use super::tokens;
use crate::base::failure::{Failure, Reason};
use crate::base::signals::Signals;
use crate::cli::scid::Play;
use crate::context::Context;
use crate::games::System;
use crate::games::scid::driver::Driver;
use crate::games::scid::tokens::Tokens;
use crate::games::scid::variables::{LaunchTarget, NAMES, TokenOwner, variables};
use crate::launch::command::{LaunchCommand, Output, find_program};
use crate::protocol::Fields;
use crate::run_error::RunError;
use crate::scid::client::ScidClient;
use crate::terminal::Stream;
use crate::terminal::event::EventKind;

pub(super) async fn run(
    context: &Context,
    play: &Play,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let mut client = ScidClient::new(context, play.email.as_deref(), play.api.as_ref())?;
    let done = start(&mut client, play, signals).await;
    done.map_err(|error| error.with_subject(&client.subject))
}

async fn start(
    client: &mut ScidClient<'_>,
    play: &Play,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let driver = play
        .driver
        .unwrap_or_else(|| Driver::default_for(System::HERE, find_program("waydroid", "").is_ok()));
    let command = plan(client.context, play, driver)?;
    if let Some(note) = play.game.note {
        client.context.terminal.warn(note);
    }
    let player = signals.or(player(client, play)).await?;
    let player = player
        .as_ref()
        .map(|(account, tokens)| TokenOwner { account, tokens });
    let started = if play.command.is_empty() {
        LaunchTarget::Driver
    } else {
        LaunchTarget::Command {
            with_tokens: play.with_tokens,
        }
    };
    let variables = variables(play.game, player, started);
    if play.dry_run {
        print_plan(client, &command, &variables)?;
        return Ok(0);
    }
    let status = run_command(client, &command, &variables, signals).await?;
    let is_known = !play.command.is_empty() || driver.reports_result();
    Ok(if is_known { status } else { 0 })
}

/// Finds the driver's command, or the player's own.
fn plan(context: &Context, play: &Play, driver: Driver) -> Result<LaunchCommand, Failure> {
    let (command, hint) = if play.command.is_empty() {
        let command = driver.command(play.game.package).into_iter();
        (command.map(OsString::from).collect(), driver.missing_hint())
    } else {
        (play.command.clone(), "check its name, or give its path")
    };
    let mut command = LaunchCommand::of(command);
    command.program = find_program(&command.program, hint)?;
    if context.terminal.json() == Some(Stream::Output) {
        command.output = Output::Error;
    }
    command.removed_variables = NAMES.to_vec();
    Ok(command)
}

/// Returns the address and the tokens for the game, or `None` when there are none and no option needs them.
async fn player(
    client: &mut ScidClient<'_>,
    play: &Play,
) -> Result<Option<(String, Tokens)>, Failure> {
    let is_needed = play.with_tokens || play.email.is_some();
    match find_player(client, play).await {
        Err(failure) if !is_needed => {
            let terminal = &client.context.terminal;
            terminal.warn(&format!("{failure}; the game starts without an account"));
            Ok(None)
        }
        Ok(None) if is_needed => Err(match &play.email {
            Some(email) => tokens::no_tokens(email, Some(play.game)),
            None => Failure::new(
                Reason::InputNeeded,
                format!(
                    "--with-tokens needs an address, and tokens of none or several are stored for {}",
                    play.game.name
                ),
                "name the address with --username EMAIL, after `playcookie scid login`",
            ),
        }),
        found => found,
    }
}

/// Returns the address and the tokens for the game, if they are stored for the address that was named, or only for one.
async fn find_player(
    client: &mut ScidClient<'_>,
    play: &Play,
) -> Result<Option<(String, Tokens)>, Failure> {
    let logins = client.stored_logins(Some(play.game)).await?;
    let [login] = logins.as_slice() else {
        return Ok(None);
    };
    client.set_email(&login.email);
    let tokens = client.stored_tokens(login).await?;
    Ok(tokens.map(|tokens| (login.email.clone(), tokens)))
}

/// Prints the command and the names of the variables.
fn print_plan(
    client: &ScidClient<'_>,
    command: &LaunchCommand,
    variables: &Fields,
) -> Result<(), Failure> {
    let planned = EventKind::Planned {
        command: command.words(),
        directory: String::new(),
        variables: variables
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect(),
    };
    let event = client.subject.event(planned);
    client.context.terminal.event_as_result(&event)
}

/// Runs the command, and returns its exit status.
async fn run_command(
    client: &ScidClient<'_>,
    command: &LaunchCommand,
    variables: &Fields,
    signals: &mut Signals,
) -> Result<i32, Failure> {
    client.emit(EventKind::ready(variables, None, false));
    let running = command.spawn(variables)?;
    client.emit(EventKind::Started {
        pid: running.pid,
        command: command.words(),
    });
    let status = running.wait(signals).await?;
    client.emit(EventKind::exited(status));
    Ok(status)
}
