//! What is started for one account: known before anything is sent.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::hooks::Hooks;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::escaped;
use crate::config::options::GameLog;
use crate::context::Context;
use crate::failures::input_needed;
use crate::games::Game;
use crate::launch::command::{LaunchCommand, Output, RunnerLimit};
use crate::launch::find::{InstalledGame, expected, find};
use crate::launch::game_command;
use crate::launch::runner::proton;
use crate::launch::search_paths::SearchPaths;
use crate::terminal::Stream;
use crate::terminal::event::EventKind;
use crate::update::game::{GameFiles, directory_of};

/// The part of a log's name that stands for the account.
const ACCOUNT: &str = "{account}";

/// The variables that make a runner write out all variables.
pub(crate) const REVEALING: [&str; 3] = ["UMU_LOG", "PROTON_LOG", "LUTRIS_DEBUG_ENV"];

/// How the programs of one command are started.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
pub struct LaunchOptions {
    /// The arguments of the game.
    pub arguments: Vec<OsString>,
    /// Do not wait until the game ends.
    pub detach: bool,
    /// Show what would be started, and start nothing.
    pub dry_run: bool,
    /// `--update` was typed.
    pub update: bool,
    /// Let a bottle pass the game's variables on.
    pub allow_bottle: bool,
    /// Standard input holds the password, so the game does not read it.
    pub password_stdin: bool,
}

/// A program that is started, with its hooks and files.
#[derive(Debug)]
pub(crate) struct LaunchPlan {
    pub(crate) command: LaunchCommand,
    pub(crate) hooks: Hooks,
    /// The files of the game; nothing when no game is started.
    pub(crate) files: Option<GameFiles>,
}

