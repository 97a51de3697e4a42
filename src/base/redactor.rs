//! Masking of the secrets of a run in texts that a server sent.

use std::cell::RefCell;
use std::ops::Range;

use percent_encoding::percent_decode;

use crate::base::sanitize::plain;
use crate::base::secret::{MASK, Secret};

/// The length in bytes from which a secret is masked: if every "a" were masked, the result would show that the password
/// is "a".
const MIN_LENGTH: usize = 3;
/// The entities that HTML encoders write for characters of ASCII.
const ENTITIES: [(&str, char); 6] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
];
/// The maximum length of an escaped character in bytes, as in `&#x0001f642;`.
const MAX_ESCAPE: usize = 12;

/// The secrets of a run. Each is added when it enters the program.
#[derive(Debug, Default)]
pub struct Redactor(RefCell<Vec<Secret>>);

impl Redactor {
    /// Masks a secret from now on.
    pub fn add(&self, secret: &Secret) {
        let mut secrets = self.0.borrow_mut();
        // Servers' messages are changed by `plain`, so a secret in them is too.
        for secret in [secret.clone(), Secret::new(plain(secret.reveal()))] {
            if secret.reveal().len() >= MIN_LENGTH && !secrets.contains(&secret) {
                secrets.push(secret);
            }
        }
    }

    /// Replaces every occurrence of a secret by [`MASK`]. Each of its characters may be percent-encoded or escaped as in
    /// JSON or HTML. Occurrences that overlap are replaced as one.
    pub fn redact(&self, text: &str) -> String {
        let secrets = self.0.borrow();
        let mut redacted = String::new();
        // The end of the text that was copied, and of the last occurrence.
        let (mut copied, mut masked) = (0, 0);
        for Range { start, end } in occurrences(text, &secrets) {
            if start >= masked {
                redacted.push_str(text.get(copied..start).unwrap_or_default());
                redacted.push_str(MASK);
            }
            masked = masked.max(end);
            copied = masked;
        }
        redacted.push_str(text.get(copied..).unwrap_or_default());
        redacted
    }
}

/// Returns where one of `secrets` occurs in `text`, the longest occurrence at each start, in order.
fn occurrences(text: &str, secrets: &[Secret]) -> impl Iterator<Item = Range<usize>> {
    let rests = text
        .char_indices()
        .map(move |(start, _)| (start, text.get(start..).unwrap_or_default()));
    rests.filter_map(|(start, rest)| {
        let lengths = secrets
            .iter()
            .filter_map(|secret| prefix_length(rest, secret.reveal()));
        Some(start..start + lengths.max()?)
    })
}

/// Returns the length of the longest encoding of `secret` that `text` starts with.
fn prefix_length(text: &str, secret: &str) -> Option<usize> {
    // A character may be read in more than one way, as in "&amp;" of the secret "&amp;".
    let mut lengths = vec![0];
    for expected in secret.chars() {
        let mut longer: Vec<usize> = Vec::new();
        for length in lengths {
            let readings = readings(text.get(length..)?);
            let matching = readings.filter(|(character, _)| *character == expected);
            longer.extend(matching.map(|(_, more)| length + more));
        }
        longer.sort_unstable();
        longer.dedup();
        lengths = longer;
        if lengths.is_empty() {
            return None;
        }
    }
    lengths.pop()
}

/// Returns each character that the start of a text may stand for, with the length in bytes of what stands for it.
fn readings(text: &str) -> impl Iterator<Item = (char, usize)> {
    let literal = text
        .chars()
        .next()
        .map(|character| (character, character.len_utf8()));
    let escaped = match literal {
        Some(('+', length)) => Some((' ', length)),
        Some(('%', _)) => percent_encoded(text),
        Some(('\\', _)) => escaped_in_json(text),
        Some(('&', _)) => escaped_in_html(text),
        _ => None,
    };
    literal.into_iter().chain(escaped)
}

