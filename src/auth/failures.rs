//! Turns errors of protocols and HTTP into failures: what happened and to whom, and what to do.

use std::time::Duration;

use crate::base::base_url::BaseUrlError;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::config::Account;
use crate::games::CredentialKind;
use crate::http::TrustError;
use crate::protocol::{self, Refusal, ServerMessage, TransportError, driver};
use crate::terminal::event::duration_text;

/// What to do about a refused code.
pub(crate) const FRESH_CODE: &str = "codes are good for a short time: take the newest, and check that this machine's clock is right";
/// What to do about a connection that was not made or was lost.
pub(crate) const CONNECTION: &str =
    "check the connection, and HTTPS_PROXY if it is set; --timeout gives it more seconds";
const OTHER_INTERFACE: &str = "its interface may have changed, or something in between answered; -vv shows the shape of the answer";

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
        format!("{what} holds a control character"),
        "type it again without tabs, line ends and the like",
    )
}

/// No certificate authority can be loaded.
pub(crate) fn no_certificates(error: &TrustError) -> Failure {
    Failure::new(
        Reason::Configuration,
        format!("no server can be trusted: {error}"),
        "install your system's ca-certificates, or name a readable file in SSL_CERT_FILE; nothing was sent",
    )
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
        CONNECTION,
    )
}

