//! Failures and how the program ends: the reason of a failure and its exit status.
//!
//! The exit statuses are those of `cli.md`. They follow sysexits(3), which the games do not use.

use crate::base::server_message::{ServerCode, ServerMessage};

/// Why the program failed. Scripts rely on the name and the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Wrong arguments, or an invalid value was typed.
    Usage,
    /// A file or manifest did not have the expected hash, or named a path outside the game's directory.
    Verification,
    /// A password or code is needed, and there is no terminal to ask at.
    InputNeeded,
    /// No connection, a TLS failure, a timeout.
    Network,
    /// The game is closed.
    Closed,
    /// The game's server failed.
    ServerError,
    /// A bug in this program.
    Internal,
    /// No game was found.
    GameMissing,
    /// The game was found and cannot be started.
    GameStart,
    /// A file could not be read or written.
    Io,
    /// Rate limited, too many players, or the position in the queue was lost.
    TryLater,
    /// The server's answer did not have the documented form.
    NotUnderstood,
    /// The server refused the name or the password.
    Credentials,
    /// The server refused the two-factor code.
    Code,
    /// The account is banned, disabled or unverified.
    Account,
    /// The login waits for an approval by e-mail.
    Approval,
    /// The stored token is no longer valid.
    SignedOut,
    /// The configuration cannot be read or is invalid.
    Configuration,
    /// There is no secret store, or it is locked.
    SecretStore,
}

impl Reason {
    /// All reasons, in the order of their exit statuses.
    pub const ALL: [Self; 19] = [
        Self::Usage,
        Self::Verification,
        Self::InputNeeded,
        Self::Network,
        Self::Closed,
        Self::ServerError,
        Self::Internal,
        Self::GameMissing,
        Self::GameStart,
        Self::Io,
        Self::TryLater,
        Self::NotUnderstood,
        Self::Credentials,
        Self::Code,
        Self::Account,
        Self::Approval,
        Self::SignedOut,
        Self::Configuration,
        Self::SecretStore,
    ];

    /// Returns the value of `reason` in an `error` event.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Verification => "verification",
            Self::InputNeeded => "input-needed",
            Self::Network => "network",
            Self::Closed => "closed",
            Self::ServerError => "server-error",
            Self::Internal => "internal",
            Self::GameMissing => "game-missing",
            Self::GameStart => "game-start",
            Self::Io => "io",
            Self::TryLater => "try-later",
            Self::NotUnderstood => "not-understood",
            Self::Credentials => "credentials",
            Self::Code => "code",
            Self::Account => "account",
            Self::Approval => "approval",
            Self::SignedOut => "signed-out",
            Self::Configuration => "configuration",
            Self::SecretStore => "secret-store",
        }
    }

    /// Returns the exit status, from 64 to 78.
    pub const fn status(self) -> u8 {
        match self {
            Self::Usage => 64,
            Self::Verification => 65,
            Self::InputNeeded => 66,
            Self::Network => 68,
            Self::Closed | Self::ServerError => 69,
            Self::Internal => 70,
            Self::GameMissing | Self::GameStart => 72,
            Self::Io => 74,
            Self::TryLater => 75,
            Self::NotUnderstood => 76,
            Self::Credentials | Self::Code | Self::Account | Self::Approval | Self::SignedOut => 77,
            Self::Configuration | Self::SecretStore => 78,
        }
    }

    /// Returns the description in the manual's exit-status table; errors have their own sentences (`failures/`).
    pub const fn manual_text(self) -> &'static str {
        match self {
            Self::Usage => "wrong arguments",
            Self::Verification => "a file or manifest failed verification",
            Self::InputNeeded => "a password or code is needed and nobody can be asked",
            Self::Network => "no connection, TLS failure, timeout",
            Self::Closed => "the game is closed",
            Self::ServerError => "the game's server failed",
            Self::Internal => "a bug in playcookie",
            Self::GameMissing => "no game found",
            Self::GameStart => "the game cannot be started",
            Self::Io => "a file cannot be read or written",
            Self::TryLater => "rate limited, too many players, queue position lost",
            Self::NotUnderstood => "the server's answer did not have the expected form",
            Self::Credentials => "the name or the password was refused",
            Self::Code => "the two-factor code was refused",
            Self::Account => "the account is banned, disabled or unverified",
            Self::Approval => "approve by e-mail, then run again",
            Self::SignedOut => "the stored token is no longer valid",
            Self::Configuration => "the configuration cannot be read",
            Self::SecretStore => "no secret store, or it is locked",
        }
    }
}

/// A failure as it is shown: a sentence, a hint, and a reason that determines the exit status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Why the program failed.
    pub reason: Reason,
    /// One sentence that says what happened and to which account. Contains no secret.
    pub message: String,
    /// One imperative sentence that says what to do.
    pub hint: String,
    /// The server's own number or word for what happened.
    pub code: Option<ServerCode>,
}

impl Failure {
    /// Creates a failure.
    pub fn new(reason: Reason, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            hint: hint.into(),
            code: None,
        }
    }

    /// Returns the same failure with the code of a server's message.
    #[must_use]
    pub fn with_code(self, message: Option<&ServerMessage>) -> Self {
        let code = message.and_then(ServerMessage::code).cloned();
        Self { code, ..self }
    }

    /// Creates a failure because of wrong arguments.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Reason::Usage, message, hint)
    }

    /// Creates a failure because of a bug in this program.
    pub fn bug(what: &str) -> Self {
        let hint = concat!(
            "please report this at ",
            env!("CARGO_PKG_REPOSITORY"),
            "/issues"
        );
        let message = format!("a bug in playcookie: {what}");
        Self::new(Reason::Internal, message, hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Reason::ALL.iter().map(|reason| reason.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Reason::ALL.len());
    }

    #[test]
    fn statuses_are_in_the_range_of_sysexits() {
        assert!(
            Reason::ALL
                .iter()
                .all(|reason| (64..=78).contains(&reason.status()))
        );
    }
}
