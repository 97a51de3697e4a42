//! The HTTP client, and the only module that uses reqwest.
//!
//! The rules of `protocols/README.md` hold for every request: no redirects, https or loopback only, limits of size and
//! time, and one retry of a failure to connect.

mod file_response;
mod pem;
pub(crate) mod proxy;
pub(crate) mod trust;

use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

use reqwest::header::{AGE, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client as Pool, ClientBuilder, redirect, retry};

use crate::base::base_url::BaseUrl;
use crate::base::clock;
use crate::base::resources;
use crate::base::timestamp;
use crate::protocol::{Method, Reply, Request, TransportError};
pub use file_response::{FileResponse, Resume, Validator, range_length, range_offset};
pub use proxy::ProxyError;
pub use trust::TrustError;

/// The size limit of an API response in bytes.
const MAX_REPLY_SIZE: usize = MIB;
const MIB: usize = 1024 * 1024;
/// The header `User-Agent`, of at most 100 characters. Corporate Clash requires it, Toontown Rewritten asks for it.
const USER_AGENT: &str = concat!(
    "playcookie/",
    env!("CARGO_PKG_VERSION"),
    " (+",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// The timeouts of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection is established.
    pub connect: Duration,
    /// Between two reads.
    pub idle: Duration,
    /// Until the response is complete.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// Returns the limits for `--timeout`: the value for connecting and for idle connections, and three times the value for
    /// the whole request.
    pub fn of(timeout: Duration) -> Self {
        Self {
            connect: timeout,
            idle: timeout,
            total: timeout.saturating_mul(3),
        }
    }
}

/// Why a client cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No thread can be started.
    #[error(transparent)]
    Thread(io::Error),
    /// TLS cannot be configured.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The environment names a proxy that cannot be used.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
}

/// Sends requests below one base URL, over a pool of connections.
pub struct Client {
    pool: Pool,
    base_url: BaseUrl,
    /// The timeout between two reads.
    pub idle: Duration,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Creates a client for `base_url`. Reads the trusted certificates if the scheme is https, and the proxy if the host
    /// is not this machine.
    ///
    /// # Errors
    /// When there are no certificates, TLS cannot be set up, the proxy cannot be used, or no thread can be started.
    pub fn new(base_url: BaseUrl, limits: Limits) -> Result<Self, ClientError> {
        let builder = ClientBuilder::new()
            .user_agent(USER_AGENT)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(limits.connect)
            .read_timeout(limits.idle)
            .timeout(limits.total)
            .tls_backend_preconfigured(trust::tls_configuration(base_url.is_secure())?);
        let builder = if let Some(address) = base_url.loopback_address() {
            // A proxy named in the environment would receive the password unencrypted.
            builder.resolve("localhost", address)
        } else {
            // The resolver of names panics if it cannot start a thread. A thread makes later allocations slower, so this is
            // not checked for loopback, and not before the certificates are read.
            resources::check_threads().map_err(ClientError::Thread)?;
            let builder = builder.https_only(true);
            match proxy::from_environment()? {
                Some(proxy) => builder.proxy(proxy),
                None => builder,
            }
        };
        let pool = builder
            .build()
            .map_err(|error| TrustError::Unusable(innermost(&error)))?;
        Ok(Self {
            pool,
            base_url,
            idle: limits.idle,
        })
    }

