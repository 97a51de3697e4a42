//! `playcookie <game>`: the verbs that all games have, and the arguments of `play`, `login` and `exec`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::deferred::Deferred;
use super::districts::Districts;
use super::options::{AccountOptions, CredentialOptions, ServerOptions};
use super::update::{GamePath, Uninstall, Update};
use super::values::{FormatName, Runner, WrapperCommand};
use crate::auth::login_options::LoginOptions;
use crate::base::failure::Failure;
use crate::config::options::{GameLog, Options};
use crate::session::launch_plan::LaunchOptions;

/// The arguments of a game: one of its verbs `V`, or the options of `play`.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct GameArguments<V: Subcommand = Verb> {
    /// The arguments of `play`, when there is no verb.
    #[command(flatten)]
    pub play: Play,
    /// The verb.
    #[command(subcommand)]
    pub verb: Option<V>,
}

/// The verbs that every game has.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Log in and start the game; wait until it ends
    Play(Deferred<Play>),
    /// Log in and print the game's variables instead of starting it
    Login(Deferred<Login>),
    /// Log in and run a command with the game's variables
    Exec(Deferred<Exec>),
    /// Install the game, or update its files (also: install)
    #[command(alias = "install")]
    Update(Deferred<Update>),
    /// Read every file again, and replace damaged ones
    Verify(Deferred<Update>),
    /// Remove what playcookie installed
    Uninstall(Deferred<Uninstall>),
    /// Print the game's directory
    Path(Deferred<GamePath>),
    /// List every install of the game that is found, and what runs it
    Installs(Deferred<GamePath>),
    /// Show the districts (tlopo: oceans) and invasions
    Districts(Deferred<Districts>),
}

/// The arguments of `play`.
#[derive(Debug, Args)]
pub struct Play {
    /// Which accounts.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Arguments for the game
    #[arg(last = true, value_name = "ARG", hide_short_help = true)]
    pub arguments: Vec<OsString>,
    /// Where the password and the codes come from.
    #[command(flatten)]
    pub credentials: CredentialOptions,
    /// Which server is used, and how long to wait for it.
    #[command(flatten)]
    pub server: ServerOptions,
    /// How the game is started.
    #[command(flatten)]
    pub start: StartOptions,
}

/// The arguments of `login`.
#[derive(Debug, Args)]
pub struct Login {
    /// Which accounts.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Where the password and the codes come from.
    #[command(flatten)]
    pub credentials: CredentialOptions,
    /// Which server is used, and how long to wait for it.
    #[command(flatten)]
    pub server: ServerOptions,
    /// How the variables are written
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub format: Option<FormatName>,
}

/// The arguments of `exec`.
#[derive(Debug, Args)]
pub struct Exec {
    /// Which accounts.
    #[command(flatten)]
    pub account: AccountOptions,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
    /// Where the password and the codes come from.
    #[command(flatten)]
    pub credentials: CredentialOptions,
    /// Which server is used, and how long to wait for it.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// How the game is started.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
#[command(next_help_heading = "Start")]
pub struct StartOptions {
    /// The game's directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, hide_short_help = true)]
    pub game_dir: Option<PathBuf>,
    /// The game's program; alone, its folder is the game's directory
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub exe: Option<PathBuf>,
    /// What runs the game [default: auto]
    #[arg(long, value_name = "RUNNER", hide_short_help = true)]
    pub runner: Option<Runner>,
    /// The Wine prefix in which the game is looked for, and runs
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, hide_short_help = true)]
    pub prefix: Option<PathBuf>,
    /// The Wine that runs the game, instead of its prefix's own
    #[arg(long, value_name = "PROGRAM", value_hint = ValueHint::ExecutablePath, hide_short_help = true)]
    pub wine: Option<PathBuf>,
    /// The Proton that runs the game, by name or folder
    #[arg(
        long,
        value_name = "NAME|DIR",
        conflicts_with = "wine",
        hide_short_help = true
    )]
    pub proton: Option<PathBuf>,
    /// Let a bottle pass the game's variables on: adds their names to its bottle.yml, and keeps a copy
    #[arg(long, hide_short_help = true)]
    pub allow_bottle: bool,
    /// A command that runs the game's command, such as gamemoderun
    #[arg(long, value_name = "CMD", hide_short_help = true)]
    pub wrapper: Option<WrapperCommand>,
    /// Do not wait for the game to end; its output is discarded unless --log names a file
    #[arg(long, hide_short_help = true)]
    pub detach: bool,
    /// Append the game's output to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub log: Option<PathBuf>,
    /// Update the game's files first, or install the game [default: update what playcookie installed]
    #[arg(long, conflicts_with = "no_update", hide_short_help = true)]
    pub update: bool,
    /// Don't update the game's files first
    #[arg(long, hide_short_help = true)]
    pub no_update: bool,
    /// Show a desktop notification (notify-send), else ring the bell, when a wait in the queue ends and when the game has started
    #[arg(long, hide_short_help = true)]
    pub notify: bool,
    /// Show what would be started; send nothing
    #[arg(long, hide_short_help = true)]
    pub dry_run: bool,
}

