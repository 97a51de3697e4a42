//! Homes in which accounts are remembered.

use super::Home;

impl Home {
    /// Writes config.toml.
    pub(crate) fn configure(&self, text: impl AsRef<str>) {
        self.write(".config/playcookie/config.toml", text.as_ref());
    }

    /// What config.toml says now; nothing where there is none.
    pub(crate) fn configuration(&self) -> String {
        let path = self.path().join(".config/playcookie/config.toml");
        std::fs::read_to_string(path).unwrap_or_default()
    }
}

/// The part of a config.toml that remembers an account, with `more` lines about it.
pub(crate) fn account(name: &str, game: &str, username: &str, more: &str) -> String {
    format!("[accounts.{name}]\ngame = \"{game}\"\nusername = \"{username}\"\n{more}\n")
}