    /// Returns the base URL.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Returns whether the base URL is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.base_url.loopback_address().is_some()
    }

    /// Returns a client for another base URL that shares the pool of connections. Returns `None` when that base URL needs a
    /// pool of its own, because only remote https hosts, or equal origins, can share one.
    pub fn for_base_url(&self, base_url: &BaseUrl) -> Option<Self> {
        let is_remote = |url: &BaseUrl| url.is_secure() && url.loopback_address().is_none();
        let are_remote = is_remote(&self.base_url) && is_remote(base_url);
        (are_remote || self.base_url.origin() == base_url.origin()).then(|| Self {
            pool: self.pool.clone(),
            base_url: base_url.clone(),
            idle: self.idle,
        })
    }

    /// Sends a request. A failure to connect is retried once.
    ///
    /// # Errors
    /// When there is no complete response. Any HTTP status is a response.
    pub async fn send(&self, request: &Request) -> Result<Reply, TransportError> {
        match self.attempt(request).await {
            Err(TransportError::Connect(_)) => self.attempt(request).await,
            result => result,
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Reply, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut builder = self.pool.request(method, self.base_url.join(request.path));
        for (name, value) in &request.headers {
            let mut value =
                HeaderValue::from_str(value.reveal()).map_err(|_| TransportError::NotHttp)?;
            value.set_sensitive(true);
            builder = builder.header(*name, value);
        }
        if let Some((kind, body)) = request.body() {
            builder = builder
                .header(CONTENT_TYPE, kind)
                .body(body.as_str().to_owned());
        }
        read_reply(builder.send().await?, MAX_REPLY_SIZE).await
    }
}

/// Reads a response of at most `max` bytes.
async fn read_reply(mut response: reqwest::Response, max: usize) -> Result<Reply, TransportError> {
    let status = response.status().as_u16();
    let retry_after = parse_retry_after(response.headers());
    let date = parse_date(response.headers());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len().saturating_add(chunk.len()) > max {
            return Err(TransportError::TooLarge(max / MIB));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply::new(status, body).retry_after(retry_after).date(date))
}

/// Returns the time of the server in seconds since 1970, by the headers `Date` and, of a cache, `Age`.
fn parse_date(headers: &HeaderMap) -> Option<u64> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let age = text(AGE).and_then(|age| age.trim().parse().ok());
    timestamp::parse(text(DATE)?)?.checked_add(age.unwrap_or(0))
}

/// Parses the header `Retry-After`, which contains seconds or a date.
fn parse_retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = text.parse().map(Duration::from_secs);
    seconds
        .ok()
        .or_else(|| httpdate::parse_http_date(text).ok().map(clock::time_until))
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        // A TLS error after the handshake does not mean that the server did not receive the request.
        if error.is_connect()
            && let Some(tls) = find_cause::<rustls::Error>(&error)
        {
            return Self::Tls(trust::describe(tls));
        }
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => return Self::Connect("timed out".to_owned()),
            (false, true) => return Self::Timeout,
            (true, false) => return Self::Connect(innermost(&error)),
            (false, false) => {}
        }
        match find_cause::<hyper::Error>(&error) {
            Some(hyper) if hyper.is_parse() || hyper.is_parse_status() => Self::NotHttp,
            _ => Self::ConnectionLost,
        }
    }
}

/// Returns the first error of type `E` among the causes. Also searches inside I/O errors, whose `source` skips the error
/// that they contain.
fn find_cause<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// Returns the message of the last cause, which is that of the system, such as "Connection refused".
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
    fn the_user_agent_names_the_program_in_at_most_100_characters() {
        assert!(USER_AGENT.starts_with("playcookie/") && USER_AGENT.contains("(+https://"));
        assert!(USER_AGENT.len() <= 100);
    }

    #[test]
    fn retry_after_may_be_seconds_or_a_date() {
        let parsed = |value| {
            let value = HeaderValue::from_static(value);
            parse_retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value)]))
        };
        assert_eq!(parsed("120"), Some(Duration::from_mins(2)));
        let past = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(parsed(past), Some(Duration::ZERO));
        assert_eq!(parsed("soon"), None);
        assert_eq!(parsed("-5"), None);
    }

    #[test]
    fn the_time_of_a_server_is_its_date_and_the_age_in_a_cache() {
        let date = HeaderValue::from_static("Sat, 30 Apr 2022 23:37:38 GMT");
        let mut headers = HeaderMap::from_iter([(DATE, date)]);
        assert_eq!(parse_date(&headers), Some(1_651_361_858));
        headers.insert(AGE, HeaderValue::from_static("60"));
        assert_eq!(parse_date(&headers), Some(1_651_361_918));
        headers.insert(DATE, HeaderValue::from_static("today"));
        assert_eq!(parse_date(&headers), None);
    }
}
