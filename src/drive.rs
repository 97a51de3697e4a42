//! The loop that carries out a login: the only place that waits.
//!
//! It knows no game, no URL and no words: a protocol ([`Login`]) says what comes next, a [`World`] does it.

use std::time::Duration;

use crate::http;
use crate::login::{self, Door, Keepsake, Login, Question, Queue, Reply, Request, Step, Ticket};
use crate::secret::Secret;

/// A poll is lost when the connection was, or the server failed; so many in a row end the wait.
const MOST_LOST_POLLS: u32 = 10;
/// The longest pause between polls that the document allows.
const LONGEST_POLL_PAUSE: Duration = Duration::from_secs(30);
/// A server that asks to stay away for longer than this has let the place in line go.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(2);
/// Pauses between knocks at a closed door.
const FIRST_KNOCK_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_KNOCK_PAUSE: Duration = Duration::from_mins(1);

/// What a login needs of the world; a script in tests.
#[expect(
    async_fn_in_trait,
    reason = "the program runs on one thread, no future of it is sent to another"
)]
pub trait World {
    /// Why the player gave no answer, or the keeping failed.
    type Refusal;

    /// Sends a request, once.
    ///
    /// # Errors
    /// When no whole answer came.
    async fn send(&mut self, request: Request) -> Result<Reply, http::Error>;

    /// Asks the player.
    ///
    /// # Errors
    /// When there is no answer to be had.
    async fn ask(&mut self, question: &Question) -> Result<Secret, Self::Refusal>;

    /// Puts something into the secret store; false when the player wants nothing kept.
    ///
    /// # Errors
    /// When the store fails.
    async fn keep(&mut self, keepsake: Keepsake) -> Result<bool, Self::Refusal>;

