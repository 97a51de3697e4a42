//! A stranger's sentence: made safe for a terminal, and shown without what was typed.

use crate::base::sanitize::{plain, shorten, shorten_to};
use crate::base::secret::{MASK, Secret};

/// Shorter secrets are not searched for: masking every "a" would tell that the password is "a".
const SHORTEST_REDACTED: usize = 3;

/// What is left of long words in front of their number, so that it is not cut off again.
const LONGEST_NUMBERED: usize = 360;

/// What a server said, without anything that steers a terminal; empty when nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerMessage(String);

impl ServerMessage {
    /// Takes out everything that steers a terminal.
    pub fn new(foreign: Option<&str>) -> Self {
        Self(foreign.map(plain).unwrap_or_default())
    }

    /// The same, with a number behind it that a person can look up; long words lose their end and keep the number.
    pub fn numbered(foreign: Option<&str>, name: &str, number: i64) -> Self {
        let message = Self::new(foreign).0;
        Self(if message.is_empty() {
            format!("{name} {number}")
        } else {
            format!(
                "{} ({name} {number})",
                shorten_to(&message, LONGEST_NUMBERED)
            )
        })
    }

    /// Nothing was said.
    pub fn none() -> Self {
        Self::default()
    }

    /// What was said, if anything: to understand it. [`ServerMessage::quote`] is for showing.
    pub fn get(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|message| !message.is_empty())
    }

    /// What was said, if anything, with every secret masked and cut to a length that can be read.
    pub fn quote(&self, secrets: &[Secret]) -> Option<String> {
        // Masked before it is cut, or the cut would hide the end of a secret and show its beginning.
        self.get().map(|message| shorten(&redact(message, secrets)))
    }
}

/// `foreign` with every one of `secrets` masked, in each shape that a server may have sent it back in.
pub fn redact(foreign: &str, secrets: &[Secret]) -> String {
    let mut shapes: Vec<Secret> = secrets.iter().flat_map(shapes).collect();
    // A code may be part of a password: the longer one goes first.
    shapes.sort_by_key(|shape| std::cmp::Reverse(shape.reveal().len()));
    let found = shapes
        .iter()
        .map(Secret::reveal)
        .filter(|shape| shape.len() >= SHORTEST_REDACTED);
    found.fold(foreign.to_owned(), |text, shape| text.replace(shape, MASK))
}

/// A secret as it was typed, as [`plain`] leaves it, and as forms and JSON carry it.
fn shapes(secret: &Secret) -> [Secret; 4] {
    let text = secret.reveal();
    let form = form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let json = Secret::new(serde_json::to_string(text).unwrap_or_default());
    let json = Secret::new(json.reveal().trim_matches('"'));
    [
        secret.clone(),
        Secret::new(plain(text)),
        Secret::new(form),
        json,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(foreign: &str, secrets: &[&str]) -> String {
        let secrets: Vec<_> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        ServerMessage::new(Some(foreign))
            .quote(&secrets)
            .unwrap_or_default()
    }

    #[test]
    fn a_servers_words_do_not_repeat_what_was_typed() {
        assert_eq!(
            quoted("no hunter2, no 123456", &["hunter2", "123456"]),
            "no •••, no •••"
        );
    }

    #[test]
    fn a_secret_is_masked_in_whatever_shape_it_comes_back() {
        assert_eq!(quoted("pw=%C3%B6pen%26", &["öpen&"]), "pw=•••");
        assert_eq!(quoted("open  sesame", &["open  sesame"]), "•••");
        assert_eq!(quoted(r#"a\"b"#, &["a\"b"]), "•••");
    }

    #[test]
    fn a_secret_that_is_part_of_another_leaves_none_of_it() {
        assert_eq!(quoted("code 123456", &["123", "123456"]), "code •••");
    }

    #[test]
    fn a_secret_across_the_cut_is_masked() {
        let said = quoted(&format!("{}hunter2", ".".repeat(396)), &["hunter2"]);
        assert!(!said.contains("hunt"), "{said}");
    }

    #[test]
    fn a_very_short_secret_is_not_given_away_by_its_masks() {
        assert_eq!(quoted("a banana", &["a", ""]), "a banana");
    }

    #[test]
    fn silence_is_no_quotation() {
        assert_eq!(ServerMessage::new(Some(" \u{1b}[0m\n")).quote(&[]), None);
        assert_eq!(ServerMessage::none().quote(&[]), None);
    }
}
