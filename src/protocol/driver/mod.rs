//! The driver: runs a login protocol to its end, and is the only part of a login that waits.
//!
//! A protocol ([`Login`]) says what comes next; an implementation of [`Effects`] does it. The driver knows no game, no
//! URL and no message to the user.

mod availability;
mod queue;

use std::time::Duration;

use crate::base::secret::Secret;
use crate::manifest::MirrorAddress;
use crate::protocol;
use crate::protocol::{
    LauncherToken, Login, Question, Queue, QueueReason, Reply, Request, Step, Ticket,
    TransportError,
};
use availability::AvailabilityWait;
use queue::QueueWait;

/// How many logins in a row may find the game closed although its status says that it is open.
const CLOSED_LOGIN_LIMIT: u32 = 3;

/// The input and output that the driver needs; the tests use a script.
#[expect(
    async_fn_in_trait,
    reason = "the program has one thread, so futures need not be `Send`"
)]
pub trait Effects {
    /// Why a question was not answered, a token not stored, or an update not completed.
    type Error;

    /// Sends a request once.
    ///
    /// # Errors
    /// When no complete reply was received.
    async fn send(&mut self, request: Request) -> Result<Reply, TransportError>;

    /// Asks the user a question.
    ///
    /// # Errors
    /// When there is no answer.
    async fn ask(&mut self, question: &Question) -> Result<Secret, Self::Error>;

    /// Stores a token, unless the user does not want it to be stored.
    ///
    /// # Errors
    /// When storing fails.
    async fn store(&mut self, launcher_token: LauncherToken) -> Result<(), Self::Error>;

    /// Updates the game's files from one of these servers; returns false when the login is not to be continued.
    ///
    /// # Errors
    /// When the update fails.
    async fn update(&mut self, mirrors: Vec<MirrorAddress>) -> Result<bool, Self::Error>;

    /// Deletes the stored token of this account. The login continues when that fails.
    async fn delete_token(&mut self);

    /// Shows the user that it is not known whether the game is open, and that the login is tried all the same.
    fn warn_status_unknown(&mut self, failure: RequestFailure<'_>);

    /// Waits for `pause` and shows the user why.
    async fn wait(&mut self, reason: WaitReason<'_>, pause: Duration);

    /// Returns the time since an arbitrary fixed time; never decreases.
    fn now(&self) -> Duration;
}

/// Why the driver waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitReason<'a> {
    /// The player is in a queue.
    Queue(&'a Queue),
    /// The player is in a queue, and the last poll failed.
    PollFailed(RequestFailure<'a>),
    /// The server is too busy and has no queue.
    Busy,
    /// The game is closed, or the server asked to try later.
    Unavailable(&'a protocol::Error),
    /// The request for the game's status failed.
    StatusUnknown(RequestFailure<'a>),
}

/// How a request failed that will be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestFailure<'a> {
    /// No complete reply was received.
    Connection(&'a TransportError),
    /// The reply is not the protocol's.
    Reply(&'a protocol::Error),
}

/// How long a login may wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitLimits {
    /// In the queue; without a limit when `None`.
    pub queue: Option<Duration>,
    /// For a server that is closed or too busy; not at all when `None`.
    pub server: Option<Duration>,
}

/// The result of a successful login.
#[derive(Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// What the game needs to be started.
    Ticket(Ticket),
    /// The files were updated, and nothing else was asked for.
    Updated,
}

/// Why a login failed.
#[derive(Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// The protocol ended the login.
    Login(protocol::Error),
    /// A request that is not repeated failed.
    Request(TransportError),
    /// A question was not answered, a token not stored, or an update not completed.
    Effect(E),
    /// The wait in the queue took longer than [`WaitLimits::queue`].
    QueueTimeout,
    /// Ten polls in a row failed.
    QueueLost,
}

impl<E> From<protocol::Error> for Error<E> {
    fn from(error: protocol::Error) -> Self {
        Self::Login(error)
    }
}

impl<E> From<TransportError> for Error<E> {
    fn from(error: TransportError) -> Self {
        Self::Request(error)
    }
}

/// Runs a login to its end. With [`WaitLimits::server`], waits until the game is open before the login begins, and again
/// when the login finds the game closed or too busy.
///
/// # Errors
/// See [`Error`].
pub async fn drive<L: Login + Clone, E: Effects>(
    login: L,
    wait_limits: WaitLimits,
    effects: &mut E,
) -> Result<LoginOutcome, Error<E::Error>> {
    let Some(limit) = wait_limits.server else {
        return log_in(login, wait_limits, effects).await;
    };
    let mut availability = AvailabilityWait::new(effects.now() + limit);
    let mut closed_logins = 0;
    loop {
        if availability.until_open::<L, E>(effects).await? {
            closed_logins = 0;
        }
        match log_in(login.clone(), wait_limits, effects).await {
            Err(Error::Login(error)) => {
                closed_logins += u32::from(matches!(error, protocol::Error::Closed(_)));
                if closed_logins == CLOSED_LOGIN_LIMIT {
                    return Err(error.into());
                }
                availability.wait_after(error, effects).await?;
            }
            other => return other,
        }
    }
}

/// Runs one login from its first request to the ticket or the end of the update.
async fn log_in<L: Login, E: Effects>(
    login: L,
    wait_limits: WaitLimits,
    effects: &mut E,
) -> Result<LoginOutcome, Error<E::Error>> {
    let (request, sent) = login.begin();
    let mut step = exchange::<L, E>(request, sent, effects).await?;
    let mut queue_wait = QueueWait::new(wait_limits, effects.now());
    loop {
        let (request, sent) = match step {
            Step::Done(ticket) => return Ok(LoginOutcome::Ticket(ticket)),
            Step::Send(request, sent) => (request, sent),
            Step::Ask(question, asked) => {
                let answer = effects.ask(&question).await.map_err(Error::Effect)?;
                L::answer(asked, answer)
            }
            Step::DeleteToken(question, asked) => {
                effects.delete_token().await;
                step = Step::Ask(question, asked);
                continue;
            }
            Step::Store(launcher_token, storing) => {
                let stored = effects.store(launcher_token).await;
                stored.map_err(Error::Effect)?;
                L::stored(storing)
            }
            Step::Update(mirrors, updating) => {
                if !effects.update(mirrors).await.map_err(Error::Effect)? {
                    return Ok(LoginOutcome::Updated);
                }
                // The time that the download took does not count as waiting for the server.
                queue_wait = QueueWait::new(wait_limits, effects.now());
                L::updated(updating)
            }
            Step::Wait(
                Queue {
                    reason: QueueReason::Busy { tries, message },
                    pause,
                    ..
                },
                queued,
            ) => {
                queue_wait
                    .wait_while_busy(tries, message, pause, effects)
                    .await?;
                L::poll(queued)
            }
            Step::Wait(queue, queued) => {
                step = queue_wait.poll::<L, E>(&queue, &queued, effects).await?;
                continue;
            }
        };
        step = exchange::<L, E>(request, sent, effects).await?;
    }
}

/// Sends one request and returns the step that follows from its reply.
async fn exchange<L: Login, E: Effects>(
    request: Request,
    sent: L::Sent,
    effects: &mut E,
) -> Result<Step<L>, Error<E::Error>> {
    let reply = effects.send(request).await?;
    Ok(L::reply(sent, &reply)?)
}

#[cfg(test)]
mod tests;
