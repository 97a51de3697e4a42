//! The claims in a token, which is a JWT.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::catalog::{AndroidGame, GAMES};
use super::tag::Pid;
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::base::timestamp;
use crate::games::json::{List, Object, display_text};

/// The maximum length of a token in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;

/// The claims of a token. All texts are safe to display.
///
/// The claims are **not verified**, because Supercell does not publish the key: anyone can create a token with any claims. They
/// may be shown to the owner of the token, but must not be used for authentication.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// `game`: the code of the game for which the login was made.
    pub game: Option<String>,
    /// `pid`: the player's id, `high-low`.
    pub pid: Option<String>,
    /// `env`: the environment, `prod`.
    pub env: Option<String>,
    /// `scid`: the Supercell ID.
    pub scid: Option<String>,
    /// `iat`: when it was issued, in seconds since 1970; RFC 3339 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub issued_at: Option<u64>,
    /// `exp`: when it expires, in seconds since 1970; RFC 3339 in JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub expires_at: Option<u64>,
    /// `sub`: the subject.
    pub subject: Option<String>,
    /// `iss`: the issuer.
    pub issuer: Option<String>,
    /// `aud`: the audience.
    pub audience: Vec<String>,
}

/// Why a token is invalid. The message contains no part of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token is longer than [`MAX_LENGTH`].
    #[error("the token is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The token does not have the form of a JWT.
    #[error("the token is not three parts with dots between them")]
    NotThreeParts,
    /// The payload is not base64url.
    #[error("the middle part of the token is not base64url without padding")]
    NotBase64Url,
    /// The payload is not a JSON object.
    #[error("the middle part of the token is not a JSON object")]
    NotAnObject,
    /// The token cannot be sent in an HTTP header.
    #[error("the token is empty or has characters that are not visible ASCII")]
    Unsendable,
}

impl Claims {
    /// Decodes the claims of a token without verifying them.
    ///
    /// # Errors
    /// When the token is not a JWT.
    pub fn decode(token: &Secret) -> Result<Self, TokenError> {
        let token = token.reveal();
        if token.len() > MAX_LENGTH {
            return Err(TokenError::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(_), Some(payload), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenError::NotThreeParts);
        };
        let payload = BASE64URL_NOPAD.decode(payload.as_bytes());
        let payload = Zeroizing::new(payload.map_err(|_| TokenError::NotBase64Url)?);
        match serde_json::from_slice::<Object<Payload>>(&payload) {
            Ok(Object(Some(payload))) => Ok(payload.into()),
            _ => Err(TokenError::NotAnObject),
        }
    }

    /// Returns the player's id, if there is a valid one.
    pub fn player(&self) -> Option<Pid> {
        self.pid.as_deref()?.parse().ok()
    }

    /// Returns the game for which the login was made, if it is a known one.
    pub fn android_game(&self) -> Option<&'static AndroidGame> {
        let code = self.game.as_deref()?;
        GAMES.iter().find(|game| game.code == code)
    }
}

/// The payload of a token.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload {
    game: Lenient,
    pid: Lenient,
    env: Lenient,
    scid: Lenient,
    iat: Lenient,
    exp: Lenient,
    sub: Lenient,
    iss: Lenient,
    aud: List<Lenient>,
}

impl From<Payload> for Claims {
    fn from(payload: Payload) -> Self {
        Self {
            game: display_text(&payload.game),
            pid: display_text(&payload.pid),
            env: display_text(&payload.env),
            scid: display_text(&payload.scid),
            issued_at: payload.iat.number(),
            expires_at: payload.exp.number(),
            subject: display_text(&payload.sub),
            issuer: display_text(&payload.iss),
            audience: payload.aud.0.iter().filter_map(display_text).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
