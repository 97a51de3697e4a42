//! What a login with Supercell ID gives: tokens.

use super::jwt::{BadToken, Claims, LONGEST};
use super::tag::Pid;
use crate::base::secret::Secret;

/// The tokens of one Supercell ID, each fit to be sent in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    scid: Secret,
    scid_token: Secret,
    bind_token: Option<Secret>,
    email: Option<String>,
    pid: Option<Pid>,
}

/// One of the tokens; a secret store has an entry for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Shown to the server as `Bearer`.
    Scid,
    /// Says the same, signed with another key.
    ScidToken,
    /// Lets a game client in; a login from outside a game seldom gets one.
    BindToken,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Scid, Self::ScidToken, Self::BindToken];

    /// The name in the server's answer, which is also that of the entry in a secret store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scid => "scid",
            Self::ScidToken => "scidToken",
            Self::BindToken => "bindToken",
        }
    }
}

impl Tokens {
    /// Tokens that were kept or imported. Who the player is, they say themselves ([`Claims`]).
    ///
    /// # Errors
    /// When one is too long, or nothing that could be sent.
    pub fn from_parts(
        scid: Secret,
        scid_token: Secret,
        bind_token: Option<Secret>,
    ) -> Result<Self, BadToken> {
        for token in [Some(&scid), Some(&scid_token), bind_token.as_ref()]
            .into_iter()
            .flatten()
        {
            check(token.reveal())?;
        }
        let claimed = [&scid, &scid_token].map(|token| Claims::decode(token).ok()?.player());
        Ok(Self {
            scid,
            scid_token,
            bind_token,
            email: None,
            pid: claimed.into_iter().flatten().next(),
        })
    }

    /// The same tokens, with what the server told beside them.
    pub(super) fn told(self, email: Option<String>, pid: Option<Pid>) -> Self {
        Self {
            email,
            pid: pid.or(self.pid),
            ..self
        }
    }

    /// One of them.
    pub const fn part(&self, part: Part) -> Option<&Secret> {
        match part {
            Part::Scid => Some(&self.scid),
            Part::ScidToken => Some(&self.scid_token),
            Part::BindToken => self.bind_token.as_ref(),
        }
    }

    /// The token for the `Authorization` header.
    pub const fn scid(&self) -> &Secret {
        &self.scid
    }

    /// The token for the form field.
    pub const fn scid_token(&self) -> &Secret {
        &self.scid_token
    }

    /// The address that the PIN was sent to, when the server told; made safe to show.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The player in the game, as the server told, else as the tokens claim.
    pub const fn pid(&self) -> Option<Pid> {
        self.pid
    }

    /// What the tokens claim; not verified.
    ///
    /// # Errors
    /// When the first token is no JWT.
    pub fn claims(&self) -> Result<Claims, BadToken> {
        Claims::decode(&self.scid)
    }
}

/// Whether a token can be sent in a header and found in an environment.
fn check(token: &str) -> Result<(), BadToken> {
    if token.len() > LONGEST {
        Err(BadToken::TooLong)
    } else if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(BadToken::Unsendable)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    fn claiming(payload: &str) -> Secret {
        Secret::new(format!(
            "e30.{}.c2ln",
            BASE64URL_NOPAD.encode(payload.as_bytes())
        ))
    }

    fn tokens(scid: &str, scid_token: &str, bind_token: Option<&str>) -> Result<Tokens, BadToken> {
        Tokens::from_parts(
            Secret::new(scid),
            Secret::new(scid_token),
            bind_token.map(Secret::new),
        )
    }

    #[test]
    fn each_token_has_a_name_and_comes_back_as_it_went() {
        let kept = tokens("a", "b", Some("c")).expect("tokens");
        let parts = Part::ALL.map(|part| (part.name(), kept.part(part).map(Secret::reveal)));
        assert_eq!(
            parts,
            [
                ("scid", Some("a")),
                ("scidToken", Some("b")),
                ("bindToken", Some("c"))
            ]
        );
        assert_eq!(
            tokens("a", "b", None).map(|kept| kept.part(Part::BindToken).cloned()),
            Ok(None)
        );
    }

    #[test]
    fn the_player_is_the_one_that_was_told_else_the_one_that_a_token_claims() {
        let (none, claimed) = (Secret::new("opaque"), claiming(r#"{"pid":"14-961148"}"#));
        let pid = |text: &str| text.parse::<Pid>().ok();
        for (scid, scid_token) in [(&none, &claimed), (&claimed, &none), (&claimed, &claimed)] {
            let kept = Tokens::from_parts(scid.clone(), scid_token.clone(), None).expect("tokens");
            assert_eq!(kept.pid(), pid("14-961148"));
            assert_eq!(kept.told(None, pid("0-1")).pid(), pid("0-1"));
        }
        assert_eq!(tokens("a", "b", None).map(|kept| kept.pid()), Ok(None));
    }

    #[test]
    fn what_no_header_carries_is_no_token() {
        for bad in ["", "a b", "a\nb", "a\0", "a\u{7f}", "é", " a", "a\r\n"] {
            let refused = Err(BadToken::Unsendable);
            assert_eq!(tokens(bad, "b", None), refused, "{bad:?}");
            assert_eq!(tokens("a", bad, None), refused, "{bad:?}");
            assert_eq!(tokens("a", "b", Some(bad)), refused, "{bad:?}");
        }
        assert_eq!(
            tokens(&"a".repeat(LONGEST + 1), "b", None),
            Err(BadToken::TooLong)
        );
    }

    #[test]
    fn tokens_do_not_show_themselves_when_debugged() {
        let shown = format!("{:?}", tokens("s3cret-a", "s3cret-b", Some("s3cret-c")));
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
