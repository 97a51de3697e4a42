//! `playcookie status`: whether the games are open.

use clap::Args;

use super::accounts::account_game;
use super::values::GameName;
use crate::base::failure::Failure;
use crate::games::GameId;

/// The arguments of `status`.
#[derive(Debug, Args)]
#[command(
    after_help = "The servers are those that `api` in the configuration names. No account is needed."
)]
pub struct Status {
    /// ttr, ttcc or tlopo [default: all of them]
    #[arg(value_name = "GAME", value_parser = account_game(), hide_possible_values = true)]
    pub games: Vec<GameName>,
}

impl Status {
    /// Checks what clap cannot check.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.games.iter().all(|game| game.game_id().is_some()) {
            return Ok(());
        }
        Err(Failure::usage(
            "Supercell ID publishes no status of its games",
            "name ttr, ttcc or tlopo, or no game for all three",
        ))
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

    #[test]
    fn all_games_are_included_unless_some_are_named() {
        let included = |games: &[GameName]| {
            let games = games.to_vec();
            let status = Status { games };
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
        let check = |games: &[GameName]| {
            let games = games.to_vec();
            Status { games }.check()
        };
        assert!(check(&[]).is_ok() && check(&[GameName::Ttr]).is_ok());
        assert!(check(&[GameName::Ttr, GameName::Scid]).is_err());
    }
}
