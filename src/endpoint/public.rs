//! Asking a game for what it tells anybody, and saying in a sentence why it did not.

use super::exchange;
use crate::auth::login_plan::Endpoint;
use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::http;
use crate::protocol;
use crate::protocol::{Reply, Request};

/// A game that is asked, at one place.
pub(crate) struct Asked<'a> {
    context: &'a Context,
    name: &'static str,
    place: &'a Endpoint,
}

impl<'a> Asked<'a> {
    /// A game of that name, for people, at that place.
    pub(crate) fn new(context: &'a Context, name: &'static str, place: &'a Endpoint) -> Self {
        Self {
            context,
            name,
            place,
        }
    }

    /// Sends a request once, and reads what the reply means.
    ///
    /// # Errors
    /// Those of [`Self::read`].
    pub(crate) async fn ask<T>(
        &self,
        request: Request,
        read: impl Fn(&Reply) -> Result<T, protocol::Error>,
    ) -> Result<T, Failure> {
        let reply = self.send(request).await;
        self.read(reply, read)
    }

    /// Sends a request once, and tells of it those who asked for details.
    ///
    /// # Errors
    /// When no answer comes; [`Self::read`] says it in a sentence.
    pub(crate) async fn send(&self, request: Request) -> Result<Reply, http::Error> {
        exchange::send(&self.context.terminal, &self.place.client, &request, &[]).await
    }

    /// What a reply means, after what reads it.
    ///
    /// # Errors
    /// When there is no reply or it is not what was asked for, with the reason of the exit-status table.
    pub(crate) fn read<T>(
        &self,
        reply: Result<Reply, http::Error>,
        read: impl Fn(&Reply) -> Result<T, protocol::Error>,
    ) -> Result<T, Failure> {
        let reply = reply.map_err(|error| self.lost(&error))?;
        read(&reply).map_err(|error| self.refused(&error))
    }

    /// No answer came.
    pub(crate) fn lost(&self, error: &http::Error) -> Failure {
        let reason = exchange::reason(error);
        let message = format!(
            "{} cannot be asked at {}: {error}",
            self.name, self.place.origin
        );
        Failure::new(reason, message, exchange::CHECK)
    }

    /// The answer is not what was asked for.
    pub(crate) fn refused(&self, error: &protocol::Error) -> Failure {
        let said = |message: &protocol::ServerMessage| {
            let message = message.get();
            message
                .map(|message| format!(": \"{message}\""))
                .unwrap_or_default()
        };
        let name = self.name;
        let (reason, message, hint) = match error {
            protocol::Error::NotUnderstood(what) => (
                Reason::NotUnderstood,
                format!("{} answered with {what}", self.place.origin),
                "its interface may have changed, or something in between answered; -vv shows the shape of the answer",
            ),
            protocol::Error::TryLater { message, .. } => (
                Reason::TryLater,
                format!("{name} asks to try later{}", said(message)),
                "ask less often; try again in a minute",
            ),
            protocol::Error::Closed(message) | protocol::Error::Refused(_, message) => (
                Reason::Closed,
                format!("{name} does not tell{}", said(message)),
                "try again later",
            ),
            protocol::Error::ServerFailed { status, message } => {
                let status = status.map(|status| format!(" (HTTP {status})"));
                let status = status.unwrap_or_default();
                (
                    Reason::ServerError,
                    format!("the server of {name} failed{status}{}", said(message)),
                    "try again in a few minutes",
                )
            }
        };
        Failure::new(reason, message, hint)
    }
}
