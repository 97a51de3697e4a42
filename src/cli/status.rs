//! `playcookie status`: how each game is.

use clap::Args;

use super::usage;
use super::values::AnyGame;
use crate::base::failure::Failure;
use crate::games::GameId;

/// `status`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each game is asked where `api` of the configuration says. No account is needed."
)]
pub struct Status {
    /// ttr, ttcc or tlopo; all of them when none is named
    #[arg(value_name = "GAME", hide_possible_values = true)]
    pub games: Vec<AnyGame>,
}

impl Status {
    /// What clap cannot know.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.games.iter().all(|game| game.game_id().is_some()) {
            return Ok(());
        }
        Err(usage::wrong(
            "Supercell ID tells nobody how its games are, so it has no status",
            "name ttr, ttcc or tlopo, or no game at all for the three of them",
        ))
    }

    /// Whether a game is to be asked.
    pub fn asks(&self, game_id: GameId) -> bool {
        let mut named = self.games.iter().filter_map(|game| game.game_id());
        self.games.is_empty() || named.any(|game| game == game_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_games_are_asked_unless_some_are_named() {
        let asked = |games: &[AnyGame]| {
            let games = games.to_vec();
            let status = Status { games };
            GameId::ALL.map(|game_id| status.asks(game_id))
        };
        assert_eq!(asked(&[]), [true; 3]);
        assert_eq!(asked(&[AnyGame::Ttcc, AnyGame::Ttcc]), [false, true, false]);
    }

    #[test]
    fn a_game_without_a_public_status_is_refused() {
        let check = |games: &[AnyGame]| {
            let games = games.to_vec();
            Status { games }.check()
        };
        assert!(check(&[]).is_ok() && check(&[AnyGame::Ttr]).is_ok());
        assert!(check(&[AnyGame::Ttr, AnyGame::Scid]).is_err());
    }
}
