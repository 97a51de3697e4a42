//! Who logs in.

use super::Interface;
use crate::base::secret::Secret;

/// Who logs in, and what they asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginParameters {
    /// The name that is sent to the game's server.
    pub username: String,
    /// What shows that it is theirs.
    pub proof: Credential,
    /// Which description of the servers is followed.
    pub interface: Interface,
    /// Host and port in place of those that the protocol knows by heart, when another root was named.
    pub elsewhere: Option<String>,
    /// Random letters and digits, for a name that has to be unique.
    pub nonce: String,
    /// The toon to enter with, 0 to 5, where the game lets one choose.
    pub toon_slot: Option<u8>,
    /// Whether the files are to be brought up to date first, where the login tells what servers they are on
    /// ([`crate::games::Downloads::AtLogin`]).
    pub updates: bool,
}

/// What shows that a username is the player's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The password.
    Password(Secret),
    /// A token that was kept, where the game gives one ([`CredentialKind::Token`]).
    Token(Secret),
}

impl Credential {
    /// The secret itself, for games that know passwords only.
    pub fn into_secret(self) -> Secret {
        let (Self::Password(secret) | Self::Token(secret)) = self;
        secret
    }
}

impl LoginParameters {
    /// A player of the current interface, as tests like them.
    #[cfg(test)]
    pub(crate) fn named(username: &str, password: &str) -> Self {
        Self {
            username: username.to_owned(),
            proof: Credential::Password(Secret::new(password)),
            interface: Interface::Current,
            elsewhere: None,
            nonce: "0a1b2c3d".to_owned(),
            toon_slot: None,
            updates: false,
        }
    }
}
