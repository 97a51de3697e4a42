//! The login at a game server, which is repeated while the server is too busy.

use std::time::Duration;

use super::{LauncherSession, REALM, Sent, Ttcc, authorization};
use crate::base::secret::Secret;
use crate::protocol::{
    Error, Fields, Queue, QueueReason, Reply, Request, ServerMessage, Step, Ticket,
};

const LOGIN: &str = "/api/launcher/v1/login";
/// The longest pause between two tries in seconds.
const MAX_PAUSE: u64 = 60;

/// A login at a game server, with the number of tries for which the server was too busy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GameLogin {
    pub(super) session: LauncherSession,
    pub(super) gameserver: Secret,
    pub(super) tries: u32,
}

impl GameLogin {
    /// Returns the request for a play cookie.
    pub(crate) fn request(self) -> (Request, Sent) {
        let mut headers = authorization(&self.session.token);
        headers.push(("x-realm", Secret::new(REALM)));
        let request = Request {
            headers,
            ..Request::form(LOGIN, Fields::new())
        };
        (request, Sent::Login(self))
    }

    pub(super) fn ticket(self, cookie: Secret) -> Ticket {
        let account = self.session.account;
        let mut variables = vec![
            ("TT_PLAYCOOKIE", cookie),
            ("TT_GAMESERVER", self.gameserver),
            ("LAUNCHER_USER", account.username),
            ("REALM", Secret::new(REALM)),
            ("SENTRY_ENVIRONMENT", Secret::new(REALM)),
        ];
        account.options.push_toon_slot(&mut variables);
        Ticket::new(variables)
    }

    /// Returns the step for a server that is too busy: a pause that grows with each try and is at least `Retry-After`.
    ///
    /// # Errors
    /// [`Error::TryLater`] when `Retry-After` is longer than [`MAX_PAUSE`].
    pub(super) fn wait(self, message: ServerMessage, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        let retry_after = reply.retry_after;
        if retry_after.is_some_and(|pause| pause > Duration::from_secs(MAX_PAUSE)) {
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
            pause: busy_pause(tries).max(retry_after.unwrap_or_default()),
        };
        Ok(Step::Wait(queue, Self { tries, ..self }))
    }
}

/// Returns the pause after so many tries: 2, 4, 8 … seconds.
fn busy_pause(tries: u32) -> Duration {
    let seconds = 1_u64.checked_shl(tries).unwrap_or(MAX_PAUSE);
    Duration::from_secs(seconds.min(MAX_PAUSE))
}
