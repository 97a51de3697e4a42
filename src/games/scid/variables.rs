//! What the command that starts a game finds in its environment.
//!
//! No game reads these: they are for a player's own wrapper.

use super::catalog::{ENV, Game};
use super::tokens::{Part, Tokens};
use crate::base::secret::Secret;
use crate::protocol::Fields;

/// Every variable that there may be. Those that are not set must not be inherited either.
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

/// Somebody who is logged in.
#[derive(Debug, Clone, Copy)]
pub struct Player<'a> {
    /// The e-mail address.
    pub account: &'a str,
    /// What the login gave.
    pub tokens: &'a Tokens,
}

/// What is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// A [`Driver`](crate::games::scid::driver::Driver), which has no use for tokens.
    Driver,
    /// The player's own command.
    Command {
        /// Whether the player wants it to find the tokens.
        with_tokens: bool,
    },
}

/// The variables for `started` when it starts `game`.
pub fn variables(game: &Game, player: Option<Player<'_>>, started: Started) -> Fields {
    let mut set = vec![
        ("SCID_GAME", Secret::new(game.code)),
        ("SCID_GAME_NAME", Secret::new(game.name)),
        ("SCID_ENV", Secret::new(ENV)),
        ("SCID_APPLICATION", Secret::new(game.application())),
        ("SCID_PACKAGE", Secret::new(game.package)),
    ];
    let Some(Player { account, tokens }) = player else {
        return set;
    };
    if let Some(pid) = tokens.pid() {
        set.push(("SCID_PLAYER_TAG", Secret::new(pid.tag().to_string())));
        set.push(("SCID_PID", Secret::new(pid.to_string())));
    }
    set.push(("SCID_ACCOUNT", Secret::new(account)));
    if started == (Started::Command { with_tokens: true }) {
        set.extend(Part::ALL.into_iter().filter_map(|part| {
            let token = tokens.part(part)?.clone();
            Some((variable(part), token))
        }));
    }
    set
}

const fn variable(part: Part) -> &'static str {
    match part {
        Part::Scid => "SCID_JWT",
        Part::ScidToken => "SCID_TOKEN",
        Part::BindToken => "SCID_BIND_TOKEN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::scid::catalog::find;

    const WITH_TOKENS: Started = Started::Command { with_tokens: true };

    fn tokens(bind_token: Option<&str>, pid: &str) -> Tokens {
        let tokens = Tokens::from_parts(
            Secret::new("the-scid"),
            Secret::new("the-scid-token"),
            bind_token.map(Secret::new),
        );
        tokens.expect("tokens").told(None, pid.parse().ok())
    }

    fn set(tokens: Option<&Tokens>, started: Started) -> Vec<(&'static str, String)> {
        let player = tokens.map(|tokens| Player {
            account: "me@example.com",
            tokens,
        });
        variables(find("cr").expect("a game"), player, started)
            .into_iter()
            .map(|(name, value)| (name, value.reveal().to_owned()))
            .collect()
    }

    fn names(tokens: Option<&Tokens>, started: Started) -> Vec<&'static str> {
        set(tokens, started)
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
    fn without_a_login_the_game_is_all_there_is() {
        for started in [
            Started::Driver,
            Started::Command { with_tokens: false },
            WITH_TOKENS,
        ] {
            assert_eq!(set(None, started), owned(&GAME));
        }
    }

    #[test]
    fn a_login_adds_the_player() {
        let tokens = tokens(Some("the-bind-token"), "14-961148");
        let player = [
            ("SCID_PLAYER_TAG", "#8PRLVC0J"),
            ("SCID_PID", "14-961148"),
            ("SCID_ACCOUNT", "me@example.com"),
        ];
        for started in [Started::Driver, Started::Command { with_tokens: false }] {
            assert_eq!(
                set(Some(&tokens), started),
                owned(&[&GAME[..], &player].concat())
            );
        }
    }

    #[test]
    fn tokens_go_to_a_players_own_command_that_is_meant_to_have_them() {
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
    fn what_is_not_known_is_not_set() {
        let found = names(Some(&tokens(None, "who knows")), WITH_TOKENS);
        assert_eq!(
            found.get(5..),
            Some(&["SCID_ACCOUNT", "SCID_JWT", "SCID_TOKEN"][..])
        );
    }

    #[test]
    fn every_variable_that_is_set_is_on_the_list() {
        let found = names(Some(&tokens(Some("b"), "0-1")), WITH_TOKENS);
        assert_eq!(found.len(), NAMES.len());
        assert!(found.iter().all(|name| NAMES.contains(name)), "{found:?}");
    }
}
