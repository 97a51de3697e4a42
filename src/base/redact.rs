//! Masking of given secrets in a text that a server sent.

use crate::base::sanitize::plain;
use crate::base::secret::{MASK, Secret};

/// The length in bytes from which a secret is masked: if every "a" were masked, the result would show that the password
/// is "a".
const MIN_LENGTH: usize = 3;

/// Replaces every occurrence of one of `secrets` in `text` by [`MASK`], in each encoding that a server may use for it.
pub fn redact(text: &str, secrets: &[Secret]) -> String {
    let mut encodings: Vec<Secret> = secrets.iter().flat_map(encodings).collect();
    // A code may be part of a password, so longer texts are replaced first.
    encodings.sort_by_key(|encoding| std::cmp::Reverse(encoding.reveal().len()));
    let masked = encodings
        .iter()
        .map(Secret::reveal)
        .filter(|encoding| encoding.len() >= MIN_LENGTH);
    masked.fold(text.to_owned(), |text, encoding| {
        text.replace(encoding, MASK)
    })
}

/// Returns a secret as it was typed, as [`plain`] changes it, and as forms and JSON encode it.
fn encodings(secret: &Secret) -> [Secret; 4] {
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

    fn redacted(text: &str, secrets: &[&str]) -> String {
        let secrets: Vec<_> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        redact(text, &secrets)
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
        assert_eq!(redacted("pw=%C3%B6pen%26", &["öpen&"]), "pw=•••");
        assert_eq!(redacted("open sesame", &["open  sesame"]), "•••");
        assert_eq!(redacted(r#"a\"b"#, &["a\"b"]), "•••");
    }

    #[test]
    fn a_secret_that_contains_another_is_masked_as_a_whole() {
        assert_eq!(redacted("code 123456", &["123", "123456"]), "code •••");
    }

    #[test]
    fn a_very_short_secret_is_not_masked() {
        assert_eq!(redacted("a banana", &["a", ""]), "a banana");
    }
}
