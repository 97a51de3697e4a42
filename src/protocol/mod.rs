//! The contract of a login: what a protocol says, and nothing of how it is carried out.
//!
//! ```text
//!            begin                      answer
//!   L ───────────────▶ Sent ◀──────────────────────────── Asked
//!                     │  ▲ ▲  ▲                             ▲
//!               reply │  │ │  └── updated ── Updating       │
//!                     │  │ └──── kept ── Kept   ▲           │
//!                     ▼  │ turn          ▲      │           │
//!        Step::  Send │ Wait(Queued) │ Keep │ Update │ Ask, Forget │ Done(Ticket)
//! ```
//!
//! A protocol is a value: replies go in, steps come out. It never sees the network, a clock, the
//! terminal or a file, so each transition is one `assert_eq!`.

pub mod districts;
pub mod driver;
mod error;
pub mod trace;
mod wire;

use std::time::Duration;

use crate::base::secret::Secret;
pub use crate::base::server_message::ServerMessage;
use crate::manifest::MirrorAddress;
pub use error::{Error, Refusal};
pub(crate) use wire::flaw;
pub use wire::{Encoding, Fields, Method, Reply, Request};

/// A login protocol: what to send, and what each reply means.
pub trait Login: Sized {
    /// A request is on its way.
    type Sent;
    /// The player is being asked for something.
    type Asked;
    /// The player is waiting for a turn. Cloned, because a lost poll is sent again.
    type Queued: Clone;
    /// Something is being put into the secret store.
    type Kept;
    /// The game's files are being brought up to date.
    type Updating;

    /// The first request, with the name and the password.
    fn begin(self) -> (Request, Self::Sent);

    /// What a reply means.
    ///
    /// # Errors
    /// When the login is over without a ticket, or the reply is not what the protocol promises.
    fn reply(sent: Self::Sent, reply: &Reply) -> Result<Step<Self>, Error>;

    /// The request that carries what the player answered.
    fn answer(asked: Self::Asked, answer: Secret) -> (Request, Self::Sent);

    /// The request that asks whether it is the player's turn.
    fn poll(queued: Self::Queued) -> (Request, Self::Sent);

    /// The request that follows once something was kept, or could not be (`stored` is false).
    fn kept(kept: Self::Kept, stored: bool) -> (Request, Self::Sent);

    /// The request that follows once the files are up to date.
    fn updated(updating: Self::Updating) -> (Request, Self::Sent);

    /// The request that asks, without a password, whether the game is open.
    fn status_request() -> Request;

    /// What the reply to [`Login::status_request`] means.
    ///
    /// # Errors
    /// When the reply does not say.
    fn read_status(reply: &Reply) -> Result<Availability, Error>;
}

/// What comes next.
#[must_use = "a login goes nowhere until its step is taken"]
#[derive(Debug, PartialEq, Eq)]
pub enum Step<L: Login> {
    /// Send another request.
    Send(Request, L::Sent),
    /// Put this into the secret store, then call [`Login::kept`].
    Keep(LauncherToken, L::Kept),
    /// Bring the game's files up to date from one of these servers, then call [`Login::updated`]. Only where the player
    /// wants that, and the login is what tells the servers.
    Update(Vec<MirrorAddress>, L::Updating),
    /// Ask the player, then call [`Login::answer`].
    Ask(Question, L::Asked),
    /// What the secret store holds is no longer good: forget it, then ask, and call [`Login::answer`].
    Forget(Question, L::Asked),
    /// Wait for the pause in it, then call [`Login::turn`].
    Wait(Queue, L::Queued),
    /// Start the game.
    Done(Ticket),
}

/// What the player is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// A two-factor code.
    Code,
    /// The password, because what was stored is no longer good.
    Password,
    /// The six digits that were sent by e-mail.
    Pin,
}

/// A question to the player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked for.
    pub kind: QuestionKind,
    /// The server's words.
    pub message: ServerMessage,
    /// Whether the answer before this one was refused.
    pub again: bool,
}

/// A place in line, or another reason to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Why it is not our turn.
    pub why: QueueReason,
    /// How many are in front, when told.
    pub position: Option<u64>,
    /// How long it will take, in seconds, when told.
    pub eta: Option<u64>,
    /// How long to wait before asking again.
    pub pause: Duration,
}

/// Why it is not the player's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueReason {
    /// There is a line, and the player stands in it. A poll that is lost is sent again.
    Queue,
    /// There is no line and too much to do, for so many tries already.
    Busy {
        /// How often it was too busy.
        tries: u32,
        /// What the server said.
        message: ServerMessage,
    },
}

/// Something for the secret store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LauncherToken {
    /// A token that stands for the password.
    pub token: Secret,
    /// What makes the token worthless, sent when it is not kept and no longer needed.
    pub revocation: Request,
}

/// What the game needs to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The environment variables, in the order of the game's page.
    pub variables: Fields,
    /// Where the list of the files is that the game should have, if the login says: a path as the server wrote it.
    pub manifest: Option<String>,
}

impl Ticket {
    /// One that names no list of files.
    pub const fn new(variables: Fields) -> Self {
        Self {
            variables,
            manifest: None,
        }
    }
}

/// Whether the game lets anybody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// It does.
    Open,
    /// It does not, with the server's words.
    Closed(ServerMessage),
}

/// Takes a value that the game will find in its environment.
///
/// # Errors
/// [`Error::NotUnderstood`] when it is missing, empty, longer than 8 KiB or holds a control character: an environment
/// variable or a shell could not carry it unchanged.
pub fn variable(reply: &Reply, name: &str, value: Option<Secret>) -> Result<Secret, Error> {
    const LONGEST: usize = 8 * 1024;
    match value {
        None => Err(reply.misunderstood(format!("has no {name}"))),
        Some(value) if value.has_control_characters() => {
            Err(reply.misunderstood(format!("has a control character in {name}")))
        }
        Some(value) if value.reveal().len() > LONGEST => {
            Err(reply.misunderstood(format!("has a {name} of more than {LONGEST} bytes")))
        }
        Some(value) => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_behind_the_words_however_long_they_are() {
        let message = |said: Option<&str>| ServerMessage::numbered(said, "status", 12);
        assert_eq!(message(Some("No\u{1b}[2J.")).get(), Some("No. (status 12)"));
        assert_eq!(message(None).get(), Some("status 12"));
        let long = message(Some(&"x".repeat(2000)));
        assert!(
            long.get()
                .is_some_and(|message| message.ends_with("x… (status 12)"))
        );
    }

    #[test]
    fn a_value_for_the_environment_is_whole_and_plain() {
        let reply = Reply::new(200, "");
        let taken = |text: &str| variable(&reply, "cookie", Some(Secret::new(text)));
        assert!(taken("deadbeefdeafbeef0x123").is_ok());
        assert!(taken("a\nb").is_err() && taken("a\0b").is_err() && taken("a\u{85}b").is_err());
        assert!(taken(&"x".repeat(9000)).is_err());
        assert!(variable(&reply, "cookie", None).is_err());
    }
}
