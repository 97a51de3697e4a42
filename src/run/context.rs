//! What every command is given, and what it gives back when it fails.

use std::env::VarError;
use std::ffi::OsString;

use crate::accounts::Configuration;
use crate::accounts::file::{ConfigFile, Draft};
use crate::aside;
use crate::cli::config::Verb;
use crate::cli::{Cli, Command, accounts, usage};
use crate::event::Subject;
use crate::exit::{Failure, Reason};
use crate::http::Limits;
use crate::secret::Secret;
use crate::signals::Signal;
use crate::terminal::Terminal;

/// What every command is given.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) terminal: Terminal,
    pub(super) limits: Limits,
    pub(super) environment: Environment,
    /// Where the configuration is.
    pub(super) file: ConfigFile,
    /// What it says; nothing for commands that need none.
    pub(super) configuration: Configuration,
    /// The words that were typed, to name one by its place.
    pub(super) arguments: Vec<OsString>,
}

/// What a command finds before it begins.
pub(super) struct Surroundings {
    pub(super) environment: Environment,
    pub(super) file: ConfigFile,
    pub(super) configuration: Configuration,
}

impl Surroundings {
    /// Reads what the command needs, and nothing else.
    ///
    /// # Errors
    /// When a variable is no text, or the configuration cannot be read.
    pub(super) fn of(cli: &Cli) -> Result<Self, Failure> {
        let environment = match &cli.command {
            Command::Ttr(_) | Command::Ttcc(_) | Command::Tlopo(_) | Command::Play(_) => {
                Environment::here()?
            }
            _ => Environment::default(),
        };
        let named = std::env::var_os("PLAYCOOKIE_CONFIG").filter(|path| !path.is_empty());
        let file = ConfigFile::of(cli.everywhere.config.clone().or(named.map(Into::into)));
        let configuration = match &cli.command {
            Command::Rehearse(_) | Command::Completions { .. } | Command::Man { .. } => None,
            Command::Config(config) if config.verb != Verb::Show => None,
            // What adds the first account makes the file.
            Command::Accounts(accounts) if matches!(accounts.verb, accounts::Verb::Add(_)) => {
                Some(file.load_or_new()?)
            }
            _ => Some(file.load()?),
        };
        Ok(Self {
            environment,
            file,
            configuration: configuration.unwrap_or_default(),
        })
    }
}

/// What the player put into this program's own variables. A rehearsal sees none of it.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub(super) username: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) code: Option<Secret>,
}

impl Environment {
    pub(super) fn here() -> Result<Self, Failure> {
        let variable = |name| match std::env::var(name) {
            Ok(value) if !value.is_empty() => Ok(Some(value)),
            Err(VarError::NotUnicode(_)) => Err(usage::wrong(
                format!("the value of {name} is not UTF-8"),
                "set it to plain text, or unset it",
            )),
            _ => Ok(None),
        };
        Ok(Self {
            username: variable("PLAYCOOKIE_USERNAME")?,
            password: variable("PLAYCOOKIE_PASSWORD")?.map(Secret::new),
            code: variable("PLAYCOOKIE_CODE")?.map(Secret::new),
        })
    }
}

impl Context {
    /// Begins to change the configuration, once nobody else does.
    ///
    /// # Errors
    /// When others take too long, or when it is not understood.
    pub(super) async fn draft(&self) -> Result<Draft, Failure> {
        let file = self.file.clone();
        let draft = aside::on_a_thread(move || file.draft()).await;
        draft.unwrap_or_else(|| {
            Err(Failure::new(
                Reason::Io,
                "the configuration could not be changed",
                "close a few programs, then run it again",
            ))
        })
    }
}

/// Why a command that changes something did not do it.
#[derive(Debug)]
pub(super) enum Stop {
    Failure(Failure),
    Trouble(Trouble),
    Signal(Signal),
}

impl Stop {
    /// The same, with whom it happened to.
    pub(super) fn about(self, subject: &Subject) -> Self {
        match self {
            Self::Failure(failure) => Self::Trouble(Trouble::new(subject.clone(), failure)),
            other => other,
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// A failure, and whom it happened to.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub(super) struct Trouble {
    pub(super) subject: Box<Subject>,
    pub(super) failure: Failure,
}

impl Trouble {
    pub(super) fn new(subject: Subject, failure: Failure) -> Self {
        Self {
            subject: Box::new(subject),
            failure,
        }
    }
}
