//! The only door to the network, and the only place that knows reqwest.
//!
//! No redirects, https or loopback, a cap on size and on time, one retry of a connection that never was made: the
//! rules of `protocols/README.md`.

mod download;
mod root;
mod trust;

use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client as Pool, ClientBuilder, redirect, retry};

use crate::base::clock;
use crate::protocol::{Method, Reply, Request};
pub use download::{Download, Resume, Validator};
pub use root::{BadRoot, Root};
pub use trust::BadRoots;

/// The most that an API answer may hold.
const LARGEST_ANSWER: usize = MIB;
const MIB: usize = 1024 * 1024;
/// Who is asking; Corporate Clash requires it, Toontown Rewritten asks for it, both within 100 characters.
const USER_AGENT: &str = concat!(
    "playcookie/",
    env!("CARGO_PKG_VERSION"),
    " (+",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection is there.
    pub connect: Duration,
    /// Between two signs of life.
    pub silence: Duration,
    /// From the first byte sent to the last received.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            whole: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The limits of `--timeout`: for connecting and for silence, and three times that for the whole request.
    pub fn of(timeout: Duration) -> Self {
        Self {
            connect: timeout,
            silence: timeout,
            whole: timeout.saturating_mul(3),
        }
    }
}

/// A request that had no whole answer. Neither the URL nor anything that was sent is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No connection was made, and nothing was sent.
    #[error("no connection ({0})")]
    Connect(String),
    /// The server could not prove who it is.
    #[error("no secure connection ({0})")]
    Tls(String),
    /// The server took too long.
    #[error("no answer in time")]
    Timeout,
    /// The connection ended before the answer did.
    #[error("the connection was lost before the answer was whole")]
    Broken,
    /// The answer did not end.
    #[error("an answer of more than {0} MiB")]
    TooLarge(usize),
    /// The answer is not HTTP, or the request cannot be written as such.
    #[error("an answer that is not HTTP")]
    NotHttp,
}

impl Error {
    /// Whether the next try may go well: the connection was lost, not the sense.
    pub const fn is_loss(&self) -> bool {
        !matches!(self, Self::TooLarge(_) | Self::NotHttp | Self::Tls(_))
    }
}

/// Sends requests to one root, over one pool of connections.
pub struct Client {
    pool: Pool,
    root: Root,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client for `root`. Reads the roots of trust, unless the root is plain http.
    ///
    /// # Errors
    /// When `SSL_CERT_FILE` or `SSL_CERT_DIR` names nothing usable.
    pub fn new(root: Root, limits: Limits) -> Result<Self, BadRoots> {
        let builder = ClientBuilder::new()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(limits.connect)
            .read_timeout(limits.silence)
            .timeout(limits.whole)
            .tls_backend_preconfigured(trust::configuration(root.is_secure())?);
        let builder = match root.loopback() {
            // A proxy named in the environment would get the password in clear.
            Some(address) => builder.no_proxy().resolve("localhost", address),
            None => builder.https_only(true),
        };
        let pool = builder
            .build()
            .map_err(|error| BadRoots::Unusable(innermost(&error)))?;
        Ok(Self { pool, root })
    }

    /// Whether its root is on this machine.
    pub fn is_on_this_machine(&self) -> bool {
        self.root.loopback().is_some()
    }

    /// One for another root over the same pool of connections; nothing when that root needs a pool of its own: what goes
    /// to this machine is not mixed with what goes elsewhere.
    pub fn beside(&self, root: &Root) -> Option<Self> {
        let is_abroad = |root: &Root| root.is_secure() && root.loopback().is_none();
        let is_alike = is_abroad(&self.root) && is_abroad(root);
        (is_alike || self.root.origin() == root.origin()).then(|| Self {
            pool: self.pool.clone(),
            root: root.clone(),
        })
    }

    /// Sends a request once; a connection that never was made is tried a second time.
    ///
    /// # Errors
    /// When no whole answer came. An HTTP status is an answer.
    pub async fn send(&self, request: &Request) -> Result<Reply, Error> {
        match self.attempt(request).await {
            Err(Error::Connect(_)) => self.attempt(request).await,
            outcome => outcome,
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Reply, Error> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut outgoing = self.pool.request(method, self.root.join(request.path));
        for (name, value) in &request.headers {
            let mut value = HeaderValue::from_str(value.reveal()).map_err(|_| Error::NotHttp)?;
            value.set_sensitive(true);
            outgoing = outgoing.header(*name, value);
        }
        if let Some((kind, body)) = request.body() {
            outgoing = outgoing
                .header(CONTENT_TYPE, kind)
                .body(body.as_str().to_owned());
        }
        let response = outgoing.send().await.map_err(|error| explain(&error))?;
        receive(response, LARGEST_ANSWER).await
    }
}

/// Reads an answer of at most so many bytes by chunks.
async fn receive(mut response: reqwest::Response, most: usize) -> Result<Reply, Error> {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(pause);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| explain(&error))? {
        if body.len().saturating_add(chunk.len()) > most {
            return Err(Error::TooLarge(most / MIB));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply::new(status, body).retry_after(retry_after))
}

/// `Retry-After`: seconds, or a date.
fn pause(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let seconds = text.parse().map(Duration::from_secs);
    seconds
        .ok()
        .or_else(|| httpdate::parse_http_date(text).ok().map(clock::time_until))
}

/// What went wrong, without the URL.
fn explain(error: &reqwest::Error) -> Error {
    // Later, a broken record may come after the request arrived.
    if error.is_connect()
        && let Some(tls) = cause::<rustls::Error>(error)
    {
        return Error::Tls(trust::explain(tls));
    }
    if error.is_connect() && error.is_timeout() {
        return Error::Connect("it took too long".to_owned());
    }
    if error.is_timeout() {
        return Error::Timeout;
    }
    if error.is_connect() {
        return Error::Connect(innermost(error));
    }
    match cause::<hyper::Error>(error) {
        Some(hyper) if hyper.is_parse() || hyper.is_parse_status() => Error::NotHttp,
        _ => Error::Broken,
    }
}

/// The first error of a type among the causes, also inside I/O errors, whose `source` skips what they hold.
fn cause<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let held = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    None
}

/// The last cause's words: the system's own, such as "Connection refused".
fn innermost(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(error) = last.source() {
        last = error;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_the_program_within_a_hundred_characters() {
        assert!(USER_AGENT.starts_with("playcookie/") && USER_AGENT.contains("(+https://"));
        assert!(USER_AGENT.len() <= 100);
    }

    #[test]
    fn retry_after_may_be_seconds_or_a_date() {
        assert_eq!(
            pause(&HeaderValue::from_static("120")),
            Some(Duration::from_mins(2))
        );
        assert_eq!(
            pause(&HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT")),
            Some(Duration::ZERO)
        );
        assert_eq!(pause(&HeaderValue::from_static("soon")), None);
        assert_eq!(pause(&HeaderValue::from_static("-5")), None);
    }
}
