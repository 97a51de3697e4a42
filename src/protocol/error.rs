//! How a login ends without a ticket.

use std::time::Duration;

use super::ServerMessage;

/// What the server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The name or the password.
    Credentials,
    /// The code.
    Code,
    /// The account as such.
    Account,
    /// This place, until it is approved by e-mail.
    Approval,
    /// The token that stands for the password.
    SignedOut,
}

/// A login that is over without a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The server said no.
    Refused(Refusal, ServerMessage),
    /// The game is closed.
    Closed(ServerMessage),
    /// The server failed, with the HTTP status where that told.
    ServerFailed {
        /// HTTP status, 500 and above.
        status: Option<u16>,
        /// What the server said.
        message: ServerMessage,
    },
    /// Too many requests or players.
    TryLater {
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
        /// What the server said.
        message: ServerMessage,
    },
    /// The answer was not what the interface promises: what it was instead, never its content.
    NotUnderstood(String),
}
