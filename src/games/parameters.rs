//! The parameters of a login.

use super::Interface;
use crate::base::secret::Secret;

/// What a login protocol begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginParameters {
    /// The username that is sent to the server.
    pub username: String,
    /// The password or token.
    pub credential: Credential,
    /// Which description of the servers to follow.
    pub interface: Interface,
    /// Host and port of the game server when no reply names it; replaces the protocol's own default.
    pub fallback_gameserver: Option<String>,
    /// Random letters and digits, for names that have to be unique.
    pub nonce: String,
    /// The toon to enter the game with, from 0 to 5, if the game supports that.
    pub toon_slot: Option<u8>,
    /// Whether to update the game's files during the login, if the login names the download servers
    /// ([`crate::games::Downloads::AtLogin`]).
    pub wants_update: bool,
}

/// What proves that a username belongs to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The password.
    Password(Secret),
    /// A stored token, for games that issue one ([`crate::games::CredentialKind::Token`]).
    Token(Secret),
}

impl Credential {
    /// Returns the password or token.
    pub fn into_secret(self) -> Secret {
        let (Self::Password(secret) | Self::Token(secret)) = self;
        secret
    }
}

impl LoginParameters {
    /// Creates parameters with a password for the current interface.
    #[cfg(test)]
    pub(crate) fn with_password(username: &str, password: &str) -> Self {
        Self {
            username: username.to_owned(),
            credential: Credential::Password(Secret::new(password)),
            interface: Interface::Current,
            fallback_gameserver: None,
            nonce: "0a1b2c3d".to_owned(),
            toon_slot: None,
            wants_update: false,
        }
    }
}
