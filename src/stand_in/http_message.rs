//! The requests and responses of a stand-in server.

use bytes::Bytes;

use super::Fault;

/// A request to a stand-in server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// `Content-Type`.
    pub content_type: String,
    /// `User-Agent`.
    pub user_agent: String,
    /// `Authorization`.
    pub authorization: String,
    /// `X-Realm`.
    pub realm: String,
    /// `Range`.
    pub range: String,
    /// `If-Range`.
    pub if_range: String,
    /// The fields of a form, or of a JSON object of strings, in order.
    pub fields: Vec<(String, String)>,
}

impl ServerRequest {
    /// Returns the violation of a request without this program's `User-Agent`.
    pub fn user_agent_violation(&self) -> Option<&'static str> {
        (!self.user_agent.starts_with("playcookie/"))
            .then_some("the User-Agent header was not that of playcookie")
    }

    /// Returns the values of these fields; none when a field is missing or there are others.
    pub fn exact_fields<const N: usize>(&self, names: [&str; N]) -> Option<[&str; N]> {
        if self.fields.len() != N {
            return None;
        }
        let mut values = [""; N];
        for (value, name) in values.iter_mut().zip(names) {
            *value = self
                .fields
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)?;
        }
        Some(values)
    }
}

/// A response of a stand-in server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body, which is JSON.
    pub body: String,
    /// Published content, which replaces the body.
    pub content: Option<StaticContent>,
    /// The faults of the transfer.
    pub fault: Fault,
}

impl ServerResponse {
    /// Creates a response with status 200 and a JSON value.
    pub fn json(value: &serde_json::Value) -> Self {
        Self::new(200, value.to_string())
    }

    /// Creates a response with a status and an error message.
    pub fn error(status: u16, what: &str) -> Self {
        let body = serde_json::json!({ "error": what });
        Self::new(status, body.to_string())
    }

    /// Creates a response with a status and a body.
    pub fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            content: None,
            fault: Fault::NONE,
        }
    }

    /// Creates a response with a status and published content.
    pub fn with_content(status: u16, content: StaticContent) -> Self {
        Self {
            status,
            body: String::new(),
            content: Some(content),
            fault: Fault::NONE,
        }
    }
}

/// Published content with its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticContent {
    /// The names of the headers, in lower case, and their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub bytes: Bytes,
    /// Whether the content is a file of the game rather than a manifest.
    pub is_file: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additional_and_missing_fields_are_detected() {
        let fields = vec![
            ("b".to_owned(), "2".to_owned()),
            ("a".to_owned(), "1".to_owned()),
        ];
        let received = ServerRequest {
            fields,
            ..ServerRequest::default()
        };
        assert_eq!(received.exact_fields(["a", "b"]), Some(["1", "2"]));
        assert_eq!(received.exact_fields(["a"]), None);
        assert_eq!(received.exact_fields(["a", "c"]), None);
    }
}
