//! What every command is given, and what it gives back when it fails.

use std::env::VarError;

use crate::base::blocking;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::base::signals::Signal;
use crate::cli::config::Verb;
use crate::cli::{Cli, Command, accounts, usage};
use crate::config::Configuration;
use crate::config::file::{ConfigFile, ConfigurationEdit};
use crate::http::Limits;
use crate::terminal::Terminal;
use crate::terminal::event::Subject;

/// What every command is given.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) terminal: Terminal,
    pub(crate) limits: Limits,
    pub(crate) environment: Environment,
    /// Where the configuration is.
    pub(crate) file: ConfigFile,
    /// What it says; nothing for commands that need none.
    pub(crate) configuration: Configuration,
}

/// What a command finds before it begins.
pub(crate) struct Surroundings {
    pub(crate) environment: Environment,
    pub(crate) file: ConfigFile,
    pub(crate) configuration: Configuration,
}

impl Surroundings {
    /// Reads what the command needs, and nothing else.
    ///
    /// # Errors
    /// When a variable is no text, or the configuration cannot be read.
    pub(crate) fn of(cli: &Cli) -> Result<Self, Failure> {
        let environment = match &cli.command {
            Command::Ttr(_) | Command::Ttcc(_) | Command::Tlopo(_) | Command::Play(_) => {
                Environment::here()?
            }
            _ => Environment::default(),
        };
        let named = std::env::var_os("PLAYCOOKIE_CONFIG").filter(|path| !path.is_empty());
        let file = ConfigFile::of(cli.global.config.clone().or(named.map(Into::into)));
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
pub(crate) struct Environment {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) code: Option<Secret>,
}

impl Environment {
    pub(crate) fn here() -> Result<Self, Failure> {
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
    pub(crate) async fn draft(&self) -> Result<ConfigurationEdit, Failure> {
        let file = self.file.clone();
        let draft = blocking::on_a_thread(move || file.draft()).await;
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
pub(crate) enum Stop {
    Failure(Failure),
    RunError(RunError),
    Signal(Signal),
}

impl Stop {
    /// The same, with whom it happened to.
    pub(crate) fn about(self, subject: &Subject) -> Self {
        match self {
            Self::Failure(failure) => Self::RunError(RunError::new(subject.clone(), failure)),
            other => other,
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<RunError> for Stop {
    fn from(trouble: RunError) -> Self {
        Self::RunError(trouble)
    }
}

/// A failure, and whom it happened to.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub(crate) struct RunError {
    pub(crate) subject: Box<Subject>,
    pub(crate) failure: Failure,
}

impl RunError {
    pub(crate) fn new(subject: Subject, failure: Failure) -> Self {
        Self {
            subject: Box::new(subject),
            failure,
        }
    }
}
