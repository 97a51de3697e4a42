//! Messages of servers, which are shown without control characters and without the user's secrets.

use std::fmt;

use serde::Serialize;

use crate::base::redact::redact;
use crate::base::sanitize::{plain, shorten, shorten_to};
use crate::base::secret::Secret;

/// The number of characters of a message that are kept in front of its number, so that [`shorten`] keeps the number.
const MAX_NUMBERED: usize = 360;

/// A message of a server without control characters and escape sequences; empty when the server sent none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerMessage {
    text: String,
    code: Option<ServerCode>,
    meaning: Option<&'static str>,
}

/// A server's own number or word for what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ServerCode {
    /// A number.
    Number(i64),
    /// A word, safe to show.
    Word(String),
}

impl fmt::Display for ServerCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Word(word) => word.fmt(formatter),
        }
    }
}

impl ServerMessage {
    /// Creates a message from a server's text.
    pub fn new(text: Option<&str>) -> Self {
        Self {
            text: text.map(plain).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Returns the same message with the server's own number or word, and what that means.
    #[must_use]
    pub fn with_code(self, code: ServerCode, meaning: Option<&'static str>) -> Self {
        Self {
            code: Some(code),
            meaning,
            ..self
        }
    }

    /// Creates a message with a number that can be looked up: "Words. (status 12)". A long text is shortened.
    pub fn with_number(text: Option<&str>, name: &str, number: i64) -> Self {
        let message = Self::new(text);
        let text = if message.text.is_empty() {
            format!("{name} {number}")
        } else {
            let text = shorten_to(&message.text, MAX_NUMBERED);
            format!("{text} ({name} {number})")
        };
        Self { text, ..message }.with_code(ServerCode::Number(number), None)
    }

    /// Returns the server's own number or word.
    pub const fn code(&self) -> Option<&ServerCode> {
        self.code.as_ref()
    }

    /// Returns the message as the end of a sentence: `: "text"`, or `: meaning` of a code without a text.
    pub fn clause(&self, secrets: &[Secret]) -> String {
        match (self.quote(secrets), self.meaning) {
            (Some(text), _) => format!(": \"{text}\""),
            (None, Some(meaning)) => format!(": {meaning}"),
            (None, None) => String::new(),
        }
    }

    /// Returns the message, or `None` when it is empty. To show it, use [`ServerMessage::quote`].
    pub fn get(&self) -> Option<&str> {
        Some(self.text.as_str()).filter(|message| !message.is_empty())
    }

    /// Returns the message for display, with `secrets` masked and shortened, or `None` when it is empty.
    pub fn quote(&self, secrets: &[Secret]) -> Option<String> {
        // Masking comes first: a secret that was cut in two would not be found.
        self.get().map(|message| shorten(&redact(message, secrets)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_with_its_number_however_long_it_is() {
        let message = |text: Option<&str>| ServerMessage::with_number(text, "status", 12);
        assert_eq!(message(Some("No\u{1b}[2J.")).get(), Some("No. (status 12)"));
        assert_eq!(message(None).get(), Some("status 12"));
        let long = message(Some(&"x".repeat(2000)));
        assert!(
            long.get()
                .is_some_and(|message| message.ends_with("x… (status 12)"))
        );
    }

    #[test]
    fn a_secret_is_masked_before_the_message_is_shortened() {
        let message = ServerMessage::new(Some(&format!("{}hunter2", ".".repeat(396))));
        let quoted = message.quote(&[Secret::new("hunter2")]).expect("a quote");
        assert!(!quoted.contains("hunt"), "{quoted}");
    }

    #[test]
    fn the_meaning_of_a_code_is_shown_when_there_is_no_text() {
        let clause = |text: Option<&str>| {
            let message = ServerMessage::new(text);
            let message = message.with_code(ServerCode::Number(6), Some("it is full"));
            message.clause(&[])
        };
        assert_eq!(clause(None), ": it is full");
        assert_eq!(clause(Some("Full.")), ": \"Full.\"");
        assert_eq!(ServerMessage::default().clause(&[]), "");
    }

    #[test]
    fn an_empty_message_is_not_quoted() {
        assert_eq!(ServerMessage::new(Some(" \u{1b}[0m\n")).quote(&[]), None);
        assert_eq!(ServerMessage::default().quote(&[]), None);
    }
}
