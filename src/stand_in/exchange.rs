//! What comes to a stand-in, and what goes back.

use bytes::Bytes;

use super::Fault;

/// A request as the stand-in received it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
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

impl Received {
    /// What to complain about when the client does not say who it is.
    pub fn is_anonymous(&self) -> Option<&'static str> {
        (!self.user_agent.starts_with("playcookie/")).then_some("the client did not say who it is")
    }

    /// The values of exactly these fields, or nothing when others came or one is missing.
    pub fn exactly<const N: usize>(&self, names: [&str; N]) -> Option<[&str; N]> {
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

/// What the stand-in answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
    /// What comes in place of the JSON, where something published was asked for.
    pub parcel: Option<Parcel>,
    /// What goes wrong on the way.
    pub fault: Fault,
}

impl Answer {
    /// 200 with a JSON value.
    pub fn json(value: &serde_json::Value) -> Self {
        Self::new(200, value.to_string())
    }

    /// A status and a word about it.
    pub fn error(status: u16, what: &str) -> Self {
        let body = serde_json::json!({ "error": what });
        Self::new(status, body.to_string())
    }

    /// A status and a text, which is JSON nearly always.
    pub fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            parcel: None,
            fault: Fault::NONE,
        }
    }

    /// A status and something published.
    pub fn parcel(status: u16, parcel: Parcel) -> Self {
        Self {
            status,
            body: String::new(),
            parcel: Some(parcel),
            fault: Fault::NONE,
        }
    }
}

/// Bytes, and what is said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The header's lines: their names, in lower case, and values.
    pub head: Vec<(&'static str, String)>,
    /// What follows.
    pub bytes: Bytes,
    /// Whether it is something to download.
    pub is_file: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_too_many_or_too_few_is_not_exactly_right() {
        let fields = vec![
            ("b".to_owned(), "2".to_owned()),
            ("a".to_owned(), "1".to_owned()),
        ];
        let received = Received {
            fields,
            ..Received::default()
        };
        assert_eq!(received.exactly(["a", "b"]), Some(["1", "2"]));
        assert_eq!(received.exactly(["a"]), None);
        assert_eq!(received.exactly(["a", "c"]), None);
    }
}