/// The answer to a request for public data is not what was asked for.
pub(crate) fn public_data(service: &str, origin: &str, error: &protocol::Error) -> Failure {
    let said = |message: &ServerMessage| quoted(message.get());
    let (reason, message, hint) = match error {
        protocol::Error::NotUnderstood(what) => (
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
            format!("{service} does not tell{}", said(message)),
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
    Failure::new(reason, message, hint)
}

/// Turns the errors of one login into failures.
pub(crate) struct LoginFailures<'a> {
    service: &'static str,
    origin: &'a str,
    /// The username, safe to show.
    username: String,
    account: Option<&'a Account>,
}

impl<'a> LoginFailures<'a> {
    /// Returns the failures of a login of `username` at `origin`; `account` if it is a remembered one.
    pub(crate) fn new(
        service: &'static str,
        origin: &'a str,
        username: &str,
        account: Option<&'a Account>,
    ) -> Self {
        Self {
            service,
            origin,
            username: clean(username),
            account,
        }
    }

    /// Returns the failure for an error of the login loop. `secrets` are masked in the server's message.
    pub(crate) fn of_login(&self, error: driver::Error<Failure>, secrets: &[Secret]) -> Failure {
        let (service, username) = (self.service, &self.username);
        match error {
            driver::Error::Effect(failure) => failure,
            driver::Error::Login(error) => self.of_protocol(&error, secrets),
            driver::Error::Request(error) => self.of_http(&error),
            driver::Error::QueueTimeout => Failure::new(
                Reason::TryLater,
                format!("{service}: {username} was not admitted from the queue in time"),
                "run it again for a new position, or give --queue-timeout more minutes",
            ),
            driver::Error::QueueLost => Failure::new(
                Reason::TryLater,
                format!(
                    "{service}: {username} lost the position in the queue, ten polls in a row had no answer"
                ),
                "check the connection, then run it again for a new position",
            ),
        }
    }

    /// Returns the failure for an answer that ends the login.
    pub(crate) fn of_protocol(&self, error: &protocol::Error, secrets: &[Secret]) -> Failure {
        let (service, username) = (self.service, &self.username);
        let said = |message: &ServerMessage| quoted(message.quote(secrets).as_deref());
        match error {
            protocol::Error::Refused(refusal, message) => self.refused(*refusal, &said(message)),
            protocol::Error::Closed(message) => Failure::new(
                Reason::Closed,
                format!(
                    "{service} is closed, so {username} cannot get in{}",
                    said(message)
                ),
                "try again later, or let --wait-for-server wait for it",
            ),
            protocol::Error::ServerFailed { status, message } => Failure::new(
                Reason::ServerError,
                format!(
                    "the server of {service} failed while {username} logged in{}{}",
                    http_status(*status),
                    said(message)
                ),
                "try again in a few minutes",
            ),
            protocol::Error::TryLater {
                retry_after,
                message,
            } => Failure::new(
                Reason::TryLater,
                format!("{service} asks {username} to try later{}", said(message)),
                match retry_after.filter(|pause| !pause.is_zero()) {
                    Some(pause) => format!(
                        "try again in {}, or let --wait-for-server wait",
                        duration_text(pause)
                    ),
                    None => "try again in a few minutes, or let --wait-for-server wait".to_owned(),
                },
            ),
            protocol::Error::NotUnderstood(what) => Failure::new(
                Reason::NotUnderstood,
                format!("{} answered {username} with {what}", self.origin),
                OTHER_INTERFACE,
            ),
        }
    }

    /// Returns the failure for a request without a complete answer.
    pub(crate) fn of_http(&self, error: &TransportError) -> Failure {
        let (origin, username) = (self.origin, &self.username);
        let hint = match error {
            TransportError::Connect(_) => {
                "check the connection, and HTTPS_PROXY if it is set; nothing was sent"
            }
            TransportError::Tls(_) => {
                "nothing was sent; if your network has a certificate authority of its own, name its file in SSL_CERT_FILE"
            }
            TransportError::Timeout => "try again, or give --timeout more seconds",
            TransportError::ConnectionLost => {
                "try again; the request may have arrived, so a code may be used up"
            }
            TransportError::TooLarge(_) | TransportError::NotHttp => {
                "its interface may have changed, or something in between answered"
            }
        };
        Failure::new(
            http_reason(error),
            format!("{username} could not log in at {origin}: {error}"),
            hint,
        )
    }

    /// The server refused the login.
    fn refused(&self, refusal: Refusal, said: &str) -> Failure {
        let (reason, what, hint) = match refusal {
            Refusal::Credentials => (
                Reason::Credentials,
                "refused the name or the password of",
                "check both, and Caps Lock; what the game's website takes works here too",
            ),
            Refusal::Code => (Reason::Code, "refused the code of", FRESH_CODE),
            Refusal::Account => (
                Reason::Account,
                "does not let in",
                "see the account's page on the game's website, or write to its support",
            ),
            Refusal::Approval => (
                Reason::Approval,
                "says that this device must be approved by",
                "approve it in the e-mail that was sent, then run it again",
            ),
            Refusal::SignedOut => (
                Reason::SignedOut,
                "no longer takes the token of",
                "log in again",
            ),
        };
        Failure::new(
            reason,
            format!("{} {what} {}{said}", self.service, self.username),
            self.stored_hint(refusal).unwrap_or_else(|| hint.to_owned()),
        )
    }

    /// What to do about a stored secret that was refused.
    fn stored_hint(&self, refusal: Refusal) -> Option<String> {
        let (kind, option) = match refusal {
            Refusal::Credentials => (CredentialKind::Password, ""),
            Refusal::Code => (CredentialKind::Totp, " --totp-stdin"),
            _ => return None,
        };
        let account = self.account.filter(|account| account.keeps(kind))?;
        Some(format!(
            "the stored {} may be old: `playcookie accounts edit {}{option}` stores another",
            kind.label(),
            account.name
        ))
    }
}

/// The device is signed out, and nobody can be asked for the password.
pub(crate) fn signed_out(service: &str, whose: &str, message: &ServerMessage) -> Failure {
    Failure::new(
        Reason::SignedOut,
        format!(
            "{service} no longer takes the token of {whose}{}",
            quoted(message.get())
        ),
        "run it in a terminal and type the password once more, or give it with --password-stdin --save",
    )
}

/// The server asked for no login before a time that is `left` away.
pub(crate) fn too_soon(service: &str, left: Duration) -> Failure {
    Failure::new(
        Reason::TryLater,
        format!("{service} asked to wait; {} s are left", left.as_secs()),
        "nothing was sent; run it again then",
    )
}

/// ` (HTTP 503)`, where a status is known.
fn http_status(status: Option<u16>) -> String {
    status
        .map(|status| format!(" (HTTP {status})"))
        .unwrap_or_default()
}

/// `: "message"`, where there is a message.
pub(crate) fn quoted(message: Option<&str>) -> String {
    message
        .map(|message| format!(": \"{message}\""))
        .unwrap_or_default()
}
