//! What a token says of itself: the claims of a JWT.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::shape::{List, Object, shown};
use super::tag::Pid;
use crate::loose::Loose;
use crate::secret::Secret;

/// The longest token that is looked at, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// The claims of a token, as far as there are any, made safe to show.
///
/// They are **not verified**: nobody but Supercell knows the key, so anyone can make a token that claims anything. Good
/// for showing a player their own tokens, never for deciding who somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// `game`: the code of the game that the login was for.
    pub game: Option<String>,
    /// `pid`: the player's id, `high-low`.
    pub pid: Option<String>,
    /// `env`: `prod`.
    pub env: Option<String>,
    /// `scid`: the Supercell ID.
    pub scid: Option<String>,
    /// `iat`: when it was issued, in seconds since 1970.
    pub issued_at: Option<u64>,
    /// `exp`: when it ends, in seconds since 1970.
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
    game: Loose,
    pid: Loose,
    env: Loose,
    scid: Loose,
    iat: Loose,
    exp: Loose,
    sub: Loose,
    iss: Loose,
    aud: List<Loose>,
}

impl From<Payload> for Claims {
    fn from(payload: Payload) -> Self {
        Self {
            game: shown(&payload.game),
            pid: shown(&payload.pid),
            env: shown(&payload.env),
            scid: shown(&payload.scid),
            issued_at: payload.iat.number(),
            expires_at: payload.exp.number(),
            subject: shown(&payload.sub),
            issuer: shown(&payload.iss),
            audience: payload.aud.0.iter().filter_map(shown).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(payload: &str) -> Secret {
        let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
        Secret::new(format!(
            "{}.{}.c2ln",
            part(r#"{"alg":"ES256"}"#),
            part(payload)
        ))
    }

    fn claims(payload: &str) -> Result<Claims, BadToken> {
        Claims::decode(&token(payload))
    }

    fn refusal(token: impl Into<String>) -> Option<BadToken> {
        Claims::decode(&Secret::new(token)).err()
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_token_tells_game_player_and_time() {
        let payload = r#"{"game":"scroll","pid":"14-961148","env":"prod","iat":1647878555,"scid":"835dd13b"}"#;
        let expected = Claims {
            game: text("scroll"),
            pid: text("14-961148"),
            env: text("prod"),
            scid: text("835dd13b"),
            issued_at: Some(1_647_878_555),
            ..Claims::default()
        };
        let read = claims(payload);
        assert_eq!(read, Ok(expected));
        let tag = read
            .ok()
            .and_then(|claims| claims.player())
            .map(|pid| pid.tag().to_string());
        assert_eq!(tag, text("#8PRLVC0J"));
    }

    #[test]
    fn claims_seen_since_are_read_too_and_unknown_ones_ignored() {
        let payload =
            r#"{"exp":"1650470555","sub":7,"iss":"id","aud":["a",null,"b",{}],"new":{"a":[1]}}"#;
        let expected = Claims {
            expires_at: Some(1_650_470_555),
            subject: text("7"),
            issuer: text("id"),
            audience: vec!["a".to_owned(), "b".to_owned()],
            ..Claims::default()
        };
        assert_eq!(claims(payload), Ok(expected));
    }

    #[test]
    fn an_audience_may_be_one_or_many() {
        let audience = |payload: &str| claims(payload).map(|claims| claims.audience);
        assert_eq!(audience(r#"{"aud":"a"}"#), Ok(vec!["a".to_owned()]));
        assert_eq!(
            audience(r#"{"aud":["a","b"]}"#),
            Ok(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(audience(r#"{"aud":null}"#), Ok(vec![]));
    }

    #[test]
    fn every_claim_may_be_missing_or_of_another_type() {
        assert_eq!(claims("{}"), Ok(Claims::default()));
        for value in ["null", "[]", "{}", "\"\"", "[{\"a\":1}]"] {
            let payload = format!(
                r#"{{"game":{value},"pid":{value},"env":{value},"scid":{value},"iat":{value},"exp":{value},
                "sub":{value},"iss":{value},"aud":{value}}}"#
            );
            assert_eq!(claims(&payload), Ok(Claims::default()), "{value}");
        }
    }

    #[test]
    fn claims_full_of_escapes_are_plain_when_shown() {
        let read = claims(r#"{"scid":"\u001b[2Ja\u202eb","pid":"1-\u00072"}"#);
        let read = read.map(|claims| (claims.scid, claims.pid));
        assert_eq!(read, Ok((text("ab"), text("1-2"))));
    }

    #[test]
    fn a_token_has_three_parts() {
        for token in ["", "e30", "e30.e30", "e30.e30.e30.e30", "...", "a b"] {
            assert_eq!(refusal(token), Some(BadToken::NotThreeParts), "{token}");
        }
        assert_eq!(refusal("e30.e30."), None);
    }

    #[test]
    fn the_claims_are_base64url_without_padding() {
        for payload in ["e30=", "e3!0", "e3 0", "e+/0", "{}", "é", "e", "e31"] {
            assert_eq!(
                refusal(format!("a.{payload}.b")),
                Some(BadToken::NotBase64Url),
                "{payload}"
            );
        }
    }

    #[test]
    fn claims_that_are_no_object_are_refused() {
        for payload in [
            "null",
            "[]",
            "7",
            "\"text\"",
            "true",
            "",
            "{",
            "{}{}",
            "<html>",
            r#"["scroll","1-2"]"#,
        ] {
            assert_eq!(claims(payload), Err(BadToken::NotAnObject), "{payload}");
        }
        assert_eq!(
            claims(&format!("{}{}", "[".repeat(3000), "]".repeat(3000))),
            Err(BadToken::NotAnObject)
        );
        assert_eq!(
            claims(&format!("{{\"a\":{}", "[".repeat(3000))),
            Err(BadToken::NotAnObject)
        );
    }

    #[test]
    fn a_token_of_more_than_sixteen_kibibytes_is_refused() {
        let claims = |length: usize| {
            let token = format!("e30.e30.{}", "a".repeat(length - 8));
            Claims::decode(&Secret::new(token))
        };
        assert_eq!(claims(LONGEST), Ok(Claims::default()));
        assert_eq!(claims(LONGEST + 1), Err(BadToken::TooLong));
        assert_eq!(claims(1024 * 1024), Err(BadToken::TooLong));
    }

    proptest! {
        #[test]
        fn no_token_makes_decoding_panic(token in any::<String>(), payload in any::<Vec<u8>>()) {
            let _ = Claims::decode(&Secret::new(token));
            let _ = Claims::decode(&Secret::new(format!("a.{}.b", BASE64URL_NOPAD.encode(&payload))));
        }
    }
}
