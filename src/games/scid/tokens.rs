//! The tokens of a Supercell ID.

use super::jwt::{Claims, MAX_LENGTH, TokenError};
use super::tag::Pid;
use crate::base::secret::Secret;

/// The tokens of one Supercell ID. Each can be sent in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    scid: Secret,
    scid_token: Secret,
    bind_token: Option<Secret>,
    pid: Option<Pid>,
}

/// Which token. The secret store has an entry for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The token in the header `Authorization`.
    Scid,
    /// The token in the form field `scid_token`; it has the same claims and another signature.
    ScidToken,
    /// The token for a game client; a login outside of a game seldom returns one.
    BindToken,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Scid, Self::ScidToken, Self::BindToken];

    /// Returns the name in the server's reply, which is also the name of the entry in the secret store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scid => "scid",
            Self::ScidToken => "scidToken",
            Self::BindToken => "bindToken",
        }
    }
}

impl Tokens {
    /// Creates tokens. The player's id is taken from their claims ([`Claims`]).
    ///
    /// # Errors
    /// When a token is too long or cannot be sent in a header.
    pub fn new(
        scid: Secret,
        scid_token: Secret,
        bind_token: Option<Secret>,
    ) -> Result<Self, TokenError> {
        for token in [Some(&scid), Some(&scid_token), bind_token.as_ref()]
            .into_iter()
            .flatten()
        {
            check(token.reveal())?;
        }
        let pids = [&scid, &scid_token].map(|token| Claims::decode(token).ok()?.player());
        Ok(Self {
            scid,
            scid_token,
            bind_token,
            pid: pids.into_iter().flatten().next(),
        })
    }

    /// Adds the player's id from the server's reply.
    pub(super) fn with_pid(self, pid: Option<Pid>) -> Self {
        Self {
            pid: pid.or(self.pid),
            ..self
        }
    }

    /// Returns one of the tokens.
    pub const fn get(&self, kind: TokenKind) -> Option<&Secret> {
        match kind {
            TokenKind::Scid => Some(&self.scid),
            TokenKind::ScidToken => Some(&self.scid_token),
            TokenKind::BindToken => self.bind_token.as_ref(),
        }
    }

    /// Returns the token for the header `Authorization`.
    pub const fn scid(&self) -> &Secret {
        &self.scid
    }

    /// Returns the token for the form field.
    pub const fn scid_token(&self) -> &Secret {
        &self.scid_token
    }

    /// Returns the player's id from the server's reply, or else from the tokens' claims.
    pub const fn pid(&self) -> Option<Pid> {
        self.pid
    }

    /// Returns the claims of the first token, which are not verified.
    ///
    /// # Errors
    /// When the token is not a JWT.
    pub fn claims(&self) -> Result<Claims, TokenError> {
        Claims::decode(&self.scid)
    }
}

/// Checks that a token can be sent in a header and be an environment variable.
fn check(token: &str) -> Result<(), TokenError> {
    if token.len() > MAX_LENGTH {
        Err(TokenError::TooLong)
    } else if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(TokenError::Unsendable)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    fn with_claims(payload: &str) -> Secret {
        Secret::new(format!(
            "e30.{}.c2ln",
            BASE64URL_NOPAD.encode(payload.as_bytes())
        ))
    }

    fn tokens(
        scid: &str,
        scid_token: &str,
        bind_token: Option<&str>,
    ) -> Result<Tokens, TokenError> {
        Tokens::new(
            Secret::new(scid),
            Secret::new(scid_token),
            bind_token.map(Secret::new),
        )
    }

    #[test]
    fn each_token_has_a_name() {
        let tokens = tokens("a", "b", Some("c")).expect("tokens");
        let parts = TokenKind::ALL.map(|kind| (kind.name(), tokens.get(kind).map(Secret::reveal)));
        assert_eq!(
            parts,
            [
                ("scid", Some("a")),
                ("scidToken", Some("b")),
                ("bindToken", Some("c"))
            ]
        );
        assert_eq!(
            self::tokens("a", "b", None).map(|tokens| tokens.get(TokenKind::BindToken).cloned()),
            Ok(None)
        );
    }

    #[test]
    fn the_pid_of_the_reply_has_priority_over_that_of_the_claims() {
        let none = Secret::new("opaque");
        let claimed = with_claims(r#"{"pid":"14-961148"}"#);
        let pid = |text: &str| text.parse::<Pid>().ok();
        for (scid, scid_token) in [(&none, &claimed), (&claimed, &none), (&claimed, &claimed)] {
            let tokens = Tokens::new(scid.clone(), scid_token.clone(), None).expect("tokens");
            assert_eq!(tokens.pid(), pid("14-961148"));
            assert_eq!(tokens.with_pid(pid("0-1")).pid(), pid("0-1"));
        }
        assert_eq!(tokens("a", "b", None).map(|tokens| tokens.pid()), Ok(None));
    }

    #[test]
    fn a_token_that_cannot_be_sent_is_refused() {
        for bad in ["", "a b", "a\nb", "a\0", "a\u{7f}", "é", " a", "a\r\n"] {
            let refused = Err(TokenError::Unsendable);
            assert_eq!(tokens(bad, "b", None), refused, "{bad:?}");
            assert_eq!(tokens("a", bad, None), refused, "{bad:?}");
            assert_eq!(tokens("a", "b", Some(bad)), refused, "{bad:?}");
        }
        assert_eq!(
            tokens(&"a".repeat(MAX_LENGTH + 1), "b", None),
            Err(TokenError::TooLong)
        );
    }

    #[test]
    fn the_debug_output_contains_no_token() {
        let shown = format!("{:?}", tokens("s3cret-a", "s3cret-b", Some("s3cret-c")));
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
