//! The name of an entry in the secret store.

use std::fmt::Write as _;

#[cfg(any(test, all(unix, not(target_os = "macos"))))]
use crate::base::sanitize::clean;

/// Identifies a secret. The origin is part of the key, so that a secret stored for the default host is never sent to
/// another `--api URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialKey {
    /// The name of the game on the command line.
    pub game: &'static str,
    /// The origin that the secret is sent to, as in `https://www.example.com`.
    pub origin: String,
    /// The username.
    pub username: String,
    /// The kind of secret: `password`, `token` or `totp`; for Supercell ID, the part of the token.
    pub kind: &'static str,
}

impl CredentialKey {
    /// Returns the name of the entry: the four fields, escaped so that no two keys have the same name even in a store that
    /// folds case or normalizes text. The Credential Manager treats `Alice` and `alice` as equal.
    pub(super) fn entry(&self) -> String {
        [self.game, self.kind, &self.username, &self.origin]
            .map(escaped)
            .join("|")
    }

    /// Returns the description of the entry that a keyring program shows.
    #[cfg(any(test, all(unix, not(target_os = "macos"))))]
    pub(super) fn label(&self) -> String {
        format!(
            "playcookie: {} of {} ({}, {})",
            self.kind,
            clean(&self.username),
            self.game,
            clean(&self.origin)
        )
    }
}

/// Encodes every byte as `%xx`, except printable ASCII other than capitals, `|` and `%`.
fn escaped(field: &str) -> String {
    field.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b' '..=b'~' if !matches!(byte, b'|' | b'%' | b'A'..=b'Z') => {
                text.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(text, "%{byte:02x}")),
        }
        text
    })
}
