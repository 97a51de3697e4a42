//! The world as a login sees it: the real network, the real terminal, the real clock.

pub(crate) mod signed_out;

use std::rc::Rc;
use std::time::Duration;

use super::codes::CodeSource;
use super::games::revocation;
use super::password::PasswordSource;
use super::remember::{RememberPolicy, Remembered, remember, unnote};
use super::revocation::PendingRevocation;
use super::target::LoginTarget;
use super::throttle;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::context::Context;
use crate::credentials::store::{CredentialOwner, CredentialStore};
use crate::endpoint::exchange;
use crate::games::CredentialKind;
use crate::http;
use crate::http::Client;
use crate::manifest::MirrorAddress;
use crate::protocol;
use crate::protocol::driver;
use crate::protocol::driver::{Effects, PollFailure, WaitReason};
use crate::protocol::{LauncherToken, Question, QuestionKind, Reply, Request, ServerMessage};
use crate::terminal::event::{EventKind, Subject};
use crate::update::game::at_login::AtLogin;

/// One login of one account.
pub(crate) struct Session<'a> {
    parts: Parts<'a>,
    revocation: &'a mut PendingRevocation,
    /// What was typed, to be masked in whatever a server says.
    typed: Vec<Secret>,
    /// The place in line that was told last.
    place: Option<(Option<u64>, Option<u64>)>,
    /// Whether the last answer was that there were too many requests.
    limited: bool,
}

/// What a session is made of.
pub(crate) struct Parts<'a> {
    pub(crate) context: &'a Context,
    pub(crate) credentials: &'a CredentialStore,
    pub(crate) target: &'a LoginTarget,
    pub(crate) owner: CredentialOwner,
    pub(crate) subject: &'a Subject,
    pub(crate) client: Rc<Client>,
    pub(crate) codes: CodeSource,
    /// Where a password comes from when a kept token is no longer good.
    pub(crate) instead: Option<PasswordSource>,
    pub(crate) saving: RememberPolicy,
    /// What to do with the files once the login tells where they are; nothing when that is done.
    pub(crate) update: Option<AtLogin>,
}

impl<'a> Session<'a> {
    /// A session that has sent nothing yet, and will send this `secret`.
    pub(crate) fn new(
        parts: Parts<'a>,
        secret: Secret,
        revocation: &'a mut PendingRevocation,
    ) -> Self {
        revocation.through(Rc::clone(&parts.client));
        Self {
            parts,
            revocation,
            typed: vec![secret],
            place: None,
            limited: false,
        }
    }

    /// How long every login of this game has to wait, when that is what this one ended with.
    pub(crate) fn asked_to_wait(&self, error: &driver::Error<Failure>) -> Option<Duration> {
        match error {
            driver::Error::Login(error) => throttle::asked_to_wait(error, self.limited),
            _ => None,
        }
    }

    /// What was typed, to be masked in whatever a server says.
    pub(crate) fn typed(&self) -> &[Secret] {
        &self.typed
    }

    /// Whether its questions could be answered again with nobody there.
    pub(crate) const fn is_repeatable(&self) -> bool {
        self.parts.codes.are_repeatable()
    }

    /// A server's words without what was typed.
    fn quote(&self, message: &ServerMessage) -> Option<String> {
        message.quote(&self.typed)
    }

    fn tell_waiting(&self, reason: Reason, why: String, pause: Duration) {
        self.tell(EventKind::Waiting {
            reason: reason.name(),
            retry_in: pause.as_secs_f64(),
            why,
            then: "trying again",
        });
    }

    fn tell(&self, what: EventKind) {
        self.parts
            .context
            .terminal
            .event(&self.parts.subject.event(what));
    }
}

