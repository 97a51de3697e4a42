//! The interface between the protocols of the games and the driver that runs them.
//!
//! ```text
//!        begin                      answer
//!   L ───────────────▶ Sent ◀──────────────────────────────── Asked
//!                     │ ▲ ▲ ▲                                  ▲
//!               reply │ │ │ └── updated ────── Updating        │
//!                     │ │ └── stored ─ Storing    ▲            │
//!                     ▼ │ poll           ▲        │            │
//!        Step::  Send │ Wait(Queued) │ Store │ Update │ Ask, DeleteToken │ Done(Ticket)
//! ```
//!
//! A protocol is a pure state machine: it takes replies and returns steps, and accesses no network, clock, terminal or
//! file. A test of a transition is therefore one `assert_eq!`.

pub mod districts;
pub mod driver;
mod error;
mod reply;
mod request;
pub mod trace;
mod transport_error;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::base::secret::Secret;
pub use crate::base::server_message::{ServerCode, ServerMessage};
use crate::manifest::MirrorAddress;
pub use error::{Error, Refusal};
pub use reply::Reply;
pub(crate) use reply::describe_json_error;
pub use request::{Encoding, Fields, Method, Request};
pub use transport_error::TransportError;

/// A login protocol: which requests are sent, and what each reply means.
pub trait Login: Sized {
    /// A request was sent.
    type Sent;
    /// The user is asked a question.
    type Asked;
    /// The login waits in a queue. `Clone`, because a poll that fails is sent again.
    type Queued: Clone;
    /// A token is being stored.
    type Storing;
    /// The game's files are being updated.
    type Updating;

    /// Returns the first request, which contains the username and the password or token.
    fn begin(self) -> (Request, Self::Sent);

    /// Returns the step that follows from a reply.
    ///
    /// # Errors
    /// When the login ends without a ticket, or the reply does not have the documented form.
    fn reply(sent: Self::Sent, reply: &Reply) -> Result<Step<Self>, Error>;

    /// Returns the request that contains the user's answer to a question.
    fn answer(asked: Self::Asked, answer: Secret) -> (Request, Self::Sent);

    /// Returns the request that asks for the position in the queue.
    fn poll(queued: Self::Queued) -> (Request, Self::Sent);

    /// Returns the request that follows after a token was stored, or was not to be stored.
    fn stored(storing: Self::Storing) -> (Request, Self::Sent);

    /// Returns the request that follows after the files were updated.
    fn updated(updating: Self::Updating) -> (Request, Self::Sent);

    /// Returns the request that asks, without a password, whether the game is open.
    fn status_request() -> Request;

    /// Reads the reply to [`Login::status_request`].
    ///
    /// # Errors
    /// When the server failed, or the reply does not say whether the game is open.
    fn read_status(reply: &Reply) -> Result<ServerStatus, Error>;
}

/// What the driver has to do next.
#[must_use = "a login continues only when its step is carried out"]
#[derive(Debug, PartialEq, Eq)]
pub enum Step<L: Login> {
    /// Send another request.
    Send(Request, L::Sent),
    /// Store the token, then call [`Login::stored`].
    Store(LauncherToken, L::Storing),
    /// Update the game's files from one of these servers, then call [`Login::updated`]. Only when the user asked for an
    /// update and the game names its download servers during a login.
    Update(Vec<MirrorAddress>, L::Updating),
    /// Ask the user, then call [`Login::answer`].
    Ask(Question, L::Asked),
    /// Delete the stored token, which the server refused; then ask the user and call [`Login::answer`].
    DeleteToken(Question, L::Asked),
    /// Wait for [`Queue::pause`], then call [`Login::poll`].
    Wait(Queue, L::Queued),
    /// Start the game.
    Done(Ticket),
}

/// What the user is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// A two-factor code.
    Code,
    /// The password, because the stored token is no longer valid.
    Password,
}

