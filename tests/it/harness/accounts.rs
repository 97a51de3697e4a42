//! Accounts in a configuration.

/// Returns the table of an account in `config.toml`, with `more` lines.
pub(crate) fn account(name: &str, game: &str, username: &str, more: &str) -> String {
    format!("[accounts.{name}]\ngame = \"{game}\"\nusername = \"{username}\"\n{more}\n")
}
