//! `playcookie config`: the configuration file.

use clap::{Args, Subcommand};

/// The arguments of `config`.
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

/// The verbs of `config`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Verb {
    /// Print the path of the file, whether or not it exists
    Path,
    /// Print the file as it is; with --json the values in it as one object
    Show,
    /// Edit a copy in your editor (VISUAL, EDITOR), and save it when it is valid
    Edit,
    /// Print the value of a key, such as ttr.wrapper
    Get {
        /// The key with its sections, such as ttr.wrapper or accounts.alice.log
        key: String,
    },
    /// Set a key; comments and order survive
    Set {
        /// The key with its sections, such as ttr.wrapper or accounts.alice.log
        key: String,
        /// A text, or a value as the file spells it, such as true or a list
        value: String,
    },
    /// Remove a key
    Unset {
        /// The key with its sections, such as ttr.wrapper or accounts.alice.log
        key: String,
    },
}
