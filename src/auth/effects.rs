//! What the login loop needs of the outside: the network, the player, the secret store, the clock.

use std::time::Duration;

use super::login_plan::LoginPlan;
use super::remember::{RememberPolicy, record_removed, remember};
use super::revocation::{revocation_request, revoke_pending};
use super::throttle;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::context::Context;
use crate::failures::http_reason;
use crate::failures::login::signed_out;
use crate::games::CredentialKind;
use crate::launch::notification;
use crate::manifest::MirrorAddress;
use crate::protocol::driver::{self, Effects, RequestFailure, WaitReason};
use crate::protocol::{
    self, LauncherToken, Question, QuestionKind, Reply, Request, TransportError,
};
use crate::terminal::event::EventKind;

/// The effects of one login.
pub(super) struct LoginEffects<'a> {
    context: &'a Context,
    pub(super) plan: &'a mut LoginPlan,
    /// The position and ETA that were printed last.
    position: Option<(Option<u64>, Option<u64>)>,
    /// Whether the status of the last reply was 429.
    is_429: bool,
    /// Whether the player was told about the queue, if only a notification can tell.
    is_queue_announced: bool,
    /// Whether the login had to wait for admission.
    pub(super) has_waited: bool,
}

impl<'a> LoginEffects<'a> {
    /// Returns the effects of a login.
    pub(super) const fn new(context: &'a Context, plan: &'a mut LoginPlan) -> Self {
        Self {
            context,
            plan,
            position: None,
            is_429: false,
            is_queue_announced: false,
            has_waited: false,
        }
    }

    /// Returns how long every login of this game has to wait, when this one ended because of that.
    pub(super) fn asked_to_wait(&self, error: &driver::Error<Failure>) -> Option<Duration> {
        match error {
            driver::Error::Login(error) => throttle::asked_to_wait(error, self.is_429),
            _ => None,
        }
    }

    fn emit(&self, event: EventKind) {
        self.context
            .terminal
            .event(&self.plan.target.subject().event(event));
    }

    /// Tells the desktop about the queue where nothing that is printed is seen.
    fn notify_queued(&self, position: Option<u64>) {
        if !self.context.terminal.is_replaced_by_windows() {
            return;
        }
        let (target, eta) = (&self.plan.target, None);
        let event = target.subject().event(EventKind::Queued { position, eta });
        let title = event.sentence().unwrap_or_default();
        notification::show_meanwhile(&title, target.game_id.game().name);
    }

    fn emit_waiting(&self, reason: Reason, why: String, pause: Duration) {
        self.emit(EventKind::Waiting {
            reason: reason.name(),
            retry_in: pause.as_secs_f64(),
            why,
            then: "trying again",
        });
    }

    /// Reports a poll or status request that failed; `effect` says what that means.
    fn emit_request_failure(
        &mut self,
        failure: &RequestFailure<'_>,
        effect: &str,
        pause: Duration,
    ) {
        let (reason, what) = describe_failure(failure);
        // Print the next position, even when it is the same.
        self.position = None;
        self.emit_waiting(reason, format!("{what}; {effect}"), pause);
    }

    /// Returns the password in place of a token that the server no longer accepts.
    async fn password(&mut self, question: &Question) -> Result<Secret, Failure> {
        let game = self.plan.target.game_id.game();
        let Some(source) = self.plan.fallback.take() else {
            let account = self.plan.target.account.as_ref();
            let whose = account.map_or("the account", |account| &account.name);
            let said = question.message.clause(self.context.terminal.redactor());
            return Err(signed_out(game.name, whose, &said).with_code(Some(&question.message)));
        };
        self.context.terminal.say(format_args!(
            "{} no longer accepts the stored token",
            game.name
        ));
        let username = self.plan.target.username.as_deref().unwrap_or_default();
        let password = source.get(self.context, game.variables, username).await?;
        // If it is wrong, the login begins again with another password.
        self.plan.source = source;
        Ok(password)
    }
}

