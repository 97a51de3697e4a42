//! `playcookie config`: the configuration file.

use clap::{Args, Subcommand};

/// The configuration, and what to do with it.
#[derive(Debug, Args)]
#[command(
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct ConfigArguments {
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What may be done with the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Verb {
    /// Print where the file is, or would be
    Path,
    /// Print what it says; with --json as one object
    Show,
    /// Open it in your editor (VISUAL, EDITOR), and put it in place when it makes sense
    Edit,
}
