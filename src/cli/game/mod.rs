//! `playcookie <game>`: `play`, `login` and `exec`, which the games share.

mod options;
mod words;

use std::convert::Infallible;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::deferred::Deferred;
use super::districts::Districts;
use super::update::Update;
use super::usage;
use super::values::{Api, Span, Words, minutes};
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::config::name;
use crate::config::name::AccountNameError;
pub use words::{RunnerName, Shell};

/// A game, and what to do with it; `V` is what may be done with it.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct GameArguments<V: Subcommand = Verb> {
    /// Without a verb: play.
    #[command(flatten)]
    pub play: Play,
    /// The verb.
    #[command(subcommand)]
    pub verb: Option<V>,
}

/// What may be done with every game.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Log in and start the game; wait until it ends
    Play(Deferred<Play>),
    /// Log in and print the game's variables instead of starting it
    Login(Deferred<Login>),
    /// Log in and run a command with the game's variables in its environment
    Exec(Deferred<Exec>),
    /// Install the game, or bring its files up to date
    Update(Deferred<Update>),
    /// One table of districts (tlopo: oceans): who is playing where, and where invasions are
    Districts(Deferred<Districts>),
}

/// `play`.
#[derive(Debug, Args)]
pub struct Play {
    /// The account.
    #[command(flatten)]
    pub who: Who,
    /// Arguments for the game
    #[arg(last = true, value_name = "ARG")]
    pub arguments: Vec<OsString>,
    /// Where its answers come from.
    #[command(flatten)]
    pub answers: Answers,
    /// How long to wait, and for whom.
    #[command(flatten)]
    pub server: Server,
    /// How the game is started.
    #[command(flatten)]
    pub start: Start,
}

/// `login`.
#[derive(Debug, Args)]
pub struct Login {
    /// The account.
    #[command(flatten)]
    pub who: Who,
    /// Where its answers come from.
    #[command(flatten)]
    pub answers: Answers,
    /// How long to wait, and for whom.
    #[command(flatten)]
    pub server: Server,
    /// For whom the variables are written
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub format: Option<Shell>,
}

/// `exec`.
#[derive(Debug, Args)]
pub struct Exec {
    /// The account.
    #[command(flatten)]
    pub who: Who,
    /// The command, and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
    /// Where its answers come from.
    #[command(flatten)]
    pub answers: Answers,
    /// How long to wait, and for whom.
    #[command(flatten)]
    pub server: Server,
}

/// Which account.
#[derive(Debug, Default, Args)]
pub struct Who {
    /// Remembered accounts by name, or @GROUP [default: the only one, else ask]
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// The accounts of a group, as @GROUP
    #[arg(long, value_name = "GROUP", help_heading = "Account")]
    pub group: Vec<String>,
    /// The account.
    #[arg(
        help = "An account that is not remembered [env: PLAYCOOKIE_USERNAME]",
        short,
        long,
        value_name = "NAME",
        help_heading = "Account"
    )]
    pub username: Option<String>,
    /// Enter with the toon in this slot, 0 to 5 (ttcc)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=5), help_heading = "Account")]
    pub toon_slot: Option<u8>,
    /// Remember the account, and keep its password (ttcc: a token) in the system's secret store
    #[arg(
        long,
        value_name = "NAME",
        num_args = 0..=1,
        require_equals = true,
        value_parser = account_name,
        help_heading = "Account"
    )]
    pub save: Option<Option<String>>,
    /// Store nothing, and don't ask whether to
    #[arg(long, conflicts_with = "save", help_heading = "Account")]
    pub no_save: bool,
}

/// Where passwords and codes come from.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Account")]
pub struct Answers {
    /// Line 1 of standard input is the password; each further line answers one request for a code
    #[arg(long, conflicts_with = "password_command")]
    pub password_stdin: bool,
    /// A shell command whose first line of output is the password
    #[arg(long, value_name = "CMD")]
    pub password_command: Option<String>,
    /// The first code.
    #[arg(
        help = "Answers the first request for a code [env: PLAYCOOKIE_CODE]",
        long,
        value_name = "CODE",
        value_parser = secret,
        conflicts_with = "code_command"
    )]
    pub code: Option<Secret>,
    /// A shell command whose first line of output answers the first request for a code
    #[arg(long, value_name = "CMD")]
    pub code_command: Option<String>,
}

/// Whom to talk to, and for how long.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Server")]
pub struct Server {
    /// `current`, `documented`, a URL in place of the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
    /// When the game is closed or too busy, wait and try again [default: 60 minutes]
    #[arg(long, value_name = "MINUTES", num_args = 0..=1, require_equals = true, default_missing_value = "60",
          value_parser = minutes)]
    pub wait_for_server: Option<Span>,
    /// Leave the line after that long
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    pub queue_timeout: Option<Span>,
}

/// How the game is started.
#[derive(Debug, Default, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
#[command(next_help_heading = "Start")]
pub struct Start {
    /// The game's directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub game_dir: Option<PathBuf>,
    /// The game's program; alone, its folder is the game's directory
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub exe: Option<PathBuf>,
    /// What runs the game [default: auto]
    #[arg(long, value_name = "RUNNER")]
    pub runner: Option<RunnerName>,
    /// A command that goes in front of the game's, such as gamemoderun
    #[arg(long, value_name = "CMD")]
    pub wrapper: Option<Words>,
    /// Do not wait for the game to end; its output is discarded unless --log names a file
    #[arg(long)]
    pub detach: bool,
    /// Append the game's output to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log: Option<PathBuf>,
    /// Bring the game's files up to date first, and install the game where there is none [default: update what playcookie
    /// installed]
    #[arg(long, conflicts_with = "no_update")]
    pub update: bool,
    /// Don't bring the game's files up to date first
    #[arg(long)]
    pub no_update: bool,
    /// Show what would be started; send nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// A name for a new account.
fn account_name(text: &str) -> Result<String, AccountNameError> {
    name::check(text).map(|()| text.to_owned())
}

/// A value that is not shown, whoever looks at what was parsed.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is the one that clap calls"
)]
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

impl Verb {
    /// What clap cannot know.
    pub(super) fn check(&self, json: bool) -> Result<(), Failure> {
        match self {
            Self::Login(login) => login.check(json),
            Self::Play(_) | Self::Exec(_) | Self::Update(_) | Self::Districts(_) => Ok(()),
        }
    }
}

impl Play {
    /// `playcookie play` names accounts: it belongs to no game that could be asked for.
    pub(super) fn check_names(&self) -> Result<(), Failure> {
        let hint = "name them: `playcookie play NAME` or `playcookie play @GROUP`; `playcookie accounts list` shows them";
        if self.who.username.is_some() {
            return Err(usage::wrong(
                "--username needs a game, and play is for remembered accounts of any game",
                "put the game in front: `playcookie ttr --username NAME`",
            ));
        }
        if self.who.accounts.is_empty() && self.who.group.is_empty() {
            return Err(usage::wrong("no account is named", hint));
        }
        Ok(())
    }
}

impl Login {
    fn check(&self, json: bool) -> Result<(), Failure> {
        match self.format {
            Some(format) if json && format != Shell::Json => Err(usage::wrong(
                "--json cannot be used with a --format for a shell",
                "leave one of the two out",
            )),
            _ => Ok(()),
        }
    }
}
