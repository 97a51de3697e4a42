//! `playcookie doctor`: what is installed, where, and what is missing.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::accounts::account_game;
use super::values::GameName;
use crate::base::failure::Failure;
use crate::games::GameId;

/// The arguments of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "It changes nothing, asks nobody, and logs in nowhere. The exit status is that of the first failure. \
                  A game that is missing is a failure only if it is named."
)]
pub struct Doctor {
    /// ttr, ttcc or tlopo [default: all of them]
    #[arg(value_name = "GAME", value_parser = account_game(), hide_possible_values = true)]
    pub games: Vec<GameName>,
    /// Ask no server
    #[arg(long)]
    pub offline: bool,
    /// Show a report for a bug report, and write it to this new file
    ///
    /// It holds the versions, the checks and the end of the last log. Names, paths below the home directory and secrets are
    /// masked.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub report: Option<PathBuf>,
}

impl Doctor {
    /// Checks what clap cannot check.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.games().count() == self.games.len() {
            return Ok(());
        }
        Err(Failure::usage(
            "the games of Supercell ID run on phones, so that there is nothing to check",
            "name ttr, ttcc or tlopo, or no game for all three",
        ))
    }

    /// Returns the games that are named.
    pub fn games(&self) -> impl Iterator<Item = GameId> {
        self.games.iter().filter_map(|game| game.game_id())
    }
}
