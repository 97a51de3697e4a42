//! A launcher in front of a game server: it asks to be let in, and comes back when there is too much to do.

use std::time::Duration;

use super::{Launcher, REALM, Sent, Ttcc, Who};
use crate::base::secret::Secret;
use crate::protocol::{
    Error, Fields, Queue, QueueReason, Reply, Request, ServerMessage, Step, Ticket,
};

const LOGIN: &str = "/api/launcher/v1/login";
/// The longest pause between tries, in seconds.
const LONGEST_PAUSE: u64 = 60;

/// A launcher in front of a game server, that was told to come back so many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(super) launcher: Launcher,
    pub(super) gameserver: Secret,
    pub(super) tries: u32,
}

impl Entry {
    /// Asks to be let in.
    pub(crate) fn status_request(self) -> (Request, Sent) {
        let mut headers = self.launcher.sign();
        headers.push(("x-realm", Secret::new(REALM)));
        let request = Request {
            headers,
            ..Request::form(LOGIN, Fields::new())
        };
        (request, Sent::Login(self))
    }

    pub(super) fn ticket(self, cookie: Secret) -> Ticket {
        let Who { username, wish, .. } = self.launcher.who;
        let mut variables = vec![
            ("TT_PLAYCOOKIE", cookie),
            ("TT_GAMESERVER", self.gameserver),
            ("LAUNCHER_USER", username),
            ("REALM", Secret::new(REALM)),
            ("SENTRY_ENVIRONMENT", Secret::new(REALM)),
        ];
        wish.choose_toon(&mut variables);
        Ticket::new(variables)
    }

    /// The server has too much to do: longer pauses each time, and never a shorter one than it asks for.
    pub(super) fn come_back(
        self,
        message: ServerMessage,
        reply: &Reply,
    ) -> Result<Step<Ttcc>, Error> {
        let longest = Duration::from_secs(LONGEST_PAUSE);
        let retry_after = reply.retry_after;
        if retry_after.is_some_and(|asked| asked > longest) {
            return Err(Error::TryLater {
                retry_after,
                message,
            });
        }
        let tries = self.tries.saturating_add(1);
        let queue = Queue {
            reason: QueueReason::Busy { tries, message },
            position: None,
            eta: None,
            pause: pause(tries).max(retry_after.unwrap_or_default()),
        };
        Ok(Step::Wait(queue, Self { tries, ..self }))
    }
}

/// 2, 4, 8 … seconds.
fn pause(tries: u32) -> Duration {
    let seconds = 1_u64.checked_shl(tries).unwrap_or(LONGEST_PAUSE);
    Duration::from_secs(seconds.min(LONGEST_PAUSE))
}
