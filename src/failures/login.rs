//! Turns the errors of one login into failures.

use std::time::Duration;

use super::{OTHER_INTERFACE, http_reason, http_status};
use crate::base::failure::{Failure, Reason};
use crate::base::quantity::duration_text;
use crate::base::redactor::Redactor;
use crate::base::sanitize::clean;
use crate::config::Account;
use crate::games::CredentialKind;
use crate::protocol::{self, Refusal, ServerMessage, TransportError, driver};

/// What to do about a refused code.
pub(crate) const FRESH_CODE: &str = "codes are good for a short time: take the newest, and check that this machine's clock is right";
/// Turns the errors of one login into failures.
pub(crate) struct LoginFailures<'a> {
    service: &'static str,
    origin: &'a str,
    /// The username, safe to show.
    username: String,
    account: Option<&'a Account>,
    redactor: &'a Redactor,
}

impl<'a> LoginFailures<'a> {
    /// Returns the failures of a login of `username` at `origin`; `account` if it is a remembered one. `redactor` masks the
    /// secrets in the server's messages.
    pub(crate) fn new(
        service: &'static str,
        origin: &'a str,
        username: &str,
        account: Option<&'a Account>,
        redactor: &'a Redactor,
    ) -> Self {
        Self {
            service,
            origin,
            username: clean(username),
            account,
            redactor,
        }
    }

    /// Returns the failure for an error of the login loop.
    pub(crate) fn of_login(&self, error: driver::Error<Failure>) -> Failure {
        let (service, username) = (self.service, &self.username);
        match error {
            driver::Error::Effect(failure) => failure,
            driver::Error::Login(error) => self.of_protocol(&error),
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
    pub(crate) fn of_protocol(&self, error: &protocol::Error) -> Failure {
        let (service, username) = (self.service, &self.username);
        let said = |message: &ServerMessage| message.clause(self.redactor);
        let failure = match error {
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
            protocol::Error::NotUnderstood(what) | protocol::Error::UnknownRefusal(what, _) => {
                Failure::new(
                    Reason::NotUnderstood,
                    format!("{} answered {username} with {what}", self.origin),
                    OTHER_INTERFACE,
                )
            }
        };
        failure.with_code(error.message())
    }

    /// Returns the failure for a request without a complete answer.
    pub(crate) fn of_http(&self, error: &TransportError) -> Failure {
        let (origin, username) = (self.origin, &self.username);
        let hint = match error {
            TransportError::Connect(_) => {
                "check the connection, and HTTPS_PROXY if it is set; nothing was sent"
            }
            TransportError::Tls(_) => {
                "name the certificate authority of your network in SSL_CERT_FILE, if it has its own; nothing was sent"
            }
            TransportError::Timeout => "try again, or give --timeout more seconds",
            TransportError::ConnectionLost => {
                "try again; the request may have arrived, so a code may be used up"
            }
            TransportError::TooLarge(_) | TransportError::NotHttp => {
                "try again later; the interface may have changed, or a proxy answered"
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
            Refusal::PlayerToken => (
                Reason::Credentials,
                "does not accept the player token of",
                "log in again; if that does not help, write to the game's support",
            ),
            Refusal::Code => (Reason::Code, "refused the code of", FRESH_CODE),
            Refusal::Account => (
                Reason::Account,
                // Banned, disabled or unverified.
                "does not admit",
                "see the account's page on the game's website, or write to its support",
            ),
            Refusal::Approval => (
                Reason::Approval,
                "says that this device must be approved by",
                "approve it in the e-mail that was sent, then run it again",
            ),
            Refusal::SignedOut => (
                Reason::SignedOut,
                "no longer accepts the token of",
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
            "check whether the stored {} is outdated; `playcookie accounts edit {}{option}` stores another",
            kind.label(),
            account.name
        ))
    }
}

/// The device is signed out, and nobody can be asked for the password. `said` ends the sentence.
pub(crate) fn signed_out(service: &str, whose: &str, said: &str) -> Failure {
    Failure::new(
        Reason::SignedOut,
        format!("{service} no longer accepts the token of {whose}{said}"),
        "run it in a terminal and type the password once more, or give it with --password-stdin --save",
    )
}

/// The server asked for no login before a time that is `left` away.
pub(crate) fn too_soon(service: &str, left: Duration) -> Failure {
    Failure::new(
        Reason::TryLater,
        format!("{service} asked to wait; {} s are left", left.as_secs()),
        "run it again then; nothing was sent",
    )
}
