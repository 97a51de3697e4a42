//! How the program ends: the reason of a failure, and the exit status that belongs to it.
//!
//! The table is that of `cli.md`, after sysexits(3), which games do not use for themselves.

/// Why the program could not do what it was asked to. Scripts read the name and the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Wrong arguments, or a value typed that cannot be used.
    Usage,
    /// A file or manifest was not the promised one, or named a path outside the game.
    Verification,
    /// A password or code is needed and nobody can be asked.
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
    /// Rate limited, too many players, or the place in line was lost.
    TryLater,
    /// The answer was not what the interface promises.
    NotUnderstood,
    /// The server refused the name or the password.
    Credentials,
    /// The server refused the two-factor code.
    Code,
    /// The account is banned, disabled or unverified.
    Account,
    /// The login waits for an approval by e-mail.
    Approval,
    /// The stored token is no longer good.
    SignedOut,
    /// The configuration cannot be read.
    Configuration,
    /// There is no secret store, or it is locked.
    SecretStore,
}

impl Reason {
    /// Every reason, in the order of the table.
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

    /// The word in `reason` of an `error` event.
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

    /// The exit status, 64 to 78.
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

    /// When it happens, in the words of the exit-status table.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Usage => "wrong arguments",
            Self::Verification => "a file was not the promised one",
            Self::InputNeeded => "a password or code is needed and nobody can be asked",
            Self::Network => "no connection, TLS failure, timeout",
            Self::Closed => "the game is closed",
            Self::ServerError => "the game's server failed",
            Self::Internal => "a bug in playcookie",
            Self::GameMissing => "no game found",
            Self::GameStart => "the game cannot be started",
            Self::Io => "a file cannot be read or written",
            Self::TryLater => "rate limited, too many players, queue lost",
            Self::NotUnderstood => "the answer was not what the interface promises",
            Self::Credentials => "the name or the password was refused",
            Self::Code => "the two-factor code was refused",
            Self::Account => "the account is banned, disabled or unverified",
            Self::Approval => "approve by e-mail, then run again",
            Self::SignedOut => "the stored token is no longer good",
            Self::Configuration => "the configuration cannot be read",
            Self::SecretStore => "no secret store, or it is locked",
        }
    }
}

/// A failure as a person and a script read it: one sentence, one hint, one status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Decides the status.
    pub reason: Reason,
    /// What happened and to whom, one sentence, no secret in it.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Failure {
    /// A failure with its sentence and its hint.
    pub fn new(reason: Reason, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A failure because of wrong arguments.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Reason::Usage, message, hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own() {
        let mut names: Vec<_> = Reason::ALL.iter().map(|reason| reason.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Reason::ALL.len());
    }

    #[test]
    fn statuses_stay_in_the_range_of_sysexits() {
        assert!(
            Reason::ALL
                .iter()
                .all(|reason| (64..=78).contains(&reason.status()))
        );
    }
}
