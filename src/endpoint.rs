//! Where the requests of a service go, and the HTTP client that sends them.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::base::clock;
use crate::base::failure::Failure;
use crate::failures;
use crate::games::Interface;
use crate::http::Client;
use crate::protocol::{self, Reply, Request, TransportError, trace};
use crate::terminal::Terminal;

/// How long a request waits for the one before it.
const MAX_TURN: Duration = Duration::from_secs(2);

/// A service's interface, origin and HTTP client; opened by [`Context::endpoint`](crate::context::Context::endpoint).
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// The service's name for people.
    pub(crate) service: &'static str,
    pub(crate) interface: Interface,
    /// Scheme, host and port, as secrets are stored for it.
    pub(crate) origin: String,
    /// Host and port of the base URL that replaces the hosts of the service; none at the usual host.
    pub(crate) authority: Option<String>,
    pub(crate) client: Client,
    pub(crate) terminal: Rc<Terminal>,
    /// Held during a request. Requests that follow each other share one connection; a slow one is not waited for.
    pub(crate) turn: Semaphore,
}

impl Endpoint {
    /// Sends a request once. The tokens in the answer are secrets from then on.
    ///
    /// # Errors
    /// When no complete answer arrives.
    pub(crate) async fn send(&self, request: &Request) -> Result<Reply, TransportError> {
        let terminal = &self.terminal;
        let _turn = clock::timeout(MAX_TURN, self.turn.acquire()).await;
        terminal.detail(2, || format!("> {}", trace::describe_request(request)));
        let before = clock::monotonic();
        let outcome = self.client.send(request).await;
        let taken = clock::monotonic().saturating_sub(before).as_millis();
        terminal.detail(1, || match &outcome {
            Ok(reply) => format!("{}: HTTP {} after {taken} ms", request.path, reply.status),
            Err(error) => format!("{}: {error} after {taken} ms", request.path),
        });
        if let Ok(reply) = &outcome {
            let redactor = terminal.redactor();
            for token in trace::tokens(reply) {
                redactor.add(&token);
            }
            terminal.detail(2, || {
                format!("< {}", trace::describe_reply(reply, redactor))
            });
        }
        outcome
    }

    /// Sends a request for public data once, and reads the answer.
    ///
    /// # Errors
    /// When no complete answer arrives, or `read` refuses it.
    pub(crate) async fn get<T>(
        &self,
        request: Request,
        read: impl Fn(&Reply) -> Result<T, protocol::Error>,
    ) -> Result<T, Failure> {
        let reply = self.send(&request).await;
        self.read(reply, read)
    }

    /// Reads the answer to a request for public data.
    ///
    /// # Errors
    /// When there is no answer, or `read` refuses it.
    pub(crate) fn read<T>(
        &self,
        reply: Result<Reply, TransportError>,
        read: impl Fn(&Reply) -> Result<T, protocol::Error>,
    ) -> Result<T, Failure> {
        let reply =
            reply.map_err(|error| failures::no_public_data(self.service, &self.origin, &error))?;
        let redactor = self.terminal.redactor();
        read(&reply)
            .map_err(|error| failures::public_data(self.service, &self.origin, &error, redactor))
    }
}
