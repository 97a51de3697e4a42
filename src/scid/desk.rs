//! Where requests of Supercell ID go, on whose behalf, and what their failures mean.

use std::rc::Rc;

use super::throttle::Pace;
use crate::auth::failures::Report;
use crate::auth::log_in;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::cli::scid::Who;
use crate::cli::values::Api;
use crate::context::{Context, RunError};
use crate::endpoint::exchange;
use crate::games::scid::pacing::Pacing;
use crate::games::scid::{ID, NAME, Service};
use crate::http::{BaseUrl, Client};
use crate::protocol;
use crate::protocol::{Reply, Request};
use crate::terminal::event::{EventKind, Label, Subject};

/// One Supercell ID at one host.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) context: &'a Context,
    pub(crate) subject: Subject,
    pub(crate) service: Service,
    pub(crate) pace: Pace,
    root: BaseUrl,
    client: Option<Rc<Client>>,
    /// What was typed, to be masked in whatever the server says.
    typed: Vec<Secret>,
}

impl<'a> Desk<'a> {
    /// For an address that may be left out, at the host that was named or is usual.
    pub(crate) fn of(context: &'a Context, who: &Who) -> Result<Self, RunError> {
        Self::at(context, who.email.as_deref(), who.api.as_ref())
    }

    pub(crate) fn at(
        context: &'a Context,
        email: Option<&str>,
        api: Option<&Api>,
    ) -> Result<Self, RunError> {
        let subject = Subject {
            game: Some(Label { id: ID, name: NAME }),
            account: None,
            username: email.map(ToOwned::to_owned),
        };
        let api = api.or(context.configuration.scid.api.as_ref());
        let api = api.cloned().unwrap_or_default();
        let service = Service::new(api.interface);
        let root = api
            .url
            .map_or_else(|| log_in::usual_root(service.host()), Ok);
        let root = root.map_err(|failure| RunError::new(subject.clone(), failure))?;
        Ok(Self {
            context,
            subject,
            service,
            pace: Pace::Kept,
            root,
            client: None,
            typed: Vec::new(),
        })
    }

    /// The host, as tokens are kept for it.
    pub(crate) fn origin(&self) -> String {
        self.root.origin()
    }

    /// Everything from here on is about this address.
    pub(crate) fn about(&mut self, email: &str) {
        self.subject.username = Some(email.to_owned());
    }

    /// Something that was typed, and is not to be repeated.
    pub(crate) fn hide(&mut self, secret: &Secret) {
        self.typed.push(secret.clone());
    }

    /// Changes what is known of requests for codes.
    pub(crate) fn pace(&self, change: impl Fn(&mut Pacing)) -> Result<(), RunError> {
        self.pace
            .change(change)
            .map_err(|failure| self.trouble(failure))
    }

    pub(crate) fn tell(&self, what: EventKind) {
        self.context.terminal.event(&self.subject.event(what));
    }

    /// Sets the connection up, so that what is wrong with it is known before anything is asked.
    pub(crate) fn connect(&mut self) -> Result<Rc<Client>, RunError> {
        if let Some(client) = &self.client {
            return Ok(Rc::clone(client));
        }
        let client = Client::new(self.root.clone(), self.context.limits);
        let client = Rc::new(client.map_err(|why| self.trouble(log_in::untrusting(&why)))?);
        self.client = Some(Rc::clone(&client));
        Ok(client)
    }

    /// Sends a request once.
    pub(crate) async fn call(&mut self, request: Request) -> Result<Reply, RunError> {
        let client = self.connect()?;
        let outcome = exchange::send(&self.context.terminal, &client, &request, &self.typed).await;
        outcome.map_err(|error| self.trouble(self.report(|report| report.lost(&error))))
    }

    /// What a reply was read as.
    pub(crate) fn read<T>(&self, read: Result<T, protocol::Error>) -> Result<T, RunError> {
        read.map_err(|error| {
            self.trouble(self.report(|report| match &error {
                protocol::Error::Refused(protocol::Refusal::SignedOut, _) => {
                    signed_out(report.username)
                }
                error => report.refused(error, &self.typed),
            }))
        })
    }

    /// A failure of this Supercell ID.
    pub(crate) fn trouble(&self, failure: impl Into<Failure>) -> RunError {
        RunError::new(self.subject.clone(), failure.into())
    }

    fn report(&self, failure: impl Fn(&Report<'_>) -> Failure) -> Failure {
        let username =
            crate::base::sanitize::clean(self.subject.username.as_deref().unwrap_or("the player"));
        failure(&Report {
            service: NAME,
            username: &username,
            account: None,
            origin: self.origin(),
        })
    }
}

fn signed_out(username: &str) -> Failure {
    Failure::new(
        Reason::SignedOut,
        format!("{NAME} no longer takes the tokens of {username}"),
        "log in again with `playcookie scid login`, or import newer ones",
    )
}
