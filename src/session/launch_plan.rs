//! What would be started for one who logs in: known before anything is sent.

use std::path::{Path, PathBuf};

use super::hooks::Hooks;
use crate::auth::password::nobody;
use crate::auth::target::Entrant;
use crate::base::failure::{Failure, Reason};
use crate::cli::game::{Play, Server, Who};
use crate::cli::usage::wrong;
use crate::config::options::Options;
use crate::context::Context;
use crate::launch::command;
use crate::launch::command::{Output, Start};
use crate::launch::find::{Found, Wish, expected, find};
use crate::launch::places::Places;
use crate::state::State;
use crate::terminal::Stream;
use crate::update::game::files;
use crate::update::game::files::Files;

/// What in the name of a log stands for the account.
const ACCOUNT: &str = "{account}";

/// A start, and what goes around it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) start: Start,
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
        ..typed_about(&play.who, &play.server)
    }
}

/// The same for a command that starts none.
pub(crate) fn typed_about(who: &Who, server: &Server) -> Options {
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
    entrant: &Entrant,
    play: &Play,
    state: &State,
) -> Result<Plan, Failure> {
    let missing = match plan_found(context, entrant, play, state) {
        Err(failure) if failure.reason == Reason::GameMissing => failure,
        outcome => return outcome,
    };
    let options = &entrant.options;
    // What a program that was named should come from is not known.
    let is_wanted = options.update == Some(true) && options.exe.is_none() && !play.start.dry_run;
    if !is_wanted {
        return Err(missing);
    }
    let runner = options.runner.unwrap_or_default();
    let directory = files::place(entrant)?;
    let found = expected(entrant.title.game(), &directory, runner).ok_or(missing)?;
    let files = Files::of(entrant, play, &found, state);
    started(context, entrant, play, &found, files.missing())
}

/// The same for a game that is there.
///
/// # Errors
/// As [`plan`].
pub(crate) fn plan_found(
    context: &Context,
    entrant: &Entrant,
    play: &Play,
    state: &State,
) -> Result<Plan, Failure> {
    let game = entrant.title.game();
    let options = &entrant.options;
    let wish = Wish {
        game_dir: options.game_dir.clone(),
        exe: options.exe.clone(),
        runner: options.runner.unwrap_or_default(),
    };
    let found = find(game, &wish, &Places::here())?;
    context.terminal.detail(1, || {
        format!("{} found at {}", game.name, found.program.display())
    });
    let files = Files::of(entrant, play, &found, state);
    let planned = started(context, entrant, play, &found, files)?;
    if !play.start.dry_run {
        command::make_executable(game, &found)?;
    }
    Ok(planned)
}

/// The start of a game that is somewhere, or will be.
fn started(
    context: &Context,
    entrant: &Entrant,
    play: &Play,
    found: &Found,
    files: Files,
) -> Result<Plan, Failure> {
    let wrapper = entrant.options.wrapper.as_deref().unwrap_or_default();
    let start = command::game(entrant.title.game(), found, wrapper, &play.arguments)?;
    let planned = complete(context, entrant, play, start)?;
    Ok(Plan {
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
    entrant: &Entrant,
    play: &Play,
    mut start: Start,
) -> Result<Plan, Failure> {
    start.detached = play.start.detach;
    start.input = !play.answers.password_stdin && !start.detached;
    start.output = output(context, entrant, play)?;
    if !play.start.dry_run {
        start.output.check()?;
    }
    let hooks = Hooks::of(context, entrant, &start);
    Ok(Plan {
        start,
        hooks,
        files: None,
    })
}

fn output(context: &Context, entrant: &Entrant, play: &Play) -> Result<Output, Failure> {
    Ok(match &entrant.options.log {
        Some(file) => Output::File(named(file, entrant)?),
        None if play.start.detach => Output::Discarded,
        None if context.terminal.json() == Some(Stream::Output) => Output::Error,
        None => Output::Inherited,
    })
}

/// The log with the account in place of `{account}`.
fn named(file: &Path, entrant: &Entrant) -> Result<PathBuf, Failure> {
    let Some(name) = file.to_str().filter(|name| name.contains(ACCOUNT)) else {
        return Ok(file.to_owned());
    };
    let known = entrant.account.as_ref().map(|account| &account.name);
    let account = known.or(entrant.username.as_ref()).ok_or_else(|| {
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
pub(crate) fn check_several(play: &Play, entrants: &[Entrant]) -> Result<(), Failure> {
    let one = |option: &str, hint: &str| {
        Err(wrong(
            format!("{option} is for one account, and several are named"),
            hint,
        ))
    };
    let mut titles = entrants.iter().map(|entrant| entrant.title);
    let first = titles.next();
    let are_mixed = titles.any(|title| Some(title) != first);
    let shared = |log: &PathBuf| !log.to_string_lossy().contains(ACCOUNT);
    if play.answers.password_stdin {
        return one(
            "--password-stdin",
            "keep the passwords with `playcookie accounts edit NAME`, or name one account at a time",
        );
    }
    if play.answers.code.is_some() || play.answers.code_command.is_some() {
        return one(
            "a code",
            "keep the code secrets with `playcookie accounts edit NAME --totp-stdin`",
        );
    }
    if entrants
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
