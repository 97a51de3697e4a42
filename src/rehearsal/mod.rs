//! The built-in stand-in server and game: the whole main job without an account, a file or a network.
//!
//! The server listens on 127.0.0.1 only. It keeps state and has a conscience: it takes exactly what a protocol's page
//! says, hands out tokens that are good once, and complains about everything else.

pub mod game;
pub mod server;
pub mod ttr;

use std::fmt::Write as _;

/// What happens at the stand-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scenario {
    /// A code is wanted; the banner shows it.
    pub two_factor: bool,
    /// So many players are in front; `Some(0)` is the game's usual "in line, and it is your turn".
    pub queue: Option<u32>,
    /// The password is refused.
    pub refuse: bool,
}

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
    /// The fields of a form, in order.
    pub fields: Vec<(String, String)>,
}

impl Received {
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
}

impl Answer {
    /// 200 with a JSON value.
    pub fn json(value: &serde_json::Value) -> Self {
        Self {
            status: 200,
            body: value.to_string(),
        }
    }

    /// A status and a word about it.
    pub fn error(status: u16, what: &str) -> Self {
        Self {
            status,
            body: serde_json::json!({ "error": what }).to_string(),
        }
    }
}

/// The server side of one game.
pub trait StandIn: Send + 'static {
    /// Answers a request that came at `now` (time since some moment in the past).
    fn answer(&mut self, request: &Received, now: std::time::Duration) -> Answer;

    /// What was wrong with the requests so far.
    fn complaints(&self) -> &[String];
}

/// A token that nobody can guess: 32 hexadecimal digits.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 16];
    // A token that can be guessed is no harm on this machine.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ() {
        assert_eq!(token().len(), 32);
        assert_ne!(token(), token());
    }

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