/// A question to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What the user is asked for.
    pub kind: QuestionKind,
    /// The server's message.
    pub message: ServerMessage,
    /// Whether the server refused the previous answer.
    pub again: bool,
}

/// A wait for admission to the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Why the login has to wait.
    pub reason: QueueReason,
    /// How many players are ahead, if the server says so.
    pub position: Option<u64>,
    /// The estimated waiting time in seconds, if the server says so.
    pub eta: Option<u64>,
    /// How long to wait before the next request, as the game's protocol decides.
    pub pause: Duration,
}

/// Why a login has to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueReason {
    /// The player has a position in a queue. A poll that fails is sent again.
    Queue,
    /// The server is too busy and has no queue.
    Busy {
        /// How many requests the server refused because it was too busy.
        tries: u32,
        /// The server's message.
        message: ServerMessage,
    },
}

/// A token that replaces the password in later logins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LauncherToken {
    /// The token.
    pub token: Secret,
    /// The request that makes the token invalid, to be sent when it was not stored and is no longer needed.
    pub revocation: Request,
}

/// What the game needs to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The environment variables, in the order of the protocol's document.
    pub variables: Fields,
    /// The path of the manifest of the game's files, as the server sent it, if the login names one.
    pub manifest: Option<String>,
    /// The server's message.
    pub message: ServerMessage,
}

impl Ticket {
    /// Creates a ticket without a manifest and a message.
    pub fn new(variables: Fields) -> Self {
        Self {
            variables,
            manifest: None,
            message: ServerMessage::default(),
        }
    }

    /// Returns the same ticket with a message of the server.
    #[must_use]
    pub fn with_message(self, text: Option<&str>) -> Self {
        let message = ServerMessage::new(text);
        Self { message, ..self }
    }
}

/// Whether a game is open, and what its server adds to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStatus {
    /// Whether it accepts logins.
    pub availability: Availability,
    /// The server's message, which may be set while the game is open.
    pub message: ServerMessage,
    /// How many people are playing, if the same reply contains it.
    pub population: Option<u64>,
    /// The game's servers and notices, if the same reply contains them.
    pub details: Option<StatusDetails>,
}

/// The servers and notices of a game, as it reports them. Every text is safe to display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusDetails {
    /// The servers of each kind.
    pub servers: BTreeMap<String, Vec<ServerState>>,
    /// The notices.
    pub notices: serde_json::Value,
}

/// One server of a game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerState {
    /// The name.
    pub name: String,
    /// The game's number for its state.
    pub status: Option<i64>,
}

/// Whether the game accepts logins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// The game is open.
    Open,
    /// The game is closed; with the server's message.
    Closed(ServerMessage),
}

/// Checks a value that becomes an environment variable of the game.
///
/// # Errors
/// [`Error::NotUnderstood`] when the value is missing, longer than 8 KiB or contains a control character, so that no
/// environment variable or shell could pass it on unchanged.
pub fn environment_value(
    reply: &Reply,
    name: &str,
    value: Option<Secret>,
) -> Result<Secret, Error> {
    const MAX_LENGTH: usize = 8 * 1024;
    match value {
        None => Err(reply.not_understood(format!("has no {name}"))),
        Some(value) if value.has_control_characters() => {
            Err(reply.not_understood(format!("has a control character in {name}")))
        }
        Some(value) if value.reveal().len() > MAX_LENGTH => {
            Err(reply.not_understood(format!("has a {name} of more than {MAX_LENGTH} bytes")))
        }
        Some(value) => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_value_has_no_control_characters_and_a_limited_length() {
        let reply = Reply::new(200, "");
        let checked = |text: &str| environment_value(&reply, "cookie", Some(Secret::new(text)));
        assert!(checked("deadbeefdeafbeef0x123").is_ok());
        assert!(checked("a\nb").is_err() && checked("a\0b").is_err());
        assert!(checked("a\u{85}b").is_err());
        assert!(checked(&"x".repeat(9000)).is_err());
        assert!(environment_value(&reply, "cookie", None).is_err());
    }
}
