//! Where the requests of a service go, over one HTTP client that is opened once per run.

use std::rc::Rc;

use crate::auth::failures;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::config::api::Api;
use crate::context::Context;
use crate::games::{Game, Interface};
use crate::http::{self, Client, Root};
use crate::protocol::{self, Reply, Request, trace};
use crate::terminal::Terminal;

/// A service's interface, origin and HTTP client.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// The service's name for people.
    pub(crate) service: &'static str,
    pub(crate) interface: Interface,
    /// Scheme, host and port, as secrets are stored for it.
    pub(crate) origin: String,
    /// Host and port that replace those the protocol knows, when a root was named.
    pub(crate) authority: Option<String>,
    client: Client,
    terminal: Rc<Terminal>,
}

impl Endpoint {
    /// Opens the endpoint of a game, or returns the one that is open. The interface's warning is printed when it opens.
    ///
    /// # Errors
    /// When no certificate authority can be loaded.
    pub(crate) fn of_game(context: &Context, game: &Game, api: &Api) -> Result<Rc<Self>, Failure> {
        let known = game.api(api.interface);
        let warning = known.warning.filter(|_| named_root(context, api).is_none());
        Self::open(context, game.name, known.host, api, warning)
    }

    /// Opens the endpoint of a service at its usual host, or at the root that was named instead.
    ///
    /// # Errors
    /// As [`Endpoint::of_game`].
    pub(crate) fn open(
        context: &Context,
        service: &'static str,
        host: &str,
        api: &Api,
        warning: Option<&str>,
    ) -> Result<Rc<Self>, Failure> {
        let root = root(context, host, api)?;
        let (interface, origin) = (api.interface, root.origin());
        let mut endpoints = context.endpoints.borrow_mut();
        let is_it = |open: &&Rc<Self>| {
            (open.service, open.interface) == (service, interface) && open.origin == origin
        };
        if let Some(open) = endpoints.iter().find(is_it) {
            return Ok(Rc::clone(open));
        }
        if let Some(warning) = warning {
            context.terminal.warn(warning);
        }
        let client =
            Client::new(root, context.limits).map_err(|error| failures::no_roots(&error))?;
        let endpoint = Rc::new(Self {
            service,
            interface,
            origin,
            authority: named_root(context, api).as_ref().map(Root::authority),
            client,
            terminal: Rc::clone(&context.terminal),
        });
        endpoints.push(Rc::clone(&endpoint));
        Ok(endpoint)
    }

    /// Sends a request once. `secrets` are masked in the details that `-v` shows of the answer.
    ///
    /// # Errors
    /// When no complete answer arrives.
    pub(crate) async fn send(
        &self,
        request: &Request,
        secrets: &[Secret],
    ) -> Result<Reply, http::Error> {
        let terminal = &self.terminal;
        terminal.detail(2, || format!("> {}", trace::request(request)));
        let before = clock::monotonic();
        let outcome = self.client.send(request).await;
        let taken = clock::monotonic().saturating_sub(before).as_millis();
        terminal.detail(1, || match &outcome {
            Ok(reply) => format!("{}: HTTP {} after {taken} ms", request.path, reply.status),
            Err(error) => format!("{}: {error} after {taken} ms", request.path),
        });
        if let Ok(reply) = &outcome {
            terminal.detail(2, || format!("< {}", trace::reply(reply, secrets)));
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
        let reply = self.send(&request, &[]).await;
        self.read(reply, read)
    }

    /// Reads the answer to a request for public data.
    ///
    /// # Errors
    /// When there is no answer, or `read` refuses it.
    pub(crate) fn read<T>(
        &self,
        reply: Result<Reply, http::Error>,
        read: impl Fn(&Reply) -> Result<T, protocol::Error>,
    ) -> Result<T, Failure> {
        let reply =
            reply.map_err(|error| failures::no_public_data(self.service, &self.origin, &error))?;
        read(&reply).map_err(|error| failures::public_data(self.service, &self.origin, &error))
    }
}

/// Returns the root that replaces every host of a game: the rehearsal's, else the configured or typed one.
pub(crate) fn named_root(context: &Context, api: &Api) -> Option<Root> {
    context.root.clone().or_else(|| api.root.clone())
}

/// Returns the root that requests to `host` are sent to.
///
/// # Errors
/// When a host that this program knows is malformed, which is a bug.
pub(crate) fn root(context: &Context, host: &str, api: &Api) -> Result<Root, Failure> {
    match named_root(context, api) {
        Some(root) => Ok(root),
        None => host
            .parse()
            .map_err(|error| failures::bad_host(host, error)),
    }
}
