//! Turns errors of protocols, HTTP and updates into failures: what happened and to whom, and what to do.

pub(crate) mod login;
pub(crate) mod update;

use std::io;

use crate::base::base_url::BaseUrlError;
use crate::base::failure::{Failure, Reason};
use crate::base::redactor::Redactor;
use crate::http::ClientError;
use crate::protocol::{self, ServerMessage, TransportError};

/// What to do about a connection that was not made or was lost.
pub(crate) const CONNECTION: &str =
    "check the connection, and HTTPS_PROXY if it is set; --timeout gives it more seconds";
const OTHER_INTERFACE: &str = "run it with -vv to see the shape of the answer; the interface may have changed, or a proxy answered";

/// Something has to be known that only a person can say, and nobody can be asked.
pub(crate) fn input_needed(what: &str, hint: &str) -> Failure {
    Failure::new(
        Reason::InputNeeded,
        format!("{what} is needed, and nobody can be asked"),
        hint,
    )
}

/// A value holds what an environment variable or a form cannot carry.
pub(crate) fn control_character(what: &str) -> Failure {
    Failure::usage(
        format!("{what} contains a control character"),
        "type it again without tabs, line ends and the like",
    )
}

/// The system refuses a file or a thread.
pub(crate) fn refused(error: &io::Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("the system refuses what this program needs ({error})"),
        "close a few programs, or raise the limits of `ulimit -n` and `ulimit -u`",
    )
}

/// There is no HTTP client.
pub(crate) fn no_client(error: &ClientError) -> Failure {
    let (message, hint) = match error {
        ClientError::Thread(error) => return refused(error),
        ClientError::Trust(error) => (
            format!("no server can be trusted: {error}"),
            "install your system's ca-certificates, or name a readable file in SSL_CERT_FILE; nothing was sent",
        ),
        ClientError::Proxy(error) => (
            error.to_string(),
            "set it to a URL such as http://proxy.example:3128, or unset it; nothing was sent",
        ),
    };
    Failure::new(Reason::Configuration, message, hint)
}

/// A host that this program knows is malformed.
pub(crate) fn malformed_host(host: &str, error: BaseUrlError) -> Failure {
    Failure::bug(&format!("the host {host} {error}"))
}

/// Returns the reason for a request without a complete answer.
pub(crate) const fn http_reason(error: &TransportError) -> Reason {
    match error {
        TransportError::TooLarge(_) | TransportError::NotHttp => Reason::NotUnderstood,
        _ => Reason::Network,
    }
}

/// A request for public data has no answer.
pub(crate) fn no_public_data(service: &str, origin: &str, error: &TransportError) -> Failure {
    Failure::new(
        http_reason(error),
        format!("{service} cannot be asked at {origin}: {error}"),
        match http_reason(error) {
            Reason::NotUnderstood => OTHER_INTERFACE,
            _ => CONNECTION,
        },
    )
}

/// The answer to a request for public data is not what was asked for. `redactor` masks the secrets in the server's message.
pub(crate) fn public_data(
    service: &str,
    origin: &str,
    error: &protocol::Error,
    redactor: &Redactor,
) -> Failure {
    let said = |message: &ServerMessage| message.clause(redactor);
    let (reason, message, hint) = match error {
        protocol::Error::NotUnderstood(what) | protocol::Error::UnknownRefusal(what, _) => (
            Reason::NotUnderstood,
            format!("{origin} answered with {what}"),
            OTHER_INTERFACE,
        ),
        protocol::Error::TryLater { message, .. } => (
            Reason::TryLater,
            format!("{service} asks to try later{}", said(message)),
            "ask less often; try again in a minute",
        ),
        protocol::Error::Closed(message) | protocol::Error::Refused(_, message) => (
            Reason::Closed,
            format!("{service} reports nothing{}", said(message)),
            "try again later",
        ),
        protocol::Error::ServerFailed { status, message } => (
            Reason::ServerError,
            format!(
                "the server of {service} failed{}{}",
                http_status(*status),
                said(message)
            ),
            "try again in a few minutes",
        ),
    };
    Failure::new(reason, message, hint).with_code(error.message())
}

/// ` (HTTP 503)`, where a status is known.
fn http_status(status: Option<u16>) -> String {
    status
        .map(|status| format!(" (HTTP {status})"))
        .unwrap_or_default()
}
