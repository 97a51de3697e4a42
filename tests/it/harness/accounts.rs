//! Homes in which accounts are remembered.

/// The part of a config.toml that remembers an account, with `more` lines about it.
pub(crate) fn account(name: &str, game: &str, username: &str, more: &str) -> String {
    format!("[accounts.{name}]\ngame = \"{game}\"\nusername = \"{username}\"\n{more}\n")
}