impl Verb {
    /// Checks what clap cannot check.
    pub(super) fn check(&self, json: bool) -> Result<(), Failure> {
        match self {
            Self::Login(login) => login.check(json),
            Self::Play(_)
            | Self::Exec(_)
            | Self::Update(_)
            | Self::Verify(_)
            | Self::Uninstall(_)
            | Self::Path(_)
            | Self::Installs(_)
            | Self::Districts(_) => Ok(()),
        }
    }
}

impl Play {
    /// Returns the options that override the configuration of every account.
    pub fn overrides(&self) -> Options {
        let start = &self.start;
        Options {
            game_dir: start.game_dir.clone(),
            exe: start.exe.clone(),
            runner: start.runner,
            prefix: start.prefix.clone(),
            wine: start.wine.clone(),
            proton: start.proton.clone(),
            wrapper: start.wrapper.as_ref().map(|words| words.0.clone()),
            log: start.log.clone().map(GameLog::File),
            update: (start.update || start.no_update).then_some(start.update),
            ..self.account.overrides(&self.server)
        }
    }

    /// Returns the options of the logins.
    pub fn login_options(&self) -> LoginOptions {
        LoginOptions {
            notify: self.start.notify,
            ..self.account.login_options(&self.credentials, &self.server)
        }
    }

    /// Returns how the games are started.
    pub fn launch_options(&self) -> LaunchOptions {
        LaunchOptions {
            arguments: self.arguments.clone(),
            detach: self.start.detach,
            dry_run: self.start.dry_run,
            update: self.start.update,
            allow_bottle: self.start.allow_bottle,
            password_stdin: self.credentials.password_stdin,
        }
    }

    /// Returns whether an option is for one game only.
    pub fn names_one_game(&self) -> bool {
        let start = &self.start;
        start.exe.is_some()
            || start.game_dir.is_some()
            || start.prefix.is_some()
            || self.server.api.is_some()
    }
}

impl Play {
    /// Checks the arguments of `playcookie play`, which has no game and so needs the name of an account.
    pub(super) fn check_names(&self) -> Result<(), Failure> {
        let hint = "name them: `playcookie play NAME` or `playcookie play @GROUP`; see `playcookie accounts list`";
        if self.account.username.is_some() {
            return Err(Failure::usage(
                "--username needs a game, and play takes remembered accounts of any game",
                "put the game in front: `playcookie ttr --username NAME`",
            ));
        }
        if self.account.accounts.is_empty() && self.account.group.is_empty() {
            return Err(Failure::usage("no account is named", hint));
        }
        Ok(())
    }
}

impl Login {
    fn check(&self, json: bool) -> Result<(), Failure> {
        match self.format {
            Some(format) if json && format != FormatName::Json => Err(Failure::usage(
                "--json cannot be used with a --format for a shell",
                "leave one of the two out",
            )),
            _ => Ok(()),
        }
    }
}
