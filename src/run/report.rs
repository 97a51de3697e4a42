//! A login that gave no ticket, in words: what happened and to whom, and what to do.

use crate::drive;
use crate::event::span;
use crate::exit::{Failure, Reason};
use crate::game::Game;
use crate::http;
use crate::login::{self, Refusal};

use super::session::Session;

/// Who was logging in, and where.
pub(super) struct Report<'a> {
    pub(super) game: &'static Game,
    pub(super) username: &'a str,
    pub(super) origin: String,
}

impl Report<'_> {
    /// The failure that an error means.
    pub(super) fn failure(&self, error: drive::Error<Failure>, session: &Session<'_>) -> Failure {
        let Self { game, username, .. } = self;
        match error {
            drive::Error::Unanswered(failure) => failure,
            drive::Error::Login(error) => self.refused(&error, session),
            drive::Error::Lost(error) => self.lost(&error),
            drive::Error::QueueTimeout => Failure::new(
                Reason::TryLater,
                format!("{}: the turn of {username} did not come in time", game.name),
                "run it again for a new place in line, or give --queue-timeout more minutes",
            ),
            drive::Error::QueueLost => Failure::new(
                Reason::TryLater,
                format!(
                    "{}: {username} lost the place in line, ten questions in a row had no answer",
                    game.name
                ),
                "check the connection, then run it again for a new place",
            ),
        }
    }

    fn refused(&self, error: &login::Error, session: &Session<'_>) -> Failure {
        let Self { game, username, .. } = self;
        let said = |words| {
            session
                .quote(words)
                .map(|words| format!(": \"{words}\""))
                .unwrap_or_default()
        };
        match error {
            login::Error::Refused(Refusal::Credentials, words) => Failure::new(
                Reason::Credentials,
                format!(
                    "{} refused the name or the password of {username}{}",
                    game.name,
                    said(words)
                ),
                "check both, and Caps Lock; what the game's website takes works here too",
            ),
            login::Error::Refused(Refusal::Code, words) => Failure::new(
                Reason::Code,
                format!(
                    "{} refused the code of {username}{}",
                    game.name,
                    said(words)
                ),
                "codes are good for a short time: take the newest, and check that this machine's clock is right",
            ),
            login::Error::Refused(Refusal::Account, words) => Failure::new(
                Reason::Account,
                format!("{} does not let {username} in{}", game.name, said(words)),
                "see the account's page on the game's website, or write to its support",
            ),
            login::Error::Refused(Refusal::Approval, words) => Failure::new(
                Reason::Approval,
                format!(
                    "{} wants {username} to approve this place first{}",
                    game.name,
                    said(words)
                ),
                "approve it in the e-mail that was sent, then run it again",
            ),
            login::Error::Closed(words) => Failure::new(
                Reason::Closed,
                format!(
                    "{} is closed, so {username} cannot get in{}",
                    game.name,
                    said(words)
                ),
                "try again later, or let --wait-for-server wait for it",
            ),
            login::Error::ServerFailed { status, words } => Failure::new(
                Reason::ServerError,
                format!(
                    "the server of {} failed while {username} logged in{}{}",
                    game.name,
                    http_status(*status),
                    said(words)
                ),
                "try again in a few minutes",
            ),
            login::Error::TryLater { retry_after, words } => self.later(*retry_after, &said(words)),
            login::Error::NotUnderstood(what) => Failure::new(
                Reason::NotUnderstood,
                format!("{} answered {username} with {what}", self.origin),
                "its interface may have changed, or something in between answered; -vv shows the shape of the answer",
            ),
        }
    }

    fn later(&self, retry_after: Option<std::time::Duration>, said: &str) -> Failure {
        let hint = match retry_after {
            Some(pause) => format!(
                "try again in {}, or let --wait-for-server wait",
                span(pause)
            ),
            None => "try again in a few minutes, or let --wait-for-server wait".to_owned(),
        };
        Failure::new(
            Reason::TryLater,
            format!(
                "{} asks {} to try later{said}",
                self.game.name, self.username
            ),
            hint,
        )
    }

    fn lost(&self, error: &http::Error) -> Failure {
        let Self {
            username, origin, ..
        } = self;
        let reason = if error.is_loss() {
            Reason::Network
        } else {
            Reason::NotUnderstood
        };
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
            http::Error::TooLarge | http::Error::NotHttp => {
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

fn http_status(status: Option<u16>) -> String {
    status
        .map(|status| format!(" (HTTP {status})"))
        .unwrap_or_default()
}
