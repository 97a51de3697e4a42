//! Waiting in a queue: polling with the pauses that the protocol asks for, and repeating polls that fail.

use std::time::Duration;

use super::{Effects, Error, RequestFailure, WaitLimits, WaitReason};
use crate::protocol;
use crate::protocol::{Login, Queue, Reply, ServerMessage, Step};

/// How often a login is repeated that a busy server refused, without [`WaitLimits::server`].
const MAX_BUSY_TRIES: u32 = 3;
/// How many polls in a row may fail.
const MAX_FAILED_POLLS: u32 = 10;
/// The longest pause after a poll that failed (`details.md`). The pause after a poll that succeeded is the protocol's.
const MAX_FAILED_POLL_PAUSE: Duration = Duration::from_secs(30);
/// The longest `Retry-After` for which the position in the queue is assumed to be kept.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

/// A wait for admission: in a queue, or for a busy server.
pub(super) struct QueueWait {
    limit: Option<Duration>,
    busy_until: Option<Duration>,
    entered: Option<Duration>,
}

impl QueueWait {
    /// Creates a wait of a login that begins at `now` and is not in a queue yet.
    pub(super) fn new(wait_limits: WaitLimits, now: Duration) -> Self {
        Self {
            limit: wait_limits.queue,
            busy_until: wait_limits.server.map(|limit| now + limit),
            entered: None,
        }
    }

    /// Waits because the server is too busy: until [`WaitLimits::server`] if it is set, otherwise at most three times.
    pub(super) async fn wait_while_busy<E: Effects>(
        &mut self,
        tries: u32,
        message: ServerMessage,
        pause: Duration,
        effects: &mut E,
    ) -> Result<(), Error<E::Error>> {
        let pause = match self.busy_until {
            None if tries <= MAX_BUSY_TRIES => pause,
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

    /// Waits for the pause of `queue`, then polls until a poll succeeds.
    pub(super) async fn poll<L: Login, E: Effects>(
        &mut self,
        queue: &Queue,
        queued: &L::Queued,
        effects: &mut E,
    ) -> Result<Step<L>, Error<E::Error>> {
        self.wait(WaitReason::Queue(queue), queue.pause, effects)
            .await?;
        for failed in 1..=MAX_FAILED_POLLS {
            let (request, sent) = L::poll(queued.clone());
            let outcome = effects.send(request).await;
            let error;
            let (failure, retry_after) = match &outcome {
                Ok(reply) => match L::reply(sent, reply) {
                    Err(lost) if keeps_position(&lost, reply) => {
                        error = lost;
                        (RequestFailure::Reply(&error), reply.retry_after)
                    }
                    step => return Ok(step?),
                },
                Err(error) if !error.is_transient() => return Err(error.clone().into()),
                Err(error) => (RequestFailure::Connection(error), None),
            };
            if failed < MAX_FAILED_POLLS {
                let pause = back_off(failed)
                    .max(retry_after.unwrap_or_default())
                    .min(MAX_RETRY_AFTER);
                self.wait(WaitReason::PollFailed(failure), pause, effects)
                    .await?;
            }
        }
        Err(Error::QueueLost)
    }

    /// Waits, but not longer than [`WaitLimits::queue`] in total.
    async fn wait<E: Effects>(
        &mut self,
        reason: WaitReason<'_>,
        pause: Duration,
        effects: &mut E,
    ) -> Result<(), Error<E::Error>> {
        let entered = *self.entered.get_or_insert_with(|| effects.now());
        let left = self
            .limit
            .map(|limit| (entered + limit).saturating_sub(effects.now()));
        effects.wait(reason, left.unwrap_or(pause).min(pause)).await;
        match left {
            Some(left) if left <= pause => Err(Error::QueueTimeout),
            _ => Ok(()),
        }
    }
}

/// Whether a reply that ends a login elsewhere says nothing about the position in the queue: it is not the protocol's, or
/// it is 429 "Too Many Requests" with a `Retry-After` that is short enough to keep the position.
fn keeps_position(error: &protocol::Error, reply: &Reply) -> bool {
    match error {
        protocol::Error::NotUnderstood(_) | protocol::Error::UnknownRefusal(..) => true,
        protocol::Error::ServerFailed { status, .. } => status.is_some(),
        protocol::Error::TryLater { retry_after, .. } => {
            reply.status == 429 && retry_after.is_none_or(|pause| pause <= MAX_RETRY_AFTER)
        }
        protocol::Error::Refused(..) | protocol::Error::Closed(_) => false,
    }
}

/// Returns the pause after so many failed polls: 1, 2, 4 … seconds, at most [`MAX_FAILED_POLL_PAUSE`].
fn back_off(failed: u32) -> Duration {
    Duration::from_secs(1 << failed.saturating_sub(1).min(6)).min(MAX_FAILED_POLL_PAUSE)
}
