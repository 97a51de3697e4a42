//! The environment variables of a command that starts a game.
//!
//! The games do not read them; they are for the user's own commands.

use super::catalog::{AndroidGame, ENV};
use super::tokens::{TokenKind, Tokens};
use crate::base::secret::Secret;
use crate::protocol::Fields;

/// All variables. Those that are not set must be removed from the inherited environment.
pub const NAMES: [&str; 11] = [
    "SCID_GAME",
    "SCID_GAME_NAME",
    "SCID_ENV",
    "SCID_APPLICATION",
    "SCID_PACKAGE",
    "SCID_PLAYER_TAG",
    "SCID_PID",
    "SCID_ACCOUNT",
    "SCID_TOKEN",
    "SCID_JWT",
    "SCID_BIND_TOKEN",
];

/// A player with tokens.
#[derive(Debug, Clone, Copy)]
pub struct TokenOwner<'a> {
    /// The e-mail address.
    pub account: &'a str,
    /// The tokens.
    pub tokens: &'a Tokens,
}

/// Which command is target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaunchTarget {
    /// The command of a [`Driver`](crate::games::scid::driver::Driver), which does not get tokens.
    Driver,
    /// The user's own command.
    Command {
        /// Whether to pass on the tokens.
        with_tokens: bool,
    },
}

/// Returns the environment variables of a command that starts `game`.
pub fn variables(
    game: &AndroidGame,
    player: Option<TokenOwner<'_>>,
    target: LaunchTarget,
) -> Fields {
    let mut set = vec![
        ("SCID_GAME", Secret::new(game.code)),
        ("SCID_GAME_NAME", Secret::new(game.name)),
        ("SCID_ENV", Secret::new(ENV)),
        ("SCID_APPLICATION", Secret::new(game.application())),
        ("SCID_PACKAGE", Secret::new(game.package)),
    ];
    let Some(TokenOwner { account, tokens }) = player else {
        return set;
    };
    if let Some(pid) = tokens.pid() {
        set.push(("SCID_PLAYER_TAG", Secret::new(pid.tag().to_string())));
        set.push(("SCID_PID", Secret::new(pid.to_string())));
    }
    set.push(("SCID_ACCOUNT", Secret::new(account)));
    if target == (LaunchTarget::Command { with_tokens: true }) {
        set.extend(TokenKind::ALL.into_iter().filter_map(|kind| {
            let token = tokens.get(kind)?.clone();
            Some((variable(kind), token))
        }));
    }
    set
}

const fn variable(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Scid => "SCID_JWT",
        TokenKind::ScidToken => "SCID_TOKEN",
        TokenKind::BindToken => "SCID_BIND_TOKEN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::scid::catalog::find;

    const WITH_TOKENS: LaunchTarget = LaunchTarget::Command { with_tokens: true };

    fn tokens(bind_token: Option<&str>, pid: &str) -> Tokens {
        let tokens = Tokens::new(
            Secret::new("the-scid"),
            Secret::new("the-scid-token"),
            bind_token.map(Secret::new),
        );
        tokens.expect("tokens").with_pid(pid.parse().ok())
    }

    fn set(tokens: Option<&Tokens>, target: LaunchTarget) -> Vec<(&'static str, String)> {
        let player = tokens.map(|tokens| TokenOwner {
            account: "me@example.com",
            tokens,
        });
        variables(find("cr").expect("a game"), player, target)
            .into_iter()
            .map(|(name, value)| (name, value.reveal().to_owned()))
            .collect()
    }

    fn names(tokens: Option<&Tokens>, target: LaunchTarget) -> Vec<&'static str> {
        set(tokens, target)
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    }

    const GAME: [(&str, &str); 5] = [
        ("SCID_GAME", "scroll"),
        ("SCID_GAME_NAME", "Clash Royale"),
        ("SCID_ENV", "prod"),
        ("SCID_APPLICATION", "scroll-prod"),
        ("SCID_PACKAGE", "com.supercell.clashroyale"),
    ];

    fn owned(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        pairs
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    }

    #[test]
    fn without_a_login_the_variables_describe_the_game() {
        for target in [
            LaunchTarget::Driver,
            LaunchTarget::Command { with_tokens: false },
            WITH_TOKENS,
        ] {
            assert_eq!(set(None, target), owned(&GAME));
        }
    }

    #[test]
    fn a_login_adds_variables_of_the_player() {
        let tokens = tokens(Some("the-bind-token"), "14-961148");
        let player = [
            ("SCID_PLAYER_TAG", "#8PRLVC0J"),
            ("SCID_PID", "14-961148"),
            ("SCID_ACCOUNT", "me@example.com"),
        ];
        for target in [
            LaunchTarget::Driver,
            LaunchTarget::Command { with_tokens: false },
        ] {
            assert_eq!(
                set(Some(&tokens), target),
                owned(&[&GAME[..], &player].concat())
            );
        }
    }

    #[test]
    fn tokens_are_passed_on_only_when_asked_for() {
        let tokens = tokens(Some("the-bind-token"), "14-961148");
        let found = set(Some(&tokens), WITH_TOKENS);
        assert_eq!(
            found.get(8..).unwrap_or_default(),
            owned(&[
                ("SCID_JWT", "the-scid"),
                ("SCID_TOKEN", "the-scid-token"),
                ("SCID_BIND_TOKEN", "the-bind-token"),
            ])
        );
    }

    #[test]
    fn unknown_values_are_not_set() {
        let found = names(Some(&tokens(None, "who knows")), WITH_TOKENS);
        assert_eq!(
            found.get(5..),
            Some(&["SCID_ACCOUNT", "SCID_JWT", "SCID_TOKEN"][..])
        );
    }

    #[test]
    fn every_variable_is_in_names() {
        let found = names(Some(&tokens(Some("b"), "0-1")), WITH_TOKENS);
        assert_eq!(found.len(), NAMES.len());
        assert!(found.iter().all(|name| NAMES.contains(name)), "{found:?}");
    }
}
