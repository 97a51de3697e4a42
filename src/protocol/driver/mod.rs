//! The loop that carries out a login: the only place that waits.
//!
//! It knows no game, no URL and no words: a protocol ([`Login`]) says what comes next, a [`Effects`] does it.

mod availability;
mod queue;

use std::time::Duration;

use crate::base::secret::Secret;
use crate::http;
use crate::manifest::MirrorAddress;
use crate::protocol;
use crate::protocol::{
    LauncherToken, Login, Question, Queue, QueueReason, Reply, Request, Step, Ticket,
};
use availability::AvailabilityWait;
use queue::QueueWait;

/// How often a password is sent to a game that says that it is open and then that it is closed.
const CLOSED_LOGIN_LIMIT: u32 = 3;

/// What a login needs of the world; a script in tests.
#[expect(
    async_fn_in_trait,
    reason = "the program runs on one thread, no future of it is sent to another"
)]
pub trait Effects {
    /// Why the player gave no answer, or the keeping or the update failed.
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
    async fn keep(&mut self, launcher_token: LauncherToken) -> Result<bool, Self::Refusal>;

    /// Brings the game's files up to date from one of these servers; false when the player wants nothing else.
    ///
    /// # Errors
    /// When a file is not what it should be in the end.
    async fn update(&mut self, mirrors: Vec<MirrorAddress>) -> Result<bool, Self::Refusal>;

    /// Takes what was kept of this player out of the secret store; a store that fails is no failure of the login.
    async fn forget(&mut self);

    /// Waits, telling the player why.
    async fn wait(&mut self, why: WaitReason<'_>, pause: Duration);

    /// Time since some moment in the past.
    fn now(&self) -> Duration;
}

/// Why the program waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitReason<'a> {
    /// In line.
    Queue(&'a Queue),
    /// In line, and the last poll was lost.
    LostPoll(PollFailure<'a>),
    /// There is no line and too much to do.
    Busy,
    /// The game is closed, or too busy.
    Closed(&'a protocol::Error),
    /// Nobody answers whether the game is open.
    NoAnswer(PollFailure<'a>),
}

/// How a request was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollFailure<'a> {
    /// No whole answer came.
    Connection(&'a http::Error),
    /// The server failed, or had enough, with this HTTP status.
    Status(u16),
}

/// How long the player is willing to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitLimits {
    /// In line; without a limit when `None`.
    pub queue: Option<Duration>,
    /// At a closed door; not at all when `None`.
    pub server: Option<Duration>,
}

/// Where a login led.
#[derive(Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// To the game, with what it needs to be started.
    Ticket(Ticket),
    /// To files that are up to date, and the player wanted nothing else.
    Updated,
}

/// A login that led nowhere.
#[derive(Debug, PartialEq, Eq)]
pub enum Error<R> {
    /// The protocol ended it.
    Login(protocol::Error),
    /// A request outside the line had no whole answer.
    Lost(http::Error),
    /// The player gave no answer.
    Unanswered(R),
    /// The files are not up to date.
    NotUpdated(R),
    /// The player's patience ended in line.
    QueueTimeout,
    /// Ten polls in a row were lost.
    QueueLost,
}

impl<R> From<protocol::Error> for Error<R> {
    fn from(error: protocol::Error) -> Self {
        Self::Login(error)
    }
}

impl<R> From<http::Error> for Error<R> {
    fn from(error: http::Error) -> Self {
        Self::Lost(error)
    }
}

/// Logs in; with `wait_limits.server`, first waits until the game is open, and again when it turns out closed or too busy.
///
/// # Errors
/// See [`Error`]. A password is not sent to find out whether the game is open.
pub async fn drive<L: Login + Clone, E: Effects>(
    login: L,
    wait_limits: WaitLimits,
    effects: &mut E,
) -> Result<LoginOutcome, Error<E::Refusal>> {
    let Some(limit) = wait_limits.server else {
        return log_in(login, wait_limits, effects).await;
    };
    let mut waiter = AvailabilityWait::new(effects.now() + limit);
    let mut turned_away = 0;
    loop {
        if waiter.until_open::<L, E>(effects).await? {
            turned_away = 0;
        }
        match log_in(login.clone(), wait_limits, effects).await {
            Err(Error::Login(error)) => {
                turned_away += u32::from(matches!(error, protocol::Error::Closed(_)));
                if turned_away == CLOSED_LOGIN_LIMIT {
                    return Err(error.into());
                }
                waiter.rest(error, effects).await?;
            }
            other => return other,
        }
    }
}

/// One login from the first request to the ticket, or to files that are up to date.
async fn log_in<L: Login, E: Effects>(
    login: L,
    wait_limits: WaitLimits,
    effects: &mut E,
) -> Result<LoginOutcome, Error<E::Refusal>> {
    let (request, sent) = login.begin();
    let mut step = exchange::<L, E>(request, sent, effects).await?;
    let mut line = QueueWait::new(wait_limits, effects.now());
    loop {
        let (request, sent) = match step {
            Step::Done(ticket) => return Ok(LoginOutcome::Ticket(ticket)),
            Step::Send(request, sent) => (request, sent),
            Step::Ask(question, asked) => {
                let answer = effects.ask(&question).await.map_err(Error::Unanswered)?;
                L::answer(asked, answer)
            }
            Step::Forget(question, asked) => {
                effects.forget().await;
                let answer = effects.ask(&question).await.map_err(Error::Unanswered)?;
                L::answer(asked, answer)
            }
            Step::Keep(launcher_token, kept) => {
                let stored = effects
                    .keep(launcher_token)
                    .await
                    .map_err(Error::Unanswered)?;
                L::kept(kept, stored)
            }
            Step::Update(mirrors, updating) => {
                if !effects.update(mirrors).await.map_err(Error::NotUpdated)? {
                    return Ok(LoginOutcome::Updated);
                }
                // What the download took was no waiting for the server.
                line = QueueWait::new(wait_limits, effects.now());
                L::updated(updating)
            }
            Step::Wait(
                Queue {
                    why: QueueReason::Busy { tries, message },
                    pause,
                    ..
                },
                queued,
            ) => {
                line.come_back(tries, message, pause, effects).await?;
                L::poll(queued)
            }
            Step::Wait(queue, queued) => {
                step = line.stand::<L, E>(&queue, &queued, effects).await?;
                continue;
            }
        };
        step = exchange::<L, E>(request, sent, effects).await?;
    }
}

/// One request and the step that its reply leads to.
async fn exchange<L: Login, E: Effects>(
    request: Request,
    sent: L::Sent,
    effects: &mut E,
) -> Result<Step<L>, Error<E::Refusal>> {
    let reply = effects.send(request).await?;
    Ok(L::reply(sent, &reply)?)
}

#[cfg(test)]
mod tests;
