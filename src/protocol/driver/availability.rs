//! Waiting for a game that is closed, with requests that contain no password.

use std::time::Duration;

use super::{Effects, Error, RequestFailure, WaitReason};
use crate::protocol;
use crate::protocol::{Availability, Login};

/// The first pause between two status requests; each following pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause between two status requests, unless the server asks for a longer one.
const MAX_PAUSE: Duration = Duration::from_mins(1);

/// A wait until the game is open, with a time at which it ends.
pub(super) struct AvailabilityWait {
    end: Duration,
    pause: Duration,
    has_warned: bool,
}

impl AvailabilityWait {
    /// Creates a wait that ends at the time `end`.
    pub(super) const fn new(end: Duration) -> Self {
        Self {
            end,
            pause: FIRST_PAUSE,
            has_warned: false,
        }
    }

    /// Sends status requests until the game is open. Returns whether a reply said that the game was closed.
    ///
    /// A status that cannot be read does not keep the player from a login that works: it is waited for while the server
    /// cannot be reached or fails and there is time left, then the login is tried.
    pub(super) async fn until_open<L: Login, E: Effects>(
        &mut self,
        effects: &mut E,
    ) -> Result<bool, Error<E::Error>> {
        let mut was_closed = false;
        loop {
            let outcome = effects.send(L::status_request()).await;
            let error;
            let (failure, retry_after, may_pass) = match &outcome {
                Err(error) => (
                    RequestFailure::Connection(error),
                    None,
                    error.is_transient(),
                ),
                Ok(reply) => match L::read_status(reply).map(|status| status.availability) {
                    Ok(Availability::Open) => return Ok(was_closed),
                    Ok(Availability::Closed(message)) => {
                        was_closed = true;
                        self.wait_after(protocol::Error::Closed(message), effects)
                            .await?;
                        continue;
                    }
                    Err(failed) => {
                        error = failed;
                        let may_pass =
                            reply.has_failed() || matches!(error, protocol::Error::TryLater { .. });
                        (RequestFailure::Reply(&error), reply.retry_after, may_pass)
                    }
                },
            };
            if !may_pass || !self.has_time_left(effects) {
                if !self.has_warned {
                    self.has_warned = true;
                    effects.warn_status_unknown(failure);
                }
                return Ok(was_closed);
            }
            let reason = WaitReason::StatusUnknown(failure);
            self.wait(reason, retry_after, effects).await;
        }
    }

    /// Waits when `error` says that the game is closed or too busy and there is time left; otherwise returns the error.
    pub(super) async fn wait_after<E: Effects>(
        &mut self,
        error: protocol::Error,
        effects: &mut E,
    ) -> Result<(), Error<E::Error>> {
        let retry_after = match &error {
            protocol::Error::Closed(_) => None,
            protocol::Error::TryLater { retry_after, .. } => Some(retry_after.unwrap_or(MAX_PAUSE)),
            _ => return Err(error.into()),
        };
        if !self.has_time_left(effects) {
            return Err(error.into());
        }
        self.wait(WaitReason::Unavailable(&error), retry_after, effects)
            .await;
        Ok(())
    }

    fn has_time_left<E: Effects>(&self, effects: &E) -> bool {
        effects.now() < self.end
    }

    /// Waits longer each time and at least as long as the server asked, but not beyond the end.
    async fn wait<E: Effects>(
        &mut self,
        reason: WaitReason<'_>,
        retry_after: Option<Duration>,
        effects: &mut E,
    ) {
        let left = self.end.saturating_sub(effects.now());
        let pause = self.pause.max(retry_after.unwrap_or_default()).min(left);
        self.pause = (self.pause * 2).min(MAX_PAUSE);
        effects.wait(reason, pause).await;
    }
}