/// Reads one character in percent-encoding (`%C3%B6`).
fn percent_encoded(text: &str) -> Option<(char, usize)> {
    (1..=4).find_map(|count| {
        let encoded = text.get(..3 * count)?;
        let bytes: Vec<u8> = percent_decode(encoded.as_bytes()).collect();
        let decoded = std::str::from_utf8(&bytes).ok()?;
        let character = decoded.chars().next().filter(|_| bytes.len() == count)?;
        Some((character, encoded.len()))
    })
}

/// Reads one character as a JSON string escapes it (`\n`, `\u00f6`, `\ud83d\ude42`).
fn escaped_in_json(text: &str) -> Option<(char, usize)> {
    [2, 6, 12].into_iter().find_map(|length| {
        let json = Secret::new(format!("\"{}\"", text.get(..length)?));
        let decoded: String = serde_json::from_str(json.reveal()).ok()?;
        let decoded = Secret::new(decoded);
        let mut characters = decoded.reveal().chars();
        let character = characters.next()?;
        characters.next().is_none().then_some((character, length))
    })
}

/// Reads one character as HTML escapes it (`&amp;`, `&#38;`, `&#x26;`).
fn escaped_in_html(text: &str) -> Option<(char, usize)> {
    // Only the start is searched: a text may have many ampersands and no semicolon.
    let length = text
        .bytes()
        .take(MAX_ESCAPE)
        .position(|byte| byte == b';')?
        + 1;
    let name = text.get(1..length - 1)?;
    let character = if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        char::from_u32(number.ok()?)?
    } else {
        let is_named = |(entity, _): &&(&str, char)| name.eq_ignore_ascii_case(entity);
        ENTITIES.iter().find(is_named)?.1
    };
    Some((character, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str, secrets: &[&str]) -> String {
        let redactor = Redactor::default();
        for secret in secrets {
            redactor.add(&Secret::new(*secret));
        }
        redactor.redact(text)
    }

    #[test]
    fn every_secret_is_masked() {
        assert_eq!(
            redacted("no hunter2, no 123456", &["hunter2", "123456"]),
            "no •••, no •••"
        );
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding() {
        for text in [
            "öp n&\"🙂",
            "%C3%B6p+n%26%22%F0%9F%99%82",
            "%c3%b6p%20n&%22%f0%9f%99%82",
            r#"\u00f6p n\u0026\"\ud83d\ude42"#,
            "&#246;p&nbsp;n&amp;&quot;&#x1F642;",
        ] {
            assert_eq!(redacted(&format!("pw={text};"), &["öp n&\"🙂"]), "pw=•••;");
        }
        assert_eq!(redacted("open sesame", &["open  sesame"]), "•••");
        assert_eq!(
            redacted("a&amp;b or a&amp;amp;b", &["a&amp;b"]),
            "••• or •••"
        );
    }

    #[test]
    fn a_secret_that_contains_another_is_masked_as_a_whole() {
        assert_eq!(redacted("code 123456", &["123", "123456"]), "code •••");
    }

    #[test]
    fn secrets_that_overlap_are_masked_as_one() {
        assert_eq!(redacted("<abcdefghi>", &["abcdef", "defghi"]), "<•••>");
        assert_eq!(redacted("<aaaa>", &["aaa"]), "<•••>");
        assert_eq!(redacted("<abcabc>", &["abc"]), "<••••••>");
    }

    #[test]
    fn a_very_short_secret_is_not_masked() {
        assert_eq!(redacted("a banana", &["a", ""]), "a banana");
    }

    #[test]
    fn an_incomplete_escape_is_no_character() {
        for text in [
            "ab%",
            "ab%4",
            "ab%é",
            "ab\\",
            "ab\\u00",
            "ab&",
            "ab&#x",
            "ab&#xé;",
            "ab&#1114112;",
        ] {
            assert_eq!(redacted(text, &["abc"]), text);
        }
    }
}
