//! What every command is given, and what it gives back when it fails.

use std::env::VarError;
use std::ffi::OsString;

use super::password::is_plain;
use crate::cli::game::Who;
use crate::cli::usage;
use crate::event::Subject;
use crate::exit::Failure;
use crate::game::Game;
use crate::http::Limits;
use crate::secret::Secret;
use crate::terminal::Terminal;

/// What every command is given.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) terminal: Terminal,
    pub(super) limits: Limits,
    pub(super) environment: Environment,
    /// The words that were typed, to name one by its place.
    pub(super) arguments: Vec<OsString>,
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
    /// The name that was typed, if it was and makes sense.
    pub(super) fn username(&self, who: &Who) -> Option<String> {
        let typed = who.username.as_ref().or(self.environment.username.as_ref());
        typed.filter(|name| is_plain(name)).cloned()
    }

    /// Whom events are about, as far as it is known before anybody was asked.
    pub(super) fn subject(&self, game: &'static Game, who: &Who) -> Subject {
        Subject {
            game: Some(game.into()),
            account: None,
            username: self.username(who),
        }
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
