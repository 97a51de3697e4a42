//! Redacting any text: nothing panics, no encoding of a secret remains, and text without secrets is unchanged.
//!
//! The input is secrets and a text, separated by zero bytes. The text follows them, once as it is and once with the first
//! secret in each encoding.

use std::fmt::Write as _;

use playcookie::base::redactor::Redactor;
use playcookie::base::secret::{MASK, Secret};

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut secrets: Vec<&str> = text.split('\0').collect();
    let text = secrets.pop().unwrap_or_default();
    let redactor = Redactor::default();
    assert_eq!(redactor.redact(text), text);
    for secret in &secrets {
        redactor.add(&Secret::new(*secret));
    }
    let redacted = redactor.redact(text);
    let masked: Vec<&str> = secrets
        .into_iter()
        .filter(|secret| secret.len() >= 3)
        .collect();
    // A secret of these characters may be formed by masks.
    let is_mask = |secret: &&str| secret.contains('•');
    for secret in masked.iter().filter(|secret| !is_mask(secret)) {
        assert!(!redacted.contains(*secret), "{secret:?} in {redacted:?}");
    }
    let Some(secret) = masked.first() else { return };
    for encoded in encodings(secret) {
        let text = format!("{text}<{encoded}>{text}");
        let redacted = redactor.redact(&text);
        assert!(redacted.contains(MASK), "{encoded:?} in {redacted:?}");
        assert!(
            !redacted.contains(&encoded) || is_mask(secret),
            "{encoded:?} in {redacted:?}"
        );
    }
}

fn encodings(secret: &str) -> [String; 5] {
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::to_string(secret).expect("JSON");
    let [mut percent, mut units, mut html] = [const { String::new() }; 3];
    for byte in secret.bytes() {
        let _ = write!(percent, "%{byte:02x}");
    }
    for unit in secret.encode_utf16() {
        let _ = write!(units, "\\u{unit:04x}");
    }
    for character in secret.chars() {
        let _ = write!(html, "&#{};", u32::from(character));
    }
    [
        form.replace('+', "%20"),
        percent,
        json[1..json.len() - 1].to_owned(),
        units,
        html,
    ]
}
