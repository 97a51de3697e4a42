//! Messages of servers, which are shown without control characters and without the user's secrets.

use std::fmt;

use serde::Serialize;

use crate::base::redactor::Redactor;
use crate::base::sanitize::{plain, shorten, shorten_to};

/// The number of characters of a message that are shown in front of its number.
const MAX_NUMBERED: usize = 360;
/// The maximum length in bytes of a number with its name.
const MAX_NUMBER: usize = 40;

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

    /// Creates a message with a number that can be looked up: "Words. (status 12)".
    pub fn with_number(text: Option<&str>, name: &str, number: i64) -> Self {
        let message = Self::new(text);
        let text = if message.text.is_empty() {
            format!("{name} {number}")
        } else {
            format!("{} ({name} {number})", message.text)
        };
        Self { text, ..message }.with_code(ServerCode::Number(number), None)
    }

    /// Returns the server's own number or word.
    pub const fn code(&self) -> Option<&ServerCode> {
        self.code.as_ref()
    }

    /// Returns the message as the end of a sentence: `: "text"`, or `: meaning` of a code without a text.
    pub fn clause(&self, redactor: &Redactor) -> String {
        match (self.quote(redactor), self.meaning) {
            (Some(text), _) => format!(": \"{text}\""),
            (None, Some(meaning)) => format!(": {meaning}"),
            (None, None) => String::new(),
        }
    }

    /// Returns the message, or `None` when it is empty. To show it, use [`ServerMessage::quote`].
    pub fn get(&self) -> Option<&str> {
        Some(self.text.as_str()).filter(|message| !message.is_empty())
    }

    /// Returns the message for display, redacted and shortened, or `None` when it is empty. A number at its end is kept.
    pub fn quote(&self, redactor: &Redactor) -> Option<String> {
        // Redacting comes first: a secret that was cut in two would not be found.
        let message = redactor.redact(self.get()?);
        Some(match split_number(&message) {
            Some((text, number)) => shorten_to(text, MAX_NUMBERED) + number,
            None => shorten(&message),
        })
    }
}

/// Splits a message in front of what [`ServerMessage::with_number`] adds: a short text in parentheses at the end.
fn split_number(message: &str) -> Option<(&str, &str)> {
    let start = message.strip_suffix(')')?.rfind(" (")?;
    let (text, number) = message.split_at_checked(start)?;
    (number.len() <= MAX_NUMBER).then_some((text, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::Secret;

    fn quote(message: &ServerMessage) -> Option<String> {
        message.quote(&Redactor::default())
    }

    #[test]
    fn a_message_ends_with_its_number_however_long_it_is() {
        let message = |text: Option<&str>| quote(&ServerMessage::with_number(text, "status", 12));
        assert_eq!(
            message(Some("No\u{1b}[2J.")).as_deref(),
            Some("No. (status 12)")
        );
        assert_eq!(message(None).as_deref(), Some("status 12"));
        let long = message(Some(&"x".repeat(2000)));
        assert!(long.is_some_and(|message| message.ends_with("x… (status 12)")));
    }

    #[test]
    fn a_quote_has_at_most_400_characters_and_an_ellipsis() {
        for text in [
            "é".repeat(2000),
            format!("{} ({})", "é".repeat(390), "é".repeat(15)),
            format!("({})", "é".repeat(2000)),
        ] {
            let quoted = quote(&ServerMessage::new(Some(&text))).expect("a quote");
            assert!(quoted.chars().count() <= 401, "{quoted}");
        }
    }

    #[test]
    fn a_secret_is_masked_before_the_message_is_shortened() {
        let redactor = Redactor::default();
        redactor.add(&Secret::new("hunter2"));
        for length in 350..400 {
            let text = format!("{}hunter2", ".".repeat(length));
            for message in [
                ServerMessage::new(Some(&text)),
                ServerMessage::with_number(Some(&text), "status", 12),
            ] {
                let quoted = message.quote(&redactor).expect("a quote");
                assert!(!quoted.contains("hun"), "{quoted}");
            }
        }
    }

    #[test]
    fn the_meaning_of_a_code_is_shown_when_there_is_no_text() {
        let clause = |text: Option<&str>| {
            let message = ServerMessage::new(text);
            let message = message.with_code(ServerCode::Number(6), Some("it is full"));
            message.clause(&Redactor::default())
        };
        assert_eq!(clause(None), ": it is full");
        assert_eq!(clause(Some("Full.")), ": \"Full.\"");
        assert_eq!(ServerMessage::default().clause(&Redactor::default()), "");
    }

    #[test]
    fn an_empty_message_is_not_quoted() {
        assert_eq!(quote(&ServerMessage::new(Some(" \u{1b}[0m\n"))), None);
        assert_eq!(quote(&ServerMessage::default()), None);
    }
}
