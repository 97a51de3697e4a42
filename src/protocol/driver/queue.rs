//! Standing in line: polling at the pace that the protocol asks for, and surviving lost polls.

use std::time::Duration;

use super::{Effects, Error, PollFailure, WaitLimits, WaitReason};
use crate::protocol;
use crate::protocol::{Login, Queue, Reply, ServerMessage, Step};

/// How often a server may have too much to do before a player who does not wait for it gives up.
const MOST_BUSY_TRIES: u32 = 3;
/// A poll is lost when the connection was, or the server failed; so many in a row end the wait.
const MOST_LOST_POLLS: u32 = 10;
/// The longest pause between polls that the document allows.
const LONGEST_POLL_PAUSE: Duration = Duration::from_secs(30);
/// A server that asks to stay away for longer than this has let the place in line go.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(2);

/// The line that a player stands in, from the first time that the server says so.
pub(super) struct QueueWait {
    wait_limits: Option<Duration>,
    busy_until: Option<Duration>,
    entered: Option<Duration>,
}

impl QueueWait {
    /// A line that was not entered yet, for a player who came at `now`.
    pub(super) fn new(wait_limits: WaitLimits, now: Duration) -> Self {
        Self {
            wait_limits: wait_limits.queue,
            busy_until: wait_limits.server.map(|door| now + door),
            entered: None,
        }
    }

    /// Waits because the server has too much to do: a few times, or as long as the player waits for the server.
    pub(super) async fn come_back<E: Effects>(
        &mut self,
        tries: u32,
        message: ServerMessage,
        pause: Duration,
        effects: &mut E,
    ) -> Result<(), Error<E::Refusal>> {
        let pause = match self.busy_until {
            None if tries <= MOST_BUSY_TRIES => pause,
            Some(end) if effects.now() < end => pause.min(end.saturating_sub(effects.now())),
            _ => {
                let retry_after = None;
                return Err(Error::Login(protocol::Error::TryLater {
                    retry_after,
                    message,
                }));
            }
        };
        effects.wait(WaitReason::Busy, pause).await;
        Ok(())
    }

    /// Waits as the protocol says, then polls until a poll is not lost.
    pub(super) async fn stand<L: Login, E: Effects>(
        &mut self,
        queue: &Queue,
        queued: &L::Queued,
        effects: &mut E,
    ) -> Result<Step<L>, Error<E::Refusal>> {
        self.rest(WaitReason::Queue(queue), queue.pause, effects)
            .await?;
        for lost in 1..=MOST_LOST_POLLS {
            let (request, sent) = L::poll(queued.clone());
            let outcome = effects.send(request).await;
            let (loss, asked) = match &outcome {
                Ok(reply) if reply.status < 500 && !may_ask_again(reply) => {
                    return Ok(L::reply(sent, reply)?);
                }
                Ok(reply) => (PollFailure::Status(reply.status), reply.retry_after),
                Err(error) if !error.is_transient() => return Err(Error::Lost(error.clone())),
                Err(error) => (PollFailure::Connection(error), None),
            };
            if lost < MOST_LOST_POLLS {
                let pause = back_off(lost)
                    .max(asked.unwrap_or_default())
                    .min(LONGEST_RETRY_AFTER);
                self.rest(WaitReason::LostPoll(loss), pause, effects)
                    .await?;
            }
        }
        Err(Error::QueueLost)
    }

    /// Waits, but never past the player's patience.
    async fn rest<E: Effects>(
        &mut self,
        why: WaitReason<'_>,
        pause: Duration,
        effects: &mut E,
    ) -> Result<(), Error<E::Refusal>> {
        let entered = *self.entered.get_or_insert_with(|| effects.now());
        let left = self
            .wait_limits
            .map(|wait_limits| (entered + wait_limits).saturating_sub(effects.now()));
        effects.wait(why, left.unwrap_or(pause).min(pause)).await;
        match left {
            Some(left) if left <= pause => Err(Error::QueueTimeout),
            _ => Ok(()),
        }
    }
}

/// "Too many requests" keeps the place in line, unless the server wants to be left alone for long.
fn may_ask_again(reply: &Reply) -> bool {
    reply.status == 429
        && reply
            .retry_after
            .is_none_or(|pause| pause <= LONGEST_RETRY_AFTER)
}

/// 1, 2, 4 … seconds, at most what the document allows.
fn back_off(lost: u32) -> Duration {
    Duration::from_secs(1 << lost.saturating_sub(1).min(6)).min(LONGEST_POLL_PAUSE)
}
