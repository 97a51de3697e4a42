//! `playcookie <game> update`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::game::{Answers, Server, Who};

/// `update`.
#[derive(Debug, Args)]
pub struct Update {
    /// The account, whose options count; for ttcc, who logs in.
    #[command(flatten)]
    pub who: Who,
    /// Only say what would be done
    #[arg(long)]
    pub check: bool,
    /// Read every file again, whatever is remembered of it
    #[arg(long)]
    pub verify: bool,
    /// The game's directory [default: games/GAME in the program's data directory]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub game_dir: Option<PathBuf>,
    /// Where its answers come from.
    #[command(flatten)]
    pub answers: Answers,
    /// Whom to talk to, and for how long.
    #[command(flatten)]
    pub server: Server,
}
