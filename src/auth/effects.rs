//! What the login loop needs of the outside: the network, the player, the secret store, the clock.

use std::rc::Rc;
use std::time::Duration;

use super::codes::CodeSource;
use super::failures::signed_out;
use super::games::revocation;
use super::password::PasswordSource;
use super::remember::{RememberPolicy, remember, remove_note};
use super::revocation::PendingRevocation;
use super::target::LoginTarget;
use super::throttle;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::CredentialKind;
use crate::http;
use crate::manifest::MirrorAddress;
use crate::protocol::driver::{self, Effects, RequestFailure, WaitReason};
use crate::protocol::{self, LauncherToken, Question, QuestionKind, Reply, Request, ServerMessage};
use crate::terminal::event::{EventKind, Subject};
use crate::update::game::LoginUpdate;

/// The effects of one login.
pub(super) struct LoginEffects<'a> {
    pub(super) context: &'a Context,
    pub(super) target: &'a LoginTarget,
    pub(super) subject: &'a Subject,
    pub(super) endpoint: Rc<Endpoint>,
    pub(super) codes: CodeSource,
    /// Where a password comes from when the server no longer accepts a stored token.
    pub(super) fallback: Option<PasswordSource>,
    pub(super) remember: RememberPolicy,
    /// The update in the middle of the login, until it is done.
    pub(super) update: Option<LoginUpdate>,
    pub(super) revocation: &'a mut PendingRevocation,
    /// The secrets of this login, masked in everything that a server sent.
    pub(super) secrets: Vec<Secret>,
    /// The position and ETA that were printed last.
    pub(super) position: Option<(Option<u64>, Option<u64>)>,
    /// Whether the status of the last reply was 429.
    pub(super) is_429: bool,
}

impl LoginEffects<'_> {
    /// Returns how long every login of this game has to wait, when this one ended because of that.
    pub(super) fn asked_to_wait(&self, error: &driver::Error<Failure>) -> Option<Duration> {
        match error {
            driver::Error::Login(error) => throttle::asked_to_wait(error, self.is_429),
            _ => None,
        }
    }

    fn emit(&self, event: EventKind) {
        self.context.terminal.event(&self.subject.event(event));
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
    fn emit_poll_failure(&mut self, failure: &RequestFailure<'_>, effect: &str, pause: Duration) {
        let (reason, what) = match failure {
            RequestFailure::Connection(error) => (Reason::Network, error.to_string()),
            RequestFailure::Status(429) => (Reason::TryLater, "too many requests".to_owned()),
            RequestFailure::Status(status) => (
                Reason::ServerError,
                format!("the server failed, HTTP {status}"),
            ),
        };
        // Print the next position, even when it is the same.
        self.position = None;
        self.emit_waiting(reason, format!("{what}; {effect}"), pause);
    }

    /// Returns the password in place of a token that the server no longer accepts.
    async fn password(&mut self, question: &Question) -> Result<Secret, Failure> {
        let game = self.target.game_id.game();
        let Some(source) = self.fallback.take() else {
            let account = self.target.account.as_ref();
            let whose = account.map_or("the account", |account| &account.name);
            return Err(signed_out(game.name, whose, &question.message));
        };
        self.context.terminal.say(format_args!(
            "{} no longer takes the stored token",
            game.name
        ));
        let username = self.target.username.as_deref().unwrap_or_default();
        source.get(self.context, game.variables, username).await
    }
}

impl Effects for LoginEffects<'_> {
    type Error = Failure;

    async fn send(&mut self, request: Request) -> Result<Reply, http::Error> {
        let reply = self.endpoint.send(&request, &self.secrets).await;
        self.is_429 = reply.as_ref().is_ok_and(|reply| reply.status == 429);
        reply
    }

    async fn ask(&mut self, question: &Question) -> Result<Secret, Failure> {
        let kind = match question.kind {
            QuestionKind::Code => "code",
            QuestionKind::Password => "password",
            QuestionKind::Pin => "pin",
        };
        let message = question.message.quote(&self.secrets);
        let question = Question {
            message: ServerMessage::new(message.as_deref()),
            ..question.clone()
        };
        let text = question.message.get().unwrap_or_default().to_owned();
        self.emit(EventKind::Question { kind, text });
        let answer = match question.kind {
            QuestionKind::Password => self.password(&question).await?,
            QuestionKind::Code | QuestionKind::Pin => {
                let game = self.target.game_id.game();
                self.codes
                    .answer(&question, self.context, game, self.subject)
                    .await?
            }
        };
        self.secrets.push(answer.clone());
        // Print the next position, even when it is the same.
        self.position = None;
        Ok(answer)
    }

    async fn store(&mut self, launcher_token: LauncherToken) -> Result<bool, Failure> {
        // To be revoked until it is stored, whatever happens in between.
        self.revocation.set(Some(launcher_token.revocation));
        let RememberPolicy::Yes(CredentialKind::Token, name) = &self.remember else {
            return Ok(false);
        };
        let (kind, name, token) = (
            CredentialKind::Token,
            name.as_deref(),
            &launcher_token.token,
        );
        match remember(self.context, self.target, kind, name, token).await {
            Err(()) => Ok(false),
            Ok(before) => {
                let before = before.and_then(|before| revocation(self.target.game_id, &before));
                self.revocation.set(before);
                Ok(true)
            }
        }
    }

    async fn update(&mut self, mirrors: Vec<MirrorAddress>) -> Result<bool, Failure> {
        // A login that starts again finds the files up to date.
        let Some(update) = self.update.take() else {
            return Ok(true);
        };
        update.run(self.context, self.target, &mirrors).await?;
        Ok(!update.only)
    }

    async fn delete_token(&mut self) {
        let forget = async {
            let key = self.target.owner(self.context)?.key(CredentialKind::Token);
            self.context.credentials.remove(&key).await?;
            match &self.target.account {
                Some(account) => {
                    remove_note(self.context, &account.name, CredentialKind::Token).await
                }
                None => Ok(()),
            }
        };
        if let Err(failure) = forget.await {
            let terminal = &self.context.terminal;
            terminal.warn(&format!("the expired token is not forgotten: {failure}"));
        }
    }

    async fn wait(&mut self, why: WaitReason<'_>, pause: Duration) {
        match why {
            WaitReason::Queue(queue) => {
                let position = (queue.position, queue.eta);
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
                self.emit_poll_failure(&failure, "the position in the queue is kept", pause);
            }
            WaitReason::StatusUnknown(failure) => {
                self.emit_poll_failure(&failure, "it is not known whether the game is open", pause);
            }
            WaitReason::Unavailable(error) => {
                // The login starts again after this, and would leave its token behind.
                self.revocation.revoke(&self.context.terminal).await;
                let (reason, message) = match error {
                    protocol::Error::Closed(message) => {
                        (Reason::Closed, message.quote(&self.secrets))
                    }
                    _ => (Reason::TryLater, None),
                };
                let said = message.map(|message| format!(" (\"{message}\")"));
                let why = format!("{}{}", reason.meaning(), said.unwrap_or_default());
                self.emit_waiting(reason, why, pause);
            }
        }
        clock::sleep(pause).await;
    }

    fn now(&self) -> Duration {
        clock::monotonic()
    }
}
