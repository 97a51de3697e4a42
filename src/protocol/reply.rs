//! HTTP replies as values.

use std::fmt;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use zeroize::Zeroizing;

use super::{Error, ServerMessage};

/// An HTTP reply. Its body may contain tokens, so it is wiped when dropped and left out of the `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`, as a duration from now.
    pub retry_after: Option<Duration>,
    /// The time of the server in seconds since 1970, if it tells it.
    pub date: Option<u64>,
    body: Zeroizing<Vec<u8>>,
}

impl Reply {
    /// Creates a reply from its HTTP status and body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            retry_after: None,
            date: None,
            body: Zeroizing::new(body.into()),
        }
    }

    /// Returns the same reply with this `Retry-After`.
    #[must_use]
    pub fn retry_after(self, pause: Option<Duration>) -> Self {
        Self {
            retry_after: pause,
            ..self
        }
    }

    /// Returns the same reply with this time of the server.
    #[must_use]
    pub fn date(self, date: Option<u64>) -> Self {
        Self { date, ..self }
    }

    /// Returns the body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// Whether the HTTP status alone says that the request failed: 429 and 5xx.
    pub const fn has_failed(&self) -> bool {
        self.status == 429 || self.status >= 500
    }

    /// Deserializes the body by the rules that apply to every game (`protocols/README.md`, `details.md`): a redirect is
    /// never followed, and any other reply has to be JSON of the documented form, whatever its status.
    ///
    /// # Errors
    /// Those of [`Reply::not_understood`]; none contains parts of the body.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        if let 300..400 = self.status {
            return Err(self.not_understood("is a redirect, which is never followed"));
        }
        // No document has an empty answer with the status of a failure.
        if self.has_failed() && matches!(self.body.trim_ascii(), b"{}" | b"[]") {
            return Err(self.not_understood("is empty"));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| self.not_understood(describe_json_error(&error)))
    }

    /// Creates the error for a reply that does not have the documented form. `what` is a predicate such as "has no token".
    /// Then the status decides: 429 is [`Error::TryLater`], 5xx is [`Error::ServerFailed`], any other status is
    /// [`Error::NotUnderstood`].
    pub fn not_understood(&self, what: impl Into<String>) -> Error {
        match self.status {
            429 => Error::TryLater {
                retry_after: self.retry_after,
                message: ServerMessage::default(),
            },
            500.. => Error::ServerFailed {
                status: Some(self.status),
                message: ServerMessage::default(),
            },
            status => Error::NotUnderstood(format!("HTTP {status} that {}", what.into())),
        }
    }
}

/// Describes a JSON error as a predicate. The parser's own message may quote a value, and with it a token.
pub(crate) fn describe_json_error(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => "is JSON of another form than documented".to_owned(),
        _ => format!(
            "is not JSON (line {}, column {})",
            error.line(),
            error.column()
        ),
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Reply({}, {} bytes)",
            self.status,
            self.body.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    type Object = HashMap<String, String>;

    #[test]
    fn the_debug_output_does_not_contain_the_body() {
        assert_eq!(
            format!("{:?}", Reply::new(200, "cookie")),
            "Reply(200, 6 bytes)"
        );
    }

    #[test]
    fn too_many_requests_is_try_later_with_the_pause_that_was_asked_for() {
        let pause = Some(Duration::from_secs(7));
        let reply = Reply::new(429, "<html>").retry_after(pause);
        assert_eq!(
            reply.read::<Object>(),
            Err(Error::TryLater {
                retry_after: pause,
                message: ServerMessage::default()
            })
        );
    }

    #[test]
    fn a_documented_body_is_read_whatever_the_status() {
        for status in [200, 404, 429, 503] {
            let reply = Reply::new(status, r#"{"success":"false"}"#);
            let body = Object::from([("success".to_owned(), "false".to_owned())]);
            assert_eq!(reply.read::<Object>(), Ok(body), "{status}");
        }
    }

    #[test]
    fn a_server_error_with_another_body_is_a_failure_of_the_server() {
        for body in ["<html>busy</html>", "{}", "[]\n", ""] {
            let error = Reply::new(503, body).read::<Object>();
            assert_eq!(
                error,
                Err(Error::ServerFailed {
                    status: Some(503),
                    message: ServerMessage::default()
                })
            );
        }
    }

    #[test]
    fn a_redirect_is_not_understood() {
        for status in [301, 302, 307, 308] {
            assert!(matches!(
                Reply::new(status, "{}").read::<Object>(),
                Err(Error::NotUnderstood(_))
            ));
        }
    }

    #[test]
    fn a_body_of_another_form_is_not_understood_and_not_repeated() {
        for body in [
            "<html>s3cret</html>",
            "",
            "null",
            "[]",
            "\"s3cret\"",
            "{\"a\":\"s3cret",
            "{\"a\":{\"s3cret\":1}}",
            "\u{feff}{}",
        ] {
            match Reply::new(200, body).read::<Object>() {
                Err(Error::NotUnderstood(what)) => assert!(!what.contains("s3cret"), "{what}"),
                other => panic!("{body}: {other:?}"),
            }
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_reading_panic(status in 200_u16..600, body in any::<Vec<u8>>()) {
            let _ = Reply::new(status, body).read::<Object>();
        }
    }
}