impl Effects for Session<'_> {
    type Refusal = Failure;

    async fn send(&mut self, request: Request) -> Result<Reply, http::Error> {
        let reply = exchange::send(
            &self.parts.context.terminal,
            &self.parts.client,
            &request,
            &self.typed,
        )
        .await;
        self.limited = reply.as_ref().is_ok_and(|reply| reply.status == 429);
        reply
    }

    async fn ask(&mut self, question: &Question) -> Result<Secret, Failure> {
        let kind = match question.kind {
            QuestionKind::Code => "code",
            QuestionKind::Password => "password",
            QuestionKind::Pin => "pin",
        };
        let message = ServerMessage::new(self.quote(&question.message).as_deref());
        self.tell(EventKind::Question {
            kind,
            text: message.get().unwrap_or_default().to_owned(),
        });
        let question = Question {
            message,
            ..question.clone()
        };
        let answer = match question.kind {
            QuestionKind::Password => self.password(&question).await?,
            QuestionKind::Code | QuestionKind::Pin => {
                let game = self.parts.target.game_id.game();
                let terminal = &self.parts.context.terminal;
                self.parts
                    .codes
                    .answer(&question, terminal, game, self.parts.subject)
                    .await?
            }
        };
        self.typed.push(answer.clone());
        // The place in line after it is news, even when it is the one before.
        self.place = None;
        Ok(answer)
    }

    async fn keep(&mut self, launcher_token: LauncherToken) -> Result<bool, Failure> {
        // Owed until it is kept, whatever comes in between.
        self.revocation.owe(launcher_token.revocation);
        let RememberPolicy::Yes(CredentialKind::Token, name) = &self.parts.saving else {
            return Ok(false);
        };
        let what = (CredentialKind::Token, name.as_deref());
        let Parts {
            context,
            credentials,
            target,
            owner,
            ..
        } = &self.parts;
        let token = &launcher_token.token;
        match remember(context, credentials, target, owner, what, token).await {
            Remembered::No => Ok(false),
            Remembered::Yes(before) => {
                let before = before.and_then(|before| revocation(target.game_id, &before));
                self.revocation.owe_only(before);
                Ok(true)
            }
        }
    }

    async fn update(&mut self, mirrors: Vec<MirrorAddress>) -> Result<bool, Failure> {
        // A login that begins anew finds the files as they should be.
        let Some(update) = self.parts.update.take() else {
            return Ok(true);
        };
        let Parts {
            context, target, ..
        } = &self.parts;
        update
            .bring(context, target, self.parts.subject, &mirrors)
            .await?;
        Ok(!update.only)
    }

    async fn forget(&mut self) {
        let forgotten = self.parts.credentials.remove(
            self.parts.context,
            &self.parts.owner,
            CredentialKind::Token,
        );
        let noted = match (forgotten.await, &self.parts.target.account) {
            (Ok(_), Some(account)) => {
                unnote(self.parts.context, &account.name, CredentialKind::Token).await
            }
            (outcome, _) => outcome.map(drop),
        };
        if let Err(failure) = noted {
            let terminal = &self.parts.context.terminal;
            terminal.warn(&format!(
                "the token that is no longer good is not forgotten: {failure}"
            ));
        }
    }

    async fn wait(&mut self, why: WaitReason<'_>, pause: Duration) {
        match why {
            WaitReason::Queue(queue) => {
                let place = (queue.position, queue.eta);
                if self.place.replace(place) != Some(place) {
                    self.tell(EventKind::Queued {
                        position: queue.position,
                        eta: queue.eta,
                    });
                }
            }
            WaitReason::Busy => {
                self.tell_waiting(
                    Reason::TryLater,
                    "too many players want in at once".to_owned(),
                    pause,
                );
            }
            WaitReason::LostPoll(loss) => self.come_back(&loss, "the place in line is kept", pause),
            WaitReason::NoAnswer(loss) => {
                self.come_back(&loss, "it is not known whether the game is open", pause);
            }
            WaitReason::Closed(error) => {
                // The login starts anew after this, so a token of this one would be left behind.
                self.revocation.revoke(&self.parts.context.terminal).await;
                let (reason, message) = match error {
                    protocol::Error::Closed(message) => (Reason::Closed, self.quote(message)),
                    _ => (Reason::TryLater, None),
                };
                let said = message
                    .map(|message| format!(" (\"{message}\")"))
                    .unwrap_or_default();
                self.tell_waiting(reason, format!("{}{said}", reason.meaning()), pause);
            }
        }
        clock::sleep(pause).await;
    }

    fn now(&self) -> Duration {
        clock::monotonic()
    }
}

impl Session<'_> {
    fn come_back(&mut self, loss: &PollFailure<'_>, so: &str, pause: Duration) {
        let (reason, what) = match loss {
            PollFailure::Connection(error) => (Reason::Network, error.to_string()),
            PollFailure::Status(429) => (Reason::TryLater, "too many requests".to_owned()),
            PollFailure::Status(status) => (
                Reason::ServerError,
                format!("the server failed, HTTP {status}"),
            ),
        };
        // The next place in line is news again.
        self.place = None;
        self.tell_waiting(reason, format!("{what}; {so}"), pause);
    }
}
