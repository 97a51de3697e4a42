//! Requests to Supercell ID for one address, and their failures.

use std::rc::Rc;

use super::stored::{self, StoredLogin};
use crate::auth::throttle::{self, pins::PinThrottle};
use crate::base::failure::{Failure, Reason};
use crate::base::quantity::duration_text;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::config::api::Api;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::failures::login::LoginFailures;
use crate::games::scid::catalog::AndroidGame;
use crate::games::scid::tokens::Tokens;
use crate::games::scid::{ID, NAME, Service};
use crate::protocol::{self, Refusal, Reply, Request};
use crate::terminal::event::{EventKind, ServiceName, Subject};

/// Supercell ID, in events.
pub(crate) const LABEL: ServiceName = ServiceName { id: ID, name: NAME };

/// A client of Supercell ID for one e-mail address.
#[derive(Debug)]
pub(crate) struct ScidClient<'a> {
    pub(crate) context: &'a Context,
    pub(crate) subject: Subject,
    pub(crate) service: Service,
    /// The origin that tokens are stored for.
    pub(crate) origin: String,
    /// The PIN that a stand-in server sent in place of an e-mail.
    pub(crate) rehearsal_pin: Option<Secret>,
    api: Api,
    /// Whether requests are sent with stored tokens.
    has_tokens: bool,
}

impl<'a> ScidClient<'a> {
    /// Returns a client for an address, which may not be known yet. `api` overrides the configuration.
    ///
    /// # Errors
    /// When a known host is malformed, which is a bug.
    pub(crate) fn new(
        context: &'a Context,
        email: Option<&str>,
        api: Option<&Api>,
    ) -> Result<Self, Failure> {
        let api = api.or(context.configuration.scid.api.as_ref());
        let api = api.cloned().unwrap_or_default();
        let service = Service::new(api.interface);
        Ok(Self {
            context,
            subject: Subject {
                game: Some(LABEL),
                account: None,
                username: email.map(ToOwned::to_owned),
            },
            service,
            origin: context.base_url(service.origin(), &api)?.origin(),
            rehearsal_pin: None,
            api,
            has_tokens: false,
        })
    }

    /// Sets the address that everything from now on is about.
    pub(crate) fn set_email(&mut self, email: &str) {
        self.subject.username = Some(email.to_owned());
    }

    /// Whether the server is the stand-in of a rehearsal, which answers without a person where nobody can be asked.
    pub(crate) const fn is_rehearsal(&self) -> bool {
        self.context.is_rehearsal()
    }

    /// Returns the command that logs in, for hints. The hints of a rehearsal do not lead to the real server.
    pub(crate) const fn login_command(&self) -> &'static str {
        if self.is_rehearsal() {
            "`playcookie rehearse scid -u EMAIL`"
        } else {
            "`playcookie scid login EMAIL --game GAME`"
        }
    }

    /// Returns the address, safe to show.
    pub(crate) fn email(&self) -> String {
        clean(self.subject.username.as_deref().unwrap_or("the player"))
    }

    /// Returns the logins whose tokens are stored: those of the address, or of all addresses when it is not known, and only
    /// those for `game` when one is given.
    ///
    /// # Errors
    /// As [`stored::logins`].
    pub(crate) async fn stored_logins(
        &self,
        game: Option<&'static AndroidGame>,
    ) -> Result<Vec<StoredLogin>, Failure> {
        let addresses = match &self.subject.username {
            Some(email) => vec![email.clone()],
            None => stored::addresses(&self.context.state, &self.origin),
        };
        let mut logins = Vec::new();
        for email in &addresses {
            let store = &self.context.credentials;
            logins.extend(stored::logins(store, &self.origin, email, game).await?);
        }
        Ok(logins)
    }

    /// Returns the stored tokens of a login, or `None` when one is missing.
    ///
    /// # Errors
    /// As [`stored::load`].
    pub(crate) async fn stored_tokens(
        &mut self,
        login: &StoredLogin,
    ) -> Result<Option<Tokens>, Failure> {
        let tokens = stored::load(&self.context.credentials, login).await?;
        self.has_tokens |= tokens.is_some();
        Ok(tokens)
    }

    /// Changes the recent requests for codes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn record(&self, change: impl Fn(&mut PinThrottle)) -> Result<(), Failure> {
        let changed = throttle::change_pin_requests(&self.context.state, change);
        changed.map_err(|error| stored::unwritable(&error))
    }

    /// Prints an event about the address.
    pub(crate) fn emit(&self, event: EventKind) {
        self.context.terminal.event(&self.subject.event(event));
    }

    /// Opens the endpoint, once per run.
    ///
    /// # Errors
    /// When no certificate authority can be loaded.
    pub(crate) fn endpoint(&self) -> Result<Rc<Endpoint>, Failure> {
        let host = self.service.origin();
        self.context.endpoint(NAME, host, &self.api, None)
    }

    /// Sends a request once.
    ///
    /// # Errors
    /// When no complete answer arrives.
    pub(crate) async fn send(&self, request: Request) -> Result<Reply, Failure> {
        let reply = self.endpoint()?.send(&request).await;
        reply.map_err(|error| self.failures().of_http(&error))
    }

    /// Returns the value that was read from a reply, or the failure.
    ///
    /// # Errors
    /// When the server refused the request, or its answer is not understood.
    pub(crate) fn read<T>(&self, read: Result<T, protocol::Error>) -> Result<T, Failure> {
        read.map_err(|error| self.failure(&error))
    }

    /// Returns the failure for an answer. The hints of the other games name a password and options that `scid` does not have.
    fn failure(&self, error: &protocol::Error) -> Failure {
        let failure = self.failures().of_protocol(error);
        let hint = match error {
            protocol::Error::Refused(Refusal::SignedOut, _) => {
                return self.unauthorized().with_code(error.message());
            }
            protocol::Error::Refused(Refusal::Code, _) => {
                "type the PIN of the newest e-mail; an older one no longer works"
            }
            protocol::Error::Refused(Refusal::Account, _) if self.is_rehearsal() => {
                "leave --refuse out: `playcookie rehearse scid -u EMAIL`"
            }
            protocol::Error::Refused(Refusal::Account, _) => {
                "if the address plays another game, name that: `playcookie scid login EMAIL --game GAME`"
            }
            protocol::Error::Refused(Refusal::Credentials, _) => "check the e-mail address",
            protocol::Error::TryLater { retry_after, .. } => {
                let pause = retry_after.filter(|pause| !pause.is_zero());
                let pause = pause.map_or_else(|| "a few minutes".to_owned(), duration_text);
                return Failure {
                    hint: format!("try again in {pause}"),
                    ..failure
                };
            }
            protocol::Error::Closed(_) => "try again later",
            _ => return failure,
        };
        Failure {
            hint: hint.to_owned(),
            ..failure
        }
    }

    /// The server refused the tokens, or a request that has none.
    fn unauthorized(&self) -> Failure {
        if self.has_tokens {
            return Failure::new(
                Reason::SignedOut,
                format!("{NAME} no longer accepts the tokens of {}", self.email()),
                "log in again with `playcookie scid login`, or import newer ones",
            );
        }
        Failure::new(
            Reason::NotUnderstood,
            format!(
                "{} does not take the request of {}: the server wants signed requests",
                self.origin,
                self.email()
            ),
            "playcookie signs none, so trying again does not help; what needs no server still works: whoami, tag, \
             games, play and token import",
        )
    }

    fn failures(&self) -> LoginFailures<'_> {
        let redactor = self.context.terminal.redactor();
        LoginFailures::new(NAME, &self.origin, &self.email(), None, redactor)
    }
}
