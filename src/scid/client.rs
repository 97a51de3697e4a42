//! Requests to Supercell ID for one address, and their failures.

use std::rc::Rc;

use super::stored;
use crate::auth::throttle::{self, pins::PinThrottle};
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::config::api::Api;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::failures::login::LoginFailures;
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
    api: Api,
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
            api,
        })
    }

    /// Sets the address that everything from now on is about.
    pub(crate) fn set_email(&mut self, email: &str) {
        self.subject.username = Some(email.to_owned());
    }

    /// Returns the address, safe to show.
    pub(crate) fn email(&self) -> String {
        clean(self.subject.username.as_deref().unwrap_or("the player"))
    }

    /// Returns the stored tokens of an address, or `None` when one is missing.
    ///
    /// # Errors
    /// As [`stored::load`].
    pub(crate) async fn stored_tokens(&self, email: &str) -> Result<Option<Tokens>, Failure> {
        stored::load(&self.context.credentials, &self.origin, email).await
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
        read.map_err(|error| match &error {
            protocol::Error::Refused(Refusal::SignedOut, _) => Failure::new(
                Reason::SignedOut,
                format!("{NAME} no longer accepts the tokens of {}", self.email()),
                "log in again with `playcookie scid login`, or import newer ones",
            ),
            error => self.failures().of_protocol(error),
        })
    }

    fn failures(&self) -> LoginFailures<'_> {
        let redactor = self.context.terminal.redactor();
        LoginFailures::new(NAME, &self.origin, &self.email(), None, redactor)
    }
}
