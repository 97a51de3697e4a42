//! What a token says of itself: the claims of a JWT.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::tag::Pid;
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::base::timestamp;
pub use crate::base::timestamp::rfc3339;
use crate::games::json::{List, Object, display_text};

/// The longest token that is looked at, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// The claims of a token, as far as there are any, made safe to show.
///
/// They are **not verified**: nobody but Supercell knows the key, so anyone can make a token that claims anything. Good
/// for showing a player their own tokens, never for deciding who somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// `game`: the code of the game that the login was for.
    pub game: Option<String>,
    /// `pid`: the player's id, `high-low`.
    pub pid: Option<String>,
    /// `env`: `prod`.
    pub env: Option<String>,
    /// `scid`: the Supercell ID.
    pub scid: Option<String>,
    /// `iat`: when it was issued, in seconds since 1970; RFC 3339 as JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub issued_at: Option<u64>,
    /// `exp`: when it ends, in seconds since 1970; RFC 3339 as JSON.
    #[serde(serialize_with = "timestamp::serialize")]
    pub expires_at: Option<u64>,
    /// `sub`: whom it is about.
    pub subject: Option<String>,
    /// `iss`: who issued it.
    pub issuer: Option<String>,
    /// `aud`: whom it is for.
    pub audience: Vec<String>,
}

/// Why a token cannot be used. Nothing of the token is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is too long.
    #[error("the token is longer than {LONGEST} bytes")]
    TooLong,
    /// It does not have the shape of a JWT.
    #[error("the token is not three parts with dots between them")]
    NotThreeParts,
    /// Its middle part is not written as that of a JWT.
    #[error("the middle part of the token is not base64url without padding")]
    NotBase64Url,
    /// Its middle part holds no claims.
    #[error("the middle part of the token is not a JSON object")]
    NotAnObject,
    /// No HTTP header could carry it.
    #[error("the token is empty or holds something else than visible ASCII characters")]
    Unsendable,
}

impl Claims {
    /// Reads the claims of a token; does not verify them.
    ///
    /// # Errors
    /// When it is no JWT.
    pub fn decode(token: &Secret) -> Result<Self, BadToken> {
        let token = token.reveal();
        if token.len() > LONGEST {
            return Err(BadToken::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(_), Some(payload), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadToken::NotThreeParts);
        };
        let payload = BASE64URL_NOPAD.decode(payload.as_bytes());
        let payload = Zeroizing::new(payload.map_err(|_| BadToken::NotBase64Url)?);
        match serde_json::from_slice::<Object<Payload>>(&payload) {
            Ok(Object(Some(payload))) => Ok(payload.into()),
            _ => Err(BadToken::NotAnObject),
        }
    }

    /// The player that they name, when they do.
    pub fn player(&self) -> Option<Pid> {
        self.pid.as_deref()?.parse().ok()
    }
}

/// The claims as they come.
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