impl LaunchPlan {
    /// Finds the game of a target. A missing game is planned for where it will be installed, if an update is wanted.
    ///
    /// # Errors
    /// When the game, its runner or its wrapper is missing, or its log cannot be written.
    pub(crate) fn find(
        context: &Context,
        target: &LoginTarget,
        options: &LaunchOptions,
    ) -> Result<Self, Failure> {
        let game = target.game_id.game();
        let paths = SearchPaths::from_environment();
        let found = find(game, &target.options.find_options(), &paths);
        for warning in paths.warnings.take() {
            context.terminal.warn(&warning);
        }
        match found {
            Ok(found) => {
                context.terminal.detail(1, || {
                    format!(
                        "{} found at {}",
                        game.name,
                        escaped(&found.program.to_string_lossy())
                    )
                });
                if found.is_writable_by_everyone() {
                    context.terminal.warn(&format!(
                        "every user of this computer may change {}: `chmod -R o-w` on its folder ends that",
                        escaped(&found.program.to_string_lossy())
                    ));
                }
                let plan = Self::of_game(context, target, options, &found)?;
                if !options.dry_run {
                    game_command::make_executable(game, &found)?;
                }
                Ok(plan)
            }
            Err(missing) if missing.reason == Reason::GameMissing => {
                Self::to_be_installed(context, target, options, missing)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Plans for a game that an update installs first.
    fn to_be_installed(
        context: &Context,
        target: &LoginTarget,
        options: &LaunchOptions,
        missing: Failure,
    ) -> Result<Self, Failure> {
        // An update does not install a program that --exe names.
        let is_installed = target.options.update == Some(true) && target.options.exe.is_none();
        if is_installed && options.dry_run {
            let game = target.game_id.game().id;
            return Err(Failure {
                hint: format!(
                    "install it with `playcookie {game} update`, or leave --dry-run out, which installs nothing"
                ),
                ..missing
            });
        }
        if !is_installed {
            return Err(missing);
        }
        let find_options = target.options.find_options();
        let (game, directory) = (target.game_id.game(), directory_of(target)?);
        let Some(found) = expected(game, &directory, find_options.runner) else {
            return Err(missing);
        };
        let found = found.with_prefix(&find_options, &SearchPaths::from_environment())?;
        let mut plan = Self::of_game(context, target, options, &found)?;
        if let Some(files) = &mut plan.files {
            files.missing = Some(missing);
        }
        Ok(plan)
    }

    fn of_game(
        context: &Context,
        target: &LoginTarget,
        options: &LaunchOptions,
        found: &InstalledGame,
    ) -> Result<Self, Failure> {
        let wrapper = target.options.wrapper.as_deref().unwrap_or_default();
        let configured = target.options.args.iter().flatten().map(OsString::from);
        let arguments: Vec<_> = configured.chain(options.arguments.clone()).collect();
        let paths = SearchPaths::from_environment();
        check_variables(target, options, found, &paths)?;
        let mut command = game_command::command(found, wrapper, &arguments, &paths)?;
        if command.limits.contains(&RunnerLimit::DiesWithParent) {
            check_flatpak(context, options, wrapper)?;
        }
        // They make runners write the play cookie to the output, which only --log keeps to this user.
        let is_kept = target.options.log.is_some();
        command.environment.retain(|(name, _)| !is_revealing(name));
        if !is_kept {
            command.removed_variables.extend(REVEALING);
        }
        let variables = target.options.env.iter();
        let variables = variables.filter(|(name, _)| is_kept || !is_revealing(name));
        let variables = variables.map(|(name, value)| (name.clone(), value.into()));
        command.environment.extend(variables);
        proton::choose_verb(&mut command);
        Ok(Self {
            files: Some(GameFiles::new(context, target, found, options.update)),
            ..Self::of_command(context, target, options, command)?
        })
    }

    /// Plans for a command that was found already.
    ///
    /// # Errors
    /// When its log has no name, or cannot be written.
    pub(crate) fn of_command(
        context: &Context,
        target: &LoginTarget,
        options: &LaunchOptions,
        mut command: LaunchCommand,
    ) -> Result<Self, Failure> {
        command.detached = options.detach;
        command.input = !options.password_stdin && !options.detach;
        command.output = match &target.options.log {
            Some(GameLog::File(file)) => Output::File(log_file(file, target)?),
            // Nothing is written.
            Some(GameLog::EachRun) if options.dry_run => Output::Discarded,
            Some(GameLog::EachRun) => Output::File(new_log(context, target)?),
            _ if options.detach => Output::Discarded,
            _ if context.terminal.json() == Some(Stream::Output) => Output::Error,
            _ => Output::Inherited,
        };
        // A log of each run is created by the start.
        if !options.dry_run && target.options.log != Some(GameLog::EachRun) {
            command.output.check()?;
        }
        Ok(Self {
            hooks: Hooks::new(context, target, &command),
            command,
            files: None,
        })
    }

    /// Returns the same plan for one of several games: in a process group of its own, without standard input, and with a label
    /// before its lines where the games share a terminal.
    pub(crate) fn into_one_of_several(mut self, label: String) -> Self {
        if self.command.output == Output::Inherited {
            self.command.output = Output::Labelled(label);
        }
        self.command.own_group = true;
        self.command.input = false;
        self.hooks.close_input();
        self
    }

    /// Prints what would be started, with every value masked.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn print(&self, context: &Context, target: &LoginTarget) -> Result<(), Failure> {
        let variables = target.game_id.game().api(target.interface()).variables;
        let own = self.command.environment.iter().map(|(name, _)| name);
        let own = own.filter(|name| !variables.contains(&name.as_str()));
        let slot = target.game_id.game().toon_slot_variable;
        let slot = slot.filter(|_| target.options.toon_slot.is_some());
        let game = variables.iter().copied().chain(slot).map(ToOwned::to_owned);
        let planned = EventKind::Planned {
            command: self.command.words(),
            directory: self.command.working_directory(),
            variables: own.cloned().chain(game).collect(),
        };
        let event = target.subject().event(planned);
        context.terminal.event_as_result(&event)
    }
}

/// Checks what a game that Flatpak runs cannot be started with.
///
/// # Errors
/// [`Reason::Usage`] when it is to be detached.
fn check_flatpak(
    context: &Context,
    options: &LaunchOptions,
    wrapper: &[String],
) -> Result<(), Failure> {
    let has_no_effect = |word: &&String| ["gamemoderun", "mangohud"].contains(&word.as_str());
    for word in wrapper.iter().filter(has_no_effect) {
        let warning =
            format!("{word} has no effect on a game that Flatpak runs: turn it on in Bottles");
        context.terminal.warn(&warning);
    }
    if options.detach {
        return Err(Failure::usage(
            "--detach cannot be used with Bottles of Flatpak, whose games end when playcookie ends",
            "leave --detach out",
        ));
    }
    Ok(())
}

/// Whether a variable makes a runner write out all variables.
fn is_revealing(name: &str) -> bool {
    REVEALING.contains(&name)
}

/// Checks that the game will get its variables.
///
/// # Errors
/// [`Reason::GameStart`] when a bottle does not pass them on, and `--allow-bottle` was not typed.
fn check_variables(
    target: &LoginTarget,
    options: &LaunchOptions,
    found: &InstalledGame,
    paths: &SearchPaths,
) -> Result<(), Failure> {
    let Some(prefix) = &found.prefix else {
        return Ok(());
    };
    let game = target.game_id.game();
    let withheld = prefix.withheld_variables(game.variables, paths)?;
    if withheld.is_empty() || (options.allow_bottle && options.dry_run) {
        return Ok(());
    }
    if options.allow_bottle {
        return prefix.allow_variables(game.variables, paths);
    }
    Err(not_passed_on(game, &withheld))
}

/// Returns the failure for variables that a bottle does not pass on.
pub(crate) fn not_passed_on(game: &Game, withheld: &[&str]) -> Failure {
    let names = withheld.join(", ");
    Failure::new(
        Reason::GameStart,
        format!(
            "the bottle of {} does not pass these variables on to the game: {names}",
            game.name
        ),
        "start it once with --allow-bottle, which adds them to Inherited_Environment_Variables in its bottle.yml and keeps a copy",
    )
}

/// Returns the log with the account in place of `{account}`.
fn log_file(file: &Path, target: &LoginTarget) -> Result<PathBuf, Failure> {
    let Some(name) = file.to_str().filter(|name| name.contains(ACCOUNT)) else {
        return Ok(file.to_owned());
    };
    let known = target.account.as_ref().map(|account| &account.name);
    let account = known.or(target.username.as_ref()).ok_or_else(|| {
        input_needed(
            "an account for the name of the log",
            "name it with --username NAME",
        )
    })?;
    Ok(name.replace(ACCOUNT, &file_name(account)).into())
}

/// Returns a name without characters that a file name cannot have.
fn file_name(name: &str) -> String {
    let plain = |character: char| {
        if character.is_alphanumeric() || "._-@".contains(character) {
            character
        } else {
            '_'
        }
    };
    name.chars().map(plain).collect()
}

/// Returns the path of a new log of the account in the state directory.
fn new_log(context: &Context, target: &LoginTarget) -> Result<PathBuf, Failure> {
    let log = context.state.new_log(&log_folder(target));
    log.map_err(|error| {
        Failure::new(
            Reason::Io,
            format!(
                "a log of {} cannot be created: {error}",
                target.subject().label()
            ),
            "name a file with --log FILE",
        )
    })
}

/// Returns the name of the folder for the logs of an account. The username is part of it, which stays when the account is
/// renamed.
pub(crate) fn log_folder(target: &LoginTarget) -> String {
    let username = target.username.as_deref().unwrap_or_default();
    let start: String = username.chars().take(64).collect();
    file_name(&format!("{}-{start}", target.game_id.game().id))
}

/// Returns whether a log would be shared by several accounts.
pub(super) fn is_shared_log(target: &LoginTarget) -> bool {
    match &target.options.log {
        Some(GameLog::File(log)) => !log.to_string_lossy().contains(ACCOUNT),
        _ => false,
    }
}
