//! `playcookie stop`: ending games that run.

use clap::Args;

/// The arguments of `stop`.
#[derive(Debug, Args)]
#[command(
    after_help = "A game is asked to end (SIGTERM), and has five seconds. Nothing to end is no error."
)]
pub struct Stop {
    /// The accounts, or @GROUP [default: the only game that runs]
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// End every game that `playcookie ps` shows
    #[arg(long, conflicts_with = "accounts")]
    pub all: bool,
}
