//! A login that gave no ticket, in words: what happened and to whom, and what to do.

use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::config::Account;
use crate::endpoint::exchange;
use crate::games::CredentialKind;
use crate::http;
use crate::protocol;
use crate::protocol::driver;
use crate::protocol::{Refusal, ServerMessage};
use crate::terminal::event::duration_text;

/// What to do about a code that was refused.
pub(crate) const FRESH_CODE: &str = "codes are good for a short time: take the newest, and check that this machine's clock is right";

/// Who was logging in, and where.
pub(crate) struct Report<'a> {
    pub(crate) service: &'static str,
    pub(crate) username: &'a str,
    /// The remembered account, if it is one.
    pub(crate) account: Option<&'a Account>,
    pub(crate) origin: String,
}

impl Report<'_> {
    /// The failure that an error means.
    pub(crate) fn failure(&self, error: driver::Error<Failure>, typed: &[Secret]) -> Failure {
        let Self {
            service, username, ..
        } = self;
        match error {
            driver::Error::Unanswered(failure) | driver::Error::NotUpdated(failure) => failure,
            driver::Error::Login(error) => self.refused(&error, typed),
            driver::Error::Lost(error) => self.lost(&error),
            driver::Error::QueueTimeout => Failure::new(
                Reason::TryLater,
                format!("{service}: the turn of {username} did not come in time"),
                "run it again for a new place in line, or give --queue-timeout more minutes",
            ),
            driver::Error::QueueLost => Failure::new(
                Reason::TryLater,
                format!(
                    "{service}: {username} lost the place in line, ten questions in a row had no answer"
                ),
                "check the connection, then run it again for a new place",
            ),
        }
    }

    pub(crate) fn refused(&self, error: &protocol::Error, typed: &[Secret]) -> Failure {
        let Self {
            service, username, ..
        } = self;
        let said = |message| said(typed, message);
        match error {
            protocol::Error::Refused(why, message) => self.no_entry(*why, &said(message)),
            protocol::Error::Closed(message) => Failure::new(
                Reason::Closed,
                format!(
                    "{} is closed, so {username} cannot get in{}",
                    service,
                    said(message)
                ),
                "try again later, or let --wait-for-server wait for it",
            ),
            protocol::Error::ServerFailed { status, message } => {
                let status = status
                    .map(|status| format!(" (HTTP {status})"))
                    .unwrap_or_default();
                let said = said(message);
                Failure::new(
                    Reason::ServerError,
                    format!(
                        "the server of {service} failed while {username} logged in{status}{said}"
                    ),
                    "try again in a few minutes",
                )
            }
            protocol::Error::TryLater {
                retry_after,
                message,
            } => self.later(*retry_after, &said(message)),
            protocol::Error::NotUnderstood(what) => Failure::new(
                Reason::NotUnderstood,
                format!("{} answered {username} with {what}", self.origin),
                "its interface may have changed, or something in between answered; -vv shows the shape of the answer",
            ),
        }
    }

    /// The server understood, and said no.
    fn no_entry(&self, why: Refusal, said: &str) -> Failure {
        let (reason, what, hint) = match why {
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
                "wants this place to be approved first by",
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
            self.hint(why).unwrap_or_else(|| hint.to_owned()),
        )
    }

    /// What to do about a secret that is kept and was refused.
    fn hint(&self, why: Refusal) -> Option<String> {
        let account = self.account?;
        let (kept, option) = match why {
            Refusal::Credentials => (CredentialKind::Password, ""),
            Refusal::Code => (CredentialKind::Totp, " --totp-stdin"),
            _ => return None,
        };
        let stored = format!(
            "what is kept may be old: `playcookie accounts edit {}{option}` stores another",
            account.name
        );
        account.keeps(kept).then_some(stored)
    }

    fn later(&self, retry_after: Option<std::time::Duration>, said: &str) -> Failure {
        let hint = match retry_after.filter(|pause| !pause.is_zero()) {
            Some(pause) => format!(
                "try again in {}, or let --wait-for-server wait",
                duration_text(pause)
            ),
            None => "try again in a few minutes, or let --wait-for-server wait".to_owned(),
        };
        Failure::new(
            Reason::TryLater,
            format!("{} asks {} to try later{said}", self.service, self.username),
            hint,
        )
    }

    pub(crate) fn lost(&self, error: &http::Error) -> Failure {
        let Self {
            username, origin, ..
        } = self;
        let reason = exchange::reason(error);
        let hint = match error {
            http::Error::Connect(_) => {
                "check the connection, and HTTPS_PROXY if it is set; nothing was sent"
            }
            http::Error::Tls(_) => {
                "nothing was sent; if your network has a certificate authority of its own, name its file in SSL_CERT_FILE"
            }
            http::Error::Timeout => "try again, or give --timeout more seconds",
            http::Error::Broken => {
                "try again; the request may have arrived, so a code may be used up"
            }
            http::Error::TooLarge(_) | http::Error::NotHttp => {
                "its interface may have changed, or something in between answered"
            }
        };
        Failure::new(
            reason,
            format!("{username} could not log in at {origin}: {error}"),
            hint,
        )
    }
}

/// `: "…"`, when anything was said.
fn said(typed: &[Secret], message: &ServerMessage) -> String {
    let quote = message.quote(typed);
    quote
        .map(|message| format!(": \"{message}\""))
        .unwrap_or_default()
}
