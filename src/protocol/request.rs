//! HTTP requests as values.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::base::secret::Secret;

/// The HTTP method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET; has no body.
    Get,
    /// POST; its body may be empty.
    Post,
}

/// Names with their values. Every value is a [`Secret`], so the `Debug` output of a request contains none.
pub type Fields = Vec<(&'static str, Secret)>;

/// The format of a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// One JSON object of strings.
    Json,
}

/// An HTTP request to the server of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// Path and query; begins with a slash.
    pub path: &'static str,
    /// Headers in addition to those that the HTTP client always sends.
    pub headers: Fields,
    /// The fields of the body, in order.
    pub fields: Fields,
    /// The format of the body.
    pub encoding: Encoding,
}

impl Request {
    /// Creates a GET request.
    pub const fn get(path: &'static str) -> Self {
        Self::new(Method::Get, path, Fields::new(), Encoding::Form)
    }

    /// Creates a POST request with a form.
    pub const fn form(path: &'static str, fields: Fields) -> Self {
        Self::new(Method::Post, path, fields, Encoding::Form)
    }

    /// Creates a POST request with a JSON object.
    pub const fn json(path: &'static str, fields: Fields) -> Self {
        Self::new(Method::Post, path, fields, Encoding::Json)
    }

    const fn new(method: Method, path: &'static str, fields: Fields, encoding: Encoding) -> Self {
        Self {
            method,
            path,
            headers: Fields::new(),
            fields,
            encoding,
        }
    }

    /// Returns the content type and the body; `None` for a GET request.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_as_a_browser_would() {
        let request = Request::form(
            "/",
            vec![
                ("username", Secret::new("ä &=+%")),
                ("password", Secret::new("p w")),
            ],
        );
        let (content_type, body) = request.body().expect("a body");
        assert_eq!(content_type, "application/x-www-form-urlencoded");
        assert_eq!(*body, "username=%C3%A4+%26%3D%2B%25&password=p+w");
    }

    #[test]
    fn a_json_body_escapes_quotes_and_backslashes() {
        let request = Request::json("/", vec![("password", Secret::new("a\"b\\"))]);
        assert_eq!(
            *request.body().expect("a body").1,
            r#"{"password":"a\"b\\"}"#
        );
    }

    #[test]
    fn a_get_request_has_no_body() {
        assert_eq!(Request::get("/api/status").body(), None);
    }

    #[test]
    fn the_debug_output_contains_no_values() {
        let request = Request::form("/login", vec![("password", Secret::new("hunter2"))]);
        let shown = format!("{request:?}");
        assert!(
            shown.contains("password") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
