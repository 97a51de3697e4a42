//! The name of one entry in the store.

use std::fmt::Write as _;

#[cfg(any(test, all(unix, not(target_os = "macos"))))]
use crate::base::sanitize::clean;

/// What one secret is filed under. The origin is part of it: another `--api URL` never receives what was stored for the
/// usual host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialKey {
    /// The game, by its name on the command line.
    pub game: &'static str,
    /// The origin that the secret is sent to, as in `https://www.example.com`.
    pub origin: String,
    /// The username.
    pub account: String,
    /// What it is: a password, a token, a code secret.
    pub part: &'static str,
}

impl CredentialKey {
    /// The entry's name: four fields, none of which can look like two, in characters that no store folds or normalizes
    /// (the Credential Manager makes no difference between `Alice` and `alice`).
    pub(super) fn entry(&self) -> String {
        [self.game, self.part, &self.account, &self.origin]
            .map(escaped)
            .join("|")
    }

    /// What a person reads in their keyring program.
    #[cfg(any(test, all(unix, not(target_os = "macos"))))]
    pub(super) fn label(&self) -> String {
        format!(
            "playcookie: {} of {} ({}, {})",
            self.part,
            clean(&self.account),
            self.game,
            clean(&self.origin)
        )
    }
}

/// Printable ASCII but for capitals, `|` and `%` as it is, everything else as `%xx` for each byte.
fn escaped(field: &str) -> String {
    field.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b' '..=b'~' if !matches!(byte, b'|' | b'%' | b'A'..=b'Z') => {
                text.push(char::from(byte));
            }
            // Writing to a string does not fail.
            _ => drop(write!(text, "%{byte:02x}")),
        }
        text
    })
}
