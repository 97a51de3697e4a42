//! The errors that end a login without a ticket.

use std::time::Duration;

use super::ServerMessage;

/// What the server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The username or the password.
    Credentials,
    /// The token that the server made for the player.
    PlayerToken,
    /// The two-factor code.
    Code,
    /// The account: it is banned, disabled or unverified.
    Account,
    /// This device, until it is approved by e-mail.
    Approval,
    /// The token that replaces the password.
    SignedOut,
}

/// Why a login ended without a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The server refused the login.
    Refused(Refusal, ServerMessage),
    /// The game is closed.
    Closed(ServerMessage),
    /// The server failed.
    ServerFailed {
        /// The HTTP status when it was 500 or above.
        status: Option<u16>,
        /// The server's message.
        message: ServerMessage,
    },
    /// There are too many requests or players.
    TryLater {
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
        /// The server's message.
        message: ServerMessage,
    },
    /// The reply did not have the documented form. The text says what it was instead and never contains parts of it.
    NotUnderstood(String),
    /// The server refused the request for a reason that the protocol does not know, or that should not happen. The text is
    /// as that of [`Error::NotUnderstood`].
    UnknownRefusal(String, ServerMessage),
}

impl Error {
    /// Returns the server's message, if the error has one.
    pub const fn message(&self) -> Option<&ServerMessage> {
        match self {
            Self::Refused(_, message)
            | Self::Closed(message)
            | Self::ServerFailed { message, .. }
            | Self::TryLater { message, .. }
            | Self::UnknownRefusal(_, message) => Some(message),
            Self::NotUnderstood(_) => None,
        }
    }
}
