//! What every command is given, and what it gives back when it fails.

use std::env::VarError;
use std::ffi::OsString;

use crate::accounts::Configuration;
use crate::accounts::file::ConfigFile;
use crate::cli::config::Verb;
use crate::cli::{Cli, Command, usage};
use crate::event::Subject;
use crate::exit::Failure;
use crate::http::Limits;
use crate::secret::Secret;
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
            Command::Accounts(_) => Some(file.load_or_new()?),
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