impl Effects for LoginEffects<'_> {
    type Error = Failure;

    async fn send(&mut self, request: Request) -> Result<Reply, TransportError> {
        let reply = self.plan.endpoint.send(&request).await;
        self.is_429 = reply.as_ref().is_ok_and(|reply| reply.status == 429);
        reply
    }

    async fn ask(&mut self, question: &Question) -> Result<Secret, Failure> {
        let kind = match question.kind {
            QuestionKind::Code => "code",
            QuestionKind::Password => "password",
        };
        let text = question.message.quote(self.context.terminal.redactor());
        self.emit(EventKind::Question {
            kind,
            text: text.unwrap_or_default(),
            again: question.again,
        });
        self.plan.queue = None;
        let answer = match question.kind {
            QuestionKind::Password => self.password(question).await?,
            QuestionKind::Code => {
                let target = &self.plan.target;
                let (game, subject) = (target.game_id.game(), target.subject());
                self.plan
                    .codes
                    .answer(question, self.context, game, &subject)
                    .await?
            }
        };
        // Print the next position, even when it is the same.
        self.position = None;
        Ok(answer)
    }

    async fn store(&mut self, launcher_token: LauncherToken) -> Result<(), Failure> {
        // To be revoked until it is stored, whatever happens in between.
        self.plan.pending_revocation = Some(launcher_token.revocation);
        match self.plan.remember {
            RememberPolicy::Yes(CredentialKind::Token, _) => {
                store_token(self.context, self.plan, &launcher_token.token).await;
            }
            RememberPolicy::Offer(_) => self.plan.offered_token = Some(launcher_token.token),
            _ => {}
        }
        Ok(())
    }

    async fn update(&mut self, mirrors: Vec<MirrorAddress>) -> Result<bool, Failure> {
        // A login that starts again finds the files up to date.
        let Some(update) = self.plan.update.take() else {
            return Ok(true);
        };
        update
            .run(self.context, &self.plan.target, &mirrors)
            .await?;
        Ok(!update.only)
    }

    async fn delete_token(&mut self) {
        let remove = async {
            let key = self
                .plan
                .target
                .owner(self.context)?
                .key(CredentialKind::Token);
            self.context.credentials.remove(&key).await?;
            match &self.plan.target.account {
                Some(account) => {
                    record_removed(self.context, &account.name, CredentialKind::Token).await
                }
                None => Ok(()),
            }
        };
        if let Err(failure) = remove.await {
            let terminal = &self.context.terminal;
            terminal.warn(&format!("the expired token is not forgotten: {failure}"));
        }
    }

    fn warn_status_unknown(&mut self, failure: RequestFailure<'_>) {
        let (_, what) = describe_failure(&failure);
        let game = self.plan.target.game_id.game().name;
        self.context.terminal.warn(&format!(
            "it is not known whether {game} is open: {what}; the login is tried all the same"
        ));
    }

    async fn wait(&mut self, why: WaitReason<'_>, pause: Duration) {
        self.has_waited |= matches!(
            why,
            WaitReason::Queue(_) | WaitReason::Busy | WaitReason::Unavailable(_)
        );
        match why {
            WaitReason::Queue(queue) => {
                let place = queue
                    .position
                    .map(|position| format!(" at position {position}"));
                self.plan.queue = Some(format!("the queue{}", place.unwrap_or_default()));
                let position = (queue.position, queue.eta);
                if !std::mem::replace(&mut self.is_queue_announced, true) {
                    self.notify_queued(queue.position);
                }
                if self.position.replace(position) != Some(position) {
                    self.emit(EventKind::Queued {
                        position: queue.position,
                        eta: queue.eta,
                    });
                }
            }
            WaitReason::Busy => {
                let why = "too many players want in at once".to_owned();
                self.emit_waiting(Reason::TryLater, why, pause);
            }
            WaitReason::PollFailed(failure) => {
                self.emit_request_failure(&failure, "the position in the queue is kept", pause);
            }
            WaitReason::StatusUnknown(failure) => {
                self.emit_request_failure(
                    &failure,
                    "it is not known whether the game is open",
                    pause,
                );
            }
            WaitReason::Unavailable(error) => {
                // The login starts again after this, and would leave its token behind.
                revoke_pending(&mut self.plan.pending_revocation, &self.plan.endpoint).await;
                let (reason, what) = match error {
                    protocol::Error::Closed(_) => (Reason::Closed, "the game is closed"),
                    _ => (Reason::TryLater, "the server asks to try later"),
                };
                let redactor = self.context.terminal.redactor();
                let message = error.message().and_then(|message| message.quote(redactor));
                let said = message.map(|message| format!(" (\"{message}\")"));
                let why = format!("{what}{}", said.unwrap_or_default());
                self.emit_waiting(reason, why, pause);
            }
        }
        if self.plan.queue.is_none() {
            return clock::sleep(pause).await;
        }
        tokio::select! {
            () = clock::sleep(pause) => {}
            () = self.context.terminal.output_closed() => {
                self.plan.output_closed.notify_one();
                // The login is stopped.
                std::future::pending::<()>().await;
            }
        }
    }

    fn now(&self) -> Duration {
        clock::monotonic()
    }
}

/// Stores a token that the player wants to keep, so that the one it replaces is revoked instead. A failure is printed.
pub(super) async fn store_token(context: &Context, plan: &mut LoginPlan, token: &Secret) {
    let RememberPolicy::Yes(kind, name) = &plan.remember else {
        return;
    };
    let stored = remember(context, &plan.target, *kind, name.as_deref(), token).await;
    if let Ok(before) = stored {
        let game_id = plan.target.game_id;
        plan.pending_revocation = before.and_then(|before| revocation_request(game_id, &before));
    }
}

/// Returns the reason and a clause for a request that failed and is not the end of the login.
fn describe_failure(failure: &RequestFailure<'_>) -> (Reason, String) {
    match failure {
        RequestFailure::Connection(error) => (http_reason(error), error.to_string()),
        RequestFailure::Reply(protocol::Error::TryLater { .. }) => {
            (Reason::TryLater, "too many requests".to_owned())
        }
        RequestFailure::Reply(
            protocol::Error::NotUnderstood(what) | protocol::Error::UnknownRefusal(what, _),
        ) => (
            Reason::NotUnderstood,
            format!("the server answered with {what}"),
        ),
        RequestFailure::Reply(protocol::Error::ServerFailed { status, .. }) => {
            let status = status.map(|status| format!(", HTTP {status}"));
            let what = format!("the server failed{}", status.unwrap_or_default());
            (Reason::ServerError, what)
        }
        RequestFailure::Reply(protocol::Error::Closed(_) | protocol::Error::Refused(..)) => {
            (Reason::Closed, Reason::Closed.manual_text().to_owned())
        }
    }
}
