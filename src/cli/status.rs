//! `playcookie status`: whether the games are open.

use std::time::Duration;

use clap::Args;

use super::accounts::account_game;
use super::values::{Api, GameName, seconds};
use crate::base::failure::Failure;
use crate::games::GameId;

/// The arguments of `status`.
#[derive(Debug, Args)]
#[command(
    after_help = "No account is needed. The servers are those that `api` in the configuration names, unless --api does."
)]
pub struct Status {
    /// ttr, ttcc or tlopo [default: all of them]
    #[arg(value_name = "GAME", value_parser = account_game(), hide_possible_values = true)]
    pub games: Vec<GameName>,
    /// Whether the status is requested again and again.
    #[command(flatten)]
    pub watch: WatchOption,
    /// `current`, `documented`, a URL that replaces the hosts of the one game that is named, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", help_heading = "Server")]
    pub api: Option<Api>,
}

/// Whether the status is requested again and again.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct WatchOption {
    /// Show the status again and again, this far apart, until interrupted [default: 20 seconds]
    #[arg(long = "watch", value_name = "SECONDS", num_args = 0..=1, require_equals = true, value_parser = seconds)]
    pub every: Option<Option<Duration>>,
}

impl Status {
    /// Checks what clap cannot check.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.games.iter().any(|game| game.game_id().is_none()) {
            return Err(Failure::usage(
                "Supercell ID publishes no status of its games",
                "name ttr, ttcc or tlopo, or no game for all three",
            ));
        }
        if self.api.is_some() && self.games.len() != 1 {
            return Err(Failure::usage(
                "--api is for one game, and status shows several",
                "name one: `playcookie status ttr --api …`; the configuration holds an api for each",
            ));
        }
        Ok(())
    }

    /// Whether the status of a game is requested.
    pub fn includes(&self, game_id: GameId) -> bool {
        let mut named = self.games.iter().filter_map(|game| game.game_id());
        self.games.is_empty() || named.any(|game| game == game_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(games: &[GameName]) -> Status {
        Status {
            games: games.to_vec(),
            watch: WatchOption::default(),
            api: None,
        }
    }

    #[test]
    fn all_games_are_included_unless_some_are_named() {
        let included = |games: &[GameName]| {
            let status = of(games);
            GameId::ALL.map(|game_id| status.includes(game_id))
        };
        assert_eq!(included(&[]), [true; 3]);
        assert_eq!(
            included(&[GameName::Ttcc, GameName::Ttcc]),
            [false, true, false]
        );
    }

    #[test]
    fn a_game_without_a_public_status_is_refused() {
        let check = |games: &[GameName]| of(games).check();
        assert!(check(&[]).is_ok() && check(&[GameName::Ttr]).is_ok());
        assert!(check(&[GameName::Ttr, GameName::Scid]).is_err());
    }
}
