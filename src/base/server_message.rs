//! Messages of servers, which are shown without control characters and without the user's secrets.

use crate::base::redact::redact;
use crate::base::sanitize::{plain, shorten, shorten_to};
use crate::base::secret::Secret;

/// The number of characters of a message that are kept in front of its number, so that [`shorten`] keeps the number.
const MAX_NUMBERED: usize = 360;

/// A message of a server without control characters and escape sequences; empty when the server sent none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerMessage(String);

impl ServerMessage {
    /// Creates a message from a server's text.
    pub fn new(text: Option<&str>) -> Self {
        Self(text.map(plain).unwrap_or_default())
    }

    /// Creates a message with a number that can be looked up: "Words. (status 12)". A long text is shortened.
    pub fn with_number(text: Option<&str>, name: &str, number: i64) -> Self {
        let message = Self::new(text).0;
        Self(if message.is_empty() {
            format!("{name} {number}")
        } else {
            let message = shorten_to(&message, MAX_NUMBERED);
            format!("{message} ({name} {number})")
        })
    }

    /// Returns the message, or `None` when it is empty. To show it, use [`ServerMessage::quote`].
    pub fn get(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|message| !message.is_empty())
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
    fn an_empty_message_is_not_quoted() {
        assert_eq!(ServerMessage::new(Some(" \u{1b}[0m\n")).quote(&[]), None);
        assert_eq!(ServerMessage::default().quote(&[]), None);
    }
}
