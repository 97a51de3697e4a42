//! Requests and replies as a protocol sees them: values without a network.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use zeroize::Zeroizing;

use super::{Error, ServerMessage};
use crate::base::secret::Secret;

/// GET or POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; no body.
    Get,
    /// Acts; a body that may be empty.
    Post,
}

/// Names with the values that belong to them. Every value is a [`Secret`], so a request may be logged whole.
pub type Fields = Vec<(&'static str, Secret)>;

/// How the fields of a request are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// One JSON object of strings.
    Json,
}

/// One HTTP request, below the root of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How it is asked.
    pub method: Method,
    /// Path and query, from the first slash after the host.
    pub path: &'static str,
    /// Headers beside those that the client always sends.
    pub headers: Fields,
    /// What the body holds, in order.
    pub fields: Fields,
    /// How the body is written.
    pub encoding: Encoding,
}

impl Request {
    /// A question without a body.
    pub fn get(path: &'static str) -> Self {
        Self {
            method: Method::Get,
            path,
            headers: Fields::new(),
            fields: Fields::new(),
            encoding: Encoding::Form,
        }
    }

    /// A form.
    pub fn form(path: &'static str, fields: Fields) -> Self {
        Self {
            method: Method::Post,
            path,
            headers: Fields::new(),
            fields,
            encoding: Encoding::Form,
        }
    }

    /// A JSON object.
    pub fn json(path: &'static str, fields: Fields) -> Self {
        Self {
            method: Method::Post,
            path,
            headers: Fields::new(),
            fields,
            encoding: Encoding::Json,
        }
    }

    /// Content type and body, or nothing for a GET.
    pub fn body(&self) -> Option<(&'static str, Zeroizing<String>)> {
        if self.method == Method::Get {
            return None;
        }
        let pairs = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value.reveal()));
        Some(match self.encoding {
            Encoding::Form => {
                let form = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(pairs)
                    .finish();
                ("application/x-www-form-urlencoded", form.into())
            }
            Encoding::Json => {
                let object: BTreeMap<_, _> = pairs.collect();
                (
                    "application/json",
                    serde_json::to_string(&object).unwrap_or_default().into(),
                )
            }
        })
    }
}

/// An HTTP answer. Its body may hold tokens: it is wiped when dropped and not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, as a time from now.
    pub retry_after: Option<Duration>,
    body: Zeroizing<Vec<u8>>,
}

impl Reply {
    /// An answer with its status and its body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            retry_after: None,
            body: Zeroizing::new(body.into()),
        }
    }

    /// The same answer, asking to wait before the next request.
    #[must_use]
    pub fn retry_after(self, pause: Option<Duration>) -> Self {
        Self {
            retry_after: pause,
            ..self
        }
    }

    /// The body as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, after the rules that hold for every game (`protocols/README.md`, `details.md`): 429 is
    /// "try later", 5xx is the server's failure whatever it says, a redirect is not followed, and what is not the JSON
    /// promised was not understood.
    ///
    /// # Errors
    /// [`Error::TryLater`], [`Error::ServerFailed`] or [`Error::NotUnderstood`]; none repeats the body.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        match self.status {
            429 => Err(Error::TryLater {
                retry_after: self.retry_after,
                message: ServerMessage::default(),
            }),
            500.. => Err(Error::ServerFailed {
                status: Some(self.status),
                message: ServerMessage::default(),
            }),
            300..400 => Err(self.misunderstood("is a redirect, which is never followed")),
            _ => {
                serde_json::from_slice(&self.body).map_err(|error| self.misunderstood(flaw(&error)))
            }
        }
    }

    /// An answer whose shape is right and whose content is not what was promised.
    pub fn misunderstood(&self, what: impl Into<String>) -> Error {
        Error::NotUnderstood(format!("HTTP {} that {}", self.status, what.into()))
    }
}

/// What is wrong with a JSON text. The parser's own words quote the value, which may be a token.
pub(crate) fn flaw(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => "is JSON of another shape than promised".to_owned(),
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
    fn a_form_is_encoded_as_a_browser_would() {
        let request = Request::form(
            "/",
            vec![
                ("username", Secret::new("ä &=+%")),
                ("password", Secret::new("p w")),
            ],
        );
        let (kind, body) = request.body().expect("a body");
        assert_eq!(kind, "application/x-www-form-urlencoded");
        assert_eq!(*body, "username=%C3%A4+%26%3D%2B%25&password=p+w");
    }

    #[test]
    fn a_json_body_quotes_what_needs_it() {
        let request = Request::json("/", vec![("password", Secret::new("a\"b\\"))]);
        assert_eq!(
            *request.body().expect("a body").1,
            r#"{"password":"a\"b\\"}"#
        );
    }

    #[test]
    fn a_question_has_no_body() {
        assert_eq!(Request::get("/api/status").body(), None);
    }

    #[test]
    fn a_request_may_be_logged_whole() {
        let request = Request::form("/login", vec![("password", Secret::new("hunter2"))]);
        let shown = format!("{request:?}");
        assert!(
            shown.contains("password") && !shown.contains("hunter2"),
            "{shown}"
        );
    }

    #[test]
    fn a_reply_does_not_show_its_body_when_debugged() {
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
    fn a_server_error_is_one_whatever_it_says() {
        for body in ["<html>busy</html>", "{}", ""] {
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
    fn what_is_not_the_json_promised_is_not_understood_and_not_repeated() {
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
