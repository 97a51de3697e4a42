//! Waiting at a closed door, without showing a password to find out whether it opens.

use std::time::Duration;

use super::{Error, Loss, Pause, World};
use crate::protocol;
use crate::protocol::{Door, Login};

/// Pauses between knocks at a closed door.
const FIRST_KNOCK_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_KNOCK_PAUSE: Duration = Duration::from_mins(1);

/// A player at a closed door.
pub(super) struct Waiter {
    end: Duration,
    pause: Duration,
}

impl Waiter {
    /// A player who waits until `end`.
    pub(super) const fn new(end: Duration) -> Self {
        Self {
            end,
            pause: FIRST_KNOCK_PAUSE,
        }
    }

    /// Asks, without a password, until the game is open. Gives whether it was seen closed meanwhile.
    pub(super) async fn until_open<L: Login, W: World>(
        &mut self,
        world: &mut W,
    ) -> Result<bool, Error<W::Refusal>> {
        let mut seen_closed = false;
        loop {
            let outcome = world.send(L::knock()).await;
            match &outcome {
                Err(error) if error.is_loss() && self.left(world) => {
                    self.wait(Pause::NoAnswer(Loss::Connection(error)), None, world)
                        .await;
                }
                Err(error) => return Err(Error::Lost(error.clone())),
                Ok(reply) if reply.status >= 500 && self.left(world) => {
                    self.wait(
                        Pause::NoAnswer(Loss::Status(reply.status)),
                        reply.retry_after,
                        world,
                    )
                    .await;
                }
                Ok(reply) => match L::opened(reply) {
                    Ok(Door::Open) => return Ok(seen_closed),
                    Ok(Door::Closed(words)) => {
                        seen_closed = true;
                        self.rest(protocol::Error::Closed(words), world).await?;
                    }
                    Err(error) => self.rest(error, world).await?,
                },
            }
        }
    }

    /// Waits when the game is closed or too busy and patience is left; otherwise the error stands.
    pub(super) async fn rest<W: World>(
        &mut self,
        error: protocol::Error,
        world: &mut W,
    ) -> Result<(), Error<W::Refusal>> {
        let asked = match &error {
            protocol::Error::Closed(_) => None,
            protocol::Error::TryLater { retry_after, .. } => {
                Some(retry_after.unwrap_or(LONGEST_KNOCK_PAUSE))
            }
            _ => return Err(error.into()),
        };
        if !self.left(world) {
            return Err(error.into());
        }
        self.wait(Pause::Closed(&error), asked, world).await;
        Ok(())
    }

    fn left<W: World>(&self, world: &W) -> bool {
        world.now() < self.end
    }

    /// Waits longer each time, at least as long as the server asked, never past the limit.
    async fn wait<W: World>(&mut self, why: Pause<'_>, asked: Option<Duration>, world: &mut W) {
        let left = self.end.saturating_sub(world.now());
        let pause = self.pause.max(asked.unwrap_or_default()).min(left);
        self.pause = (self.pause * 2).min(LONGEST_KNOCK_PAUSE);
        world.wait(why, pause).await;
    }
}
