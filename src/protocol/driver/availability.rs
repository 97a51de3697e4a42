//! Waiting at a closed door, without showing a password to find out whether it opens.

use std::time::Duration;

use super::{Effects, Error, PollFailure, WaitReason};
use crate::protocol;
use crate::protocol::{Availability, Login};

/// Pauses between knocks at a closed door.
const FIRST_STATUS_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_STATUS_PAUSE: Duration = Duration::from_mins(1);

/// A player at a closed door.
pub(super) struct AvailabilityWait {
    end: Duration,
    pause: Duration,
}

impl AvailabilityWait {
    /// A player who waits until `end`.
    pub(super) const fn new(end: Duration) -> Self {
        Self {
            end,
            pause: FIRST_STATUS_PAUSE,
        }
    }

    /// Asks, without a password, until the game is open. Gives whether it was seen closed meanwhile.
    pub(super) async fn until_open<L: Login, E: Effects>(
        &mut self,
        effects: &mut E,
    ) -> Result<bool, Error<E::Refusal>> {
        let mut seen_closed = false;
        loop {
            let outcome = effects.send(L::status_request()).await;
            match &outcome {
                Err(error) if error.is_transient() && self.left(effects) => {
                    self.wait(
                        WaitReason::NoAnswer(PollFailure::Connection(error)),
                        None,
                        effects,
                    )
                    .await;
                }
                Err(error) => return Err(Error::Lost(error.clone())),
                Ok(reply) if reply.status >= 500 && self.left(effects) => {
                    self.wait(
                        WaitReason::NoAnswer(PollFailure::Status(reply.status)),
                        reply.retry_after,
                        effects,
                    )
                    .await;
                }
                Ok(reply) => match L::read_status(reply) {
                    Ok(Availability::Open) => return Ok(seen_closed),
                    Ok(Availability::Closed(message)) => {
                        seen_closed = true;
                        self.rest(protocol::Error::Closed(message), effects).await?;
                    }
                    Err(error) => self.rest(error, effects).await?,
                },
            }
        }
    }

    /// Waits when the game is closed or too busy and patience is left; otherwise the error stands.
    pub(super) async fn rest<E: Effects>(
        &mut self,
        error: protocol::Error,
        effects: &mut E,
    ) -> Result<(), Error<E::Refusal>> {
        let asked = match &error {
            protocol::Error::Closed(_) => None,
            protocol::Error::TryLater { retry_after, .. } => {
                Some(retry_after.unwrap_or(LONGEST_STATUS_PAUSE))
            }
            _ => return Err(error.into()),
        };
        if !self.left(effects) {
            return Err(error.into());
        }
        self.wait(WaitReason::Closed(&error), asked, effects).await;
        Ok(())
    }

    fn left<E: Effects>(&self, effects: &E) -> bool {
        effects.now() < self.end
    }

    /// Waits longer each time, at least as long as the server asked, never past the limit.
    async fn wait<E: Effects>(
        &mut self,
        why: WaitReason<'_>,
        asked: Option<Duration>,
        effects: &mut E,
    ) {
        let left = self.end.saturating_sub(effects.now());
        let pause = self.pause.max(asked.unwrap_or_default()).min(left);
        self.pause = (self.pause * 2).min(LONGEST_STATUS_PAUSE);
        effects.wait(why, pause).await;
    }
}
