//! `playcookie stop`: ending games that run.

use clap::Args;

/// The arguments of `stop`.
#[derive(Debug, Args)]
#[command(
    after_help = "A game is asked to end (SIGTERM), and has five seconds. A name of which no game runs is no error."
)]
pub struct Stop {
    /// The accounts, @GROUP or process ids of `playcookie ps` [default: the only game that runs]
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// End every game that `playcookie ps` shows
    #[arg(long, conflicts_with = "accounts")]
    pub all: bool,
}
