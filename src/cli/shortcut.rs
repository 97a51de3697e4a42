//! `playcookie shortcut`: the menu, the desktop and Steam.

use clap::{Args, Subcommand};

use crate::launch::shortcut::ShortcutPlace;

/// The arguments of `shortcut`.
#[derive(Debug, Args)]
#[command(
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct ShortcutArguments {
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs of `shortcut`.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Add a shortcut that starts an account, a group or a game
    Add(Add),
    /// List the shortcuts that playcookie has added
    #[command(alias = "ls")]
    List,
    /// Remove shortcuts that playcookie has added
    #[command(alias = "rm")]
    Remove {
        /// What the shortcuts start: accounts, @groups or games
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
    },
}

/// The arguments of `shortcut add`.
#[derive(Debug, Args)]
#[command(
    after_help = "A shortcut opens a terminal unless every password and two-factor secret that it needs is kept."
)]
pub struct Add {
    /// What it starts: a remembered account, @GROUP, or ttr, ttcc or tlopo
    #[arg(value_name = "NAME")]
    pub target: String,
    /// Add it to the desktop
    #[arg(long)]
    pub desktop: bool,
    /// Add it to the menu of applications; the default
    #[arg(long)]
    pub menu: bool,
    /// Add it to the library of Steam, which must not run
    #[arg(long)]
    pub steam: bool,
}

impl Add {
    /// Returns the places where the shortcut is added. Steam, which may refuse, is the first.
    pub fn places(&self) -> Vec<ShortcutPlace> {
        let is_menu = self.menu || !(self.desktop || self.steam);
        let places = [
            (self.steam, ShortcutPlace::Steam),
            (is_menu, ShortcutPlace::Menu),
            (self.desktop, ShortcutPlace::Desktop),
        ];
        let places = places.into_iter().filter(|(is_wanted, _)| *is_wanted);
        places.map(|(_, place)| place).collect()
    }
}
