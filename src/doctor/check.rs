//! One check: how it ended, what was found, and what mends it.

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::escaped;

/// The end of a hint that only a login needs.
const NOTHING_SENT: &str = "; nothing was sent";

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Nothing is wrong.
    Ok,
    /// Nothing is wrong, and something is worth knowing.
    Note,
    /// Something may go wrong.
    Warn,
    /// A game cannot be played, because of this.
    Fail(Reason),
}

impl Level {
    /// Returns the word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Fail(_) => "fail",
        }
    }
}

/// One check. Its texts are safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) level: Level,
    pub(crate) name: String,
    /// What was found.
    pub(crate) found: String,
    /// What mends it, for warnings and failures.
    pub(crate) fix: Option<String>,
}

impl Check {
    /// Whether another check found the same, whatever mends it.
    pub(super) fn says_same(&self, other: &Self) -> bool {
        (self.level, &self.name, &self.found) == (other.level, &other.name, &other.found)
    }

    pub(crate) fn ok(name: impl Into<String>, found: impl AsRef<str>) -> Self {
        Self::new(Level::Ok, name, found, None)
    }

    pub(crate) fn note(name: impl Into<String>, found: impl AsRef<str>) -> Self {
        Self::new(Level::Note, name, found, None)
    }

    pub(crate) fn warn(
        name: impl Into<String>,
        found: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) -> Self {
        Self::new(Level::Warn, name, found, Some(fix.as_ref()))
    }

    pub(crate) fn fail(name: impl Into<String>, failure: &Failure) -> Self {
        let level = Level::Fail(failure.reason);
        Self::new(level, name, &failure.message, Some(&failure.hint))
    }

    /// Returns the warning about a failure.
    pub(crate) fn warn_of(name: impl Into<String>, failure: &Failure) -> Self {
        Self::warn(name, &failure.message, &failure.hint)
    }

    /// Returns the check of this game or account.
    pub(crate) fn of(self, owner: &str) -> Self {
        let name = format!("{owner} {}", self.name);
        Self { name, ..self }
    }

    fn new(
        level: Level,
        name: impl Into<String>,
        found: impl AsRef<str>,
        fix: Option<&str>,
    ) -> Self {
        let fix = fix.map(|fix| escaped(fix.trim_end_matches(NOTHING_SENT)));
        Self {
            level,
            name: name.into(),
            found: escaped(found.as_ref()),
            fix,
        }
    }
}
