//! `playcookie <game> update`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::options::{AccountOptions, CredentialOptions, ServerOptions};
use super::values::RunnerName;

/// The arguments of `update`.
#[derive(Debug, Args)]
pub struct Update {
    /// The account whose options are used; for ttcc, the account that logs in.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Only show what would be done
    #[arg(long)]
    pub check: bool,
    /// Read and compare every file again
    #[arg(long)]
    pub verify: bool,
    /// The game's directory [default: games/GAME in the program's data directory]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub game_dir: Option<PathBuf>,
    /// What will run the game, which decides for which system its files are [default: auto]
    #[arg(long, value_name = "RUNNER")]
    pub runner: Option<RunnerName>,
    /// Where the password and the codes come from.
    #[command(flatten)]
    pub credentials: CredentialOptions,
    /// Which server is used, and how long to wait for it.
    #[command(flatten)]
    pub server: ServerOptions,
}
