//! What would be started for one who logs in: known before anything is sent.

use std::path::{Path, PathBuf};

use super::hooks::Hooks;
use crate::auth::password::nobody;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::cli::game::Play;
use crate::cli::options::{AccountOptions, ServerOptions};
use crate::cli::usage::wrong;
use crate::config::options::Options;
use crate::context::Context;
use crate::launch::command;
use crate::launch::command::{LaunchCommand, Output};
use crate::launch::find::{FindOptions, InstalledGame, expected, find};
use crate::launch::search_paths::SearchPaths;
use crate::state::State;
use crate::terminal::Stream;
use crate::update::game::files;
use crate::update::game::files::Files;

/// What in the name of a log stands for the account.
const ACCOUNT: &str = "{account}";

/// A start, and what goes around it.
#[derive(Debug)]
pub(crate) struct LaunchPlan {
    pub(crate) start: LaunchCommand,
    pub(crate) hooks: Hooks,
    /// The files of the game that is started; nothing where it is none.
    pub(crate) files: Option<Files>,
}

/// What was typed about every login of a command that starts a game.
pub(crate) fn typed(play: &Play) -> Options {
    let start = &play.start;
    Options {
        game_dir: start.game_dir.clone(),
        exe: start.exe.clone(),
        runner: start.runner.map(Into::into),
        wrapper: start.wrapper.as_ref().map(|words| words.0.clone()),
        log: start.log.clone(),
        update: (start.update || start.no_update).then_some(start.update),
        ..typed_about(&play.account, &play.server)
    }
}

/// The same for a command that starts none.
pub(crate) fn typed_about(who: &AccountOptions, server: &ServerOptions) -> Options {
    Options {
        api: server.api.clone(),
        toon_slot: who.toon_slot,
        ..Options::default()
    }
}

/// Finds the game and prepares its start. A game that is not there is one that will be, where the player wants it to be
/// installed.
///
/// # Errors
/// When the game, its runner or its wrapper is not there, or its log cannot be written.
pub(crate) fn plan(
    context: &Context,
    target: &LoginTarget,
    play: &Play,
    state: &State,
) -> Result<LaunchPlan, Failure> {
    let missing = match plan_found(context, target, play, state) {
        Err(failure) if failure.reason == Reason::GameMissing => failure,
        outcome => return outcome,
    };
    let options = &target.options;
    // What a program that was named should come from is not known.
    let is_wanted = options.update == Some(true) && options.exe.is_none() && !play.start.dry_run;
    if !is_wanted {
        return Err(missing);
    }
    let runner = options.runner.unwrap_or_default();
    let directory = files::place(target)?;
    let found = expected(target.game_id.game(), &directory, runner).ok_or(missing)?;
    let files = Files::of(target, play, &found, state);
    started(context, target, play, &found, files.missing())
}

/// The same for a game that is there.
///
/// # Errors
/// As [`plan`].
pub(crate) fn plan_found(
    context: &Context,
    target: &LoginTarget,
    play: &Play,
    state: &State,
) -> Result<LaunchPlan, Failure> {
    let game = target.game_id.game();
    let options = &target.options;
    let wish = FindOptions {
        game_dir: options.game_dir.clone(),
        exe: options.exe.clone(),
        runner: options.runner.unwrap_or_default(),
    };
    let found = find(game, &wish, &SearchPaths::from_environment())?;
    context.terminal.detail(1, || {
        format!("{} found at {}", game.name, found.program.display())
    });
    let files = Files::of(target, play, &found, state);
    let planned = started(context, target, play, &found, files)?;
    if !play.start.dry_run {
        command::make_executable(game, &found)?;
    }
    Ok(planned)
}

/// The start of a game that is somewhere, or will be.
fn started(
    context: &Context,
    target: &LoginTarget,
    play: &Play,
    found: &InstalledGame,
    files: Files,
) -> Result<LaunchPlan, Failure> {
    let wrapper = target.options.wrapper.as_deref().unwrap_or_default();
    let start = command::game(target.game_id.game(), found, wrapper, &play.arguments)?;
    let planned = complete(context, target, play, start)?;
    Ok(LaunchPlan {
        files: Some(files),
        ..planned
    })
}

/// What the options say about a start that is known already.
///
/// # Errors
/// When its log has no name, or cannot be written.
pub(crate) fn complete(
    context: &Context,
    target: &LoginTarget,
    play: &Play,
    mut start: LaunchCommand,
) -> Result<LaunchPlan, Failure> {
    start.detached = play.start.detach;
    start.input = !play.credentials.password_stdin && !start.detached;
    start.output = output(context, target, play)?;
    if !play.start.dry_run {
        start.output.check()?;
    }
    let hooks = Hooks::of(context, target, &start);
    Ok(LaunchPlan {
        start,
        hooks,
        files: None,
    })
}

fn output(context: &Context, target: &LoginTarget, play: &Play) -> Result<Output, Failure> {
    Ok(match &target.options.log {
        Some(file) => Output::File(named(file, target)?),
        None if play.start.detach => Output::Discarded,
        None if context.terminal.json() == Some(Stream::Output) => Output::Error,
        None => Output::Inherited,
    })
}

/// The log with the account in place of `{account}`.
fn named(file: &Path, target: &LoginTarget) -> Result<PathBuf, Failure> {
    let Some(name) = file.to_str().filter(|name| name.contains(ACCOUNT)) else {
        return Ok(file.to_owned());
    };
    let known = target.account.as_ref().map(|account| &account.name);
    let account = known.or(target.username.as_ref()).ok_or_else(|| {
        nobody(
            "the account that the name of the log holds",
            "name it with --username NAME",
        )
    })?;
    let plain = |character: char| {
        if character.is_alphanumeric() || "._-@".contains(character) {
            character
        } else {
            '_'
        }
    };
    let account: String = account.chars().map(plain).collect();
    Ok(name.replace(ACCOUNT, &account).into())
}

/// Refuses what several who log in cannot share.
pub(crate) fn check_several(play: &Play, targets: &[LoginTarget]) -> Result<(), Failure> {
    let one = |option: &str, hint: &str| {
        Err(wrong(
            format!("{option} is for one account, and several are named"),
            hint,
        ))
    };
    let mut titles = targets.iter().map(|target| target.game_id);
    let first = titles.next();
    let are_mixed = titles.any(|game_id| Some(game_id) != first);
    let shared = |log: &PathBuf| !log.to_string_lossy().contains(ACCOUNT);
    if play.credentials.password_stdin {
        return one(
            "--password-stdin",
            "keep the passwords with `playcookie accounts edit NAME`, or name one account at a time",
        );
    }
    if play.credentials.code.is_some() || play.credentials.code_command.is_some() {
        return one(
            "a code",
            "keep the code secrets with `playcookie accounts edit NAME --totp-stdin`",
        );
    }
    if targets
        .iter()
        .any(|it| it.options.log.as_ref().is_some_and(shared))
    {
        return one(
            "a log",
            "put {account} into its name: each gets its own then",
        );
    }
    let start = &play.start;
    if are_mixed && (start.exe.is_some() || start.game_dir.is_some() || play.server.api.is_some()) {
        return Err(wrong(
            "--exe, --game-dir and --api are for one game, and accounts of several are named",
            "say it in the configuration: `playcookie config edit`",
        ));
    }
    Ok(())
}
