//! `playcookie <game> update`, `uninstall` and `path`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::options::{AccountOptions, CredentialOptions, ServerOptions};
use super::values::Runner;

/// The arguments of `update`.
#[derive(Debug, Args)]
pub struct Update {
    /// The account whose options are used; for ttcc, the account that logs in.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Only show what would be done; the exit status is 10 when there is something to do
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
    pub runner: Option<Runner>,
    /// Where the password and the codes come from.
    #[command(flatten)]
    pub credentials: CredentialOptions,
    /// Which server is used, and how long to wait for it.
    #[command(flatten)]
    pub server: ServerOptions,
}

/// Where an installed game is.
#[derive(Debug, Args)]
pub struct GameLocation {
    /// The remembered account whose options are used
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// The game's directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub game_dir: Option<PathBuf>,
}

/// The arguments of `uninstall`.
#[derive(Debug, Args)]
pub struct Uninstall {
    /// Which installation.
    #[command(flatten)]
    pub location: GameLocation,
    /// Don't ask
    #[arg(short, long)]
    pub yes: bool,
}

/// The arguments of `path`.
#[derive(Debug, Args)]
pub struct GamePath {
    /// Which installation.
    #[command(flatten)]
    pub location: GameLocation,
    /// What runs the game [default: auto]
    #[arg(long, value_name = "RUNNER")]
    pub runner: Option<Runner>,
}