    /// Waits, telling the player why.
    async fn wait(&mut self, why: Pause<'_>, pause: Duration);

    /// Time since some moment in the past.
    fn now(&self) -> Duration;
}

/// Why the program waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pause<'a> {
    /// In line.
    Turn(&'a Queue),
    /// In line, and the last poll was lost.
    LostPoll(Loss<'a>),
    /// The game is closed, or too busy.
    Closed(&'a login::Error),
    /// Nobody answers whether the game is open.
    NoAnswer(Loss<'a>),
}

/// How a request was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss<'a> {
    /// No whole answer came.
    Connection(&'a http::Error),
    /// The server failed, or had enough, with this HTTP status.
    Status(u16),
}

/// How long the player is willing to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Patience {
    /// In line; without a limit when `None`.
    pub queue: Option<Duration>,
    /// At a closed door; not at all when `None`.
    pub door: Option<Duration>,
}

/// A login that gave no ticket.
#[derive(Debug, PartialEq, Eq)]
pub enum Error<R> {
    /// The protocol ended it.
    Login(login::Error),
    /// A request outside the line had no whole answer.
    Lost(http::Error),
    /// The player gave no answer.
    Unanswered(R),
    /// The player's patience ended in line.
    QueueTimeout,
    /// Ten polls in a row were lost.
    QueueLost,
}

impl<R> From<login::Error> for Error<R> {
    fn from(error: login::Error) -> Self {
        Self::Login(error)
    }
}

impl<R> From<http::Error> for Error<R> {
    fn from(error: http::Error) -> Self {
        Self::Lost(error)
    }
}

/// Logs in; with `patience.door`, first waits until the game is open, and again when it turns out closed or too busy.
///
/// # Errors
/// See [`Error`]. A password is not sent to find out whether the game is open.
pub async fn drive<L: Login + Clone, W: World>(
    login: L,
    patience: Patience,
    world: &mut W,
) -> Result<Ticket, Error<W::Refusal>> {
    let Some(limit) = patience.door else {
        return log_in(login, patience, world).await;
    };
    let mut waiter = Waiter {
        end: world.now() + limit,
        pause: FIRST_KNOCK_PAUSE,
    };
    loop {
        waiter.until_open::<L, W>(world).await?;
        match log_in(login.clone(), patience, world).await {
            Err(Error::Login(error)) => waiter.rest(error, world).await?,
            other => return other,
        }
    }
}

/// One login from the first request to the ticket.
async fn log_in<L: Login, W: World>(
    login: L,
    patience: Patience,
    world: &mut W,
) -> Result<Ticket, Error<W::Refusal>> {
    let (request, sent) = login.begin();
    let mut step = exchange::<L, W>(request, sent, world).await?;
    let mut line = Line {
        patience: patience.queue,
        entered: None,
    };
    loop {
        let (request, sent) = match step {
            Step::Done(ticket) => return Ok(ticket),
            Step::Send(request, sent) => (request, sent),
            Step::Ask(question, asked) => {
                let answer = world.ask(&question).await.map_err(Error::Unanswered)?;
                L::answer(asked, answer)
            }
            Step::Keep(keepsake, kept) => {
                let stored = world.keep(keepsake).await.map_err(Error::Unanswered)?;
                L::kept(kept, stored)
            }
            Step::Wait(queue, queued) => {
                step = line.stand::<L, W>(&queue, &queued, world).await?;
                continue;
            }
        };
        step = exchange::<L, W>(request, sent, world).await?;
    }
}

/// One request and the step that its reply leads to.
async fn exchange<L: Login, W: World>(
    request: Request,
    sent: L::Sent,
    world: &mut W,
) -> Result<Step<L>, Error<W::Refusal>> {
    let reply = world.send(request).await?;
    Ok(L::reply(sent, &reply)?)
}

/// The line that a player stands in, from the first time that the server says so.
struct Line {
    patience: Option<Duration>,
    entered: Option<Duration>,
}

impl Line {
    /// Waits as the protocol says, then polls until a poll is not lost.
    async fn stand<L: Login, W: World>(
        &mut self,
        queue: &Queue,
        queued: &L::Queued,
        world: &mut W,
    ) -> Result<Step<L>, Error<W::Refusal>> {
        self.rest(Pause::Turn(queue), queue.pause, world).await?;
        for lost in 1..=MOST_LOST_POLLS {
            let (request, sent) = L::turn(queued.clone());
            let outcome = world.send(request).await;
            let (loss, asked) = match &outcome {
                Ok(reply) if reply.status < 500 && !may_ask_again(reply) => {
                    return Ok(L::reply(sent, reply)?);
                }
                Ok(reply) => (Loss::Status(reply.status), reply.retry_after),
                Err(error) if !error.is_loss() => return Err(Error::Lost(error.clone())),
                Err(error) => (Loss::Connection(error), None),
            };
            if lost < MOST_LOST_POLLS {
                let pause = back_off(lost)
                    .max(asked.unwrap_or_default())
                    .min(LONGEST_RETRY_AFTER);
                self.rest(Pause::LostPoll(loss), pause, world).await?;
            }
        }
        Err(Error::QueueLost)
    }

    /// Waits, but never past the player's patience.
    async fn rest<W: World>(
        &mut self,
        why: Pause<'_>,
        pause: Duration,
        world: &mut W,
    ) -> Result<(), Error<W::Refusal>> {
        let entered = *self.entered.get_or_insert_with(|| world.now());
        let left = self
            .patience
            .map(|patience| (entered + patience).saturating_sub(world.now()));
        world.wait(why, left.unwrap_or(pause).min(pause)).await;
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

/// A player at a closed door.
struct Waiter {
    end: Duration,
    pause: Duration,
}

impl Waiter {
    /// Asks, without a password, until the game is open.
    async fn until_open<L: Login, W: World>(
        &mut self,
        world: &mut W,
    ) -> Result<(), Error<W::Refusal>> {
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
                    Ok(Door::Open) => return Ok(()),
                    Ok(Door::Closed(words)) => {
                        self.rest(login::Error::Closed(words), world).await?;
                    }
                    Err(error) => self.rest(error, world).await?,
                },
            }
        }
    }

    /// Waits when the game is closed or too busy and patience is left; otherwise the error stands.
    async fn rest<W: World>(
        &mut self,
        error: login::Error,
        world: &mut W,
    ) -> Result<(), Error<W::Refusal>> {
        let asked = match &error {
            login::Error::Closed(_) => None,
            login::Error::TryLater { retry_after, .. } => {
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

#[cfg(test)]
mod tests;
