//! `playcookie scid`: Supercell ID, a sibling of the games.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum};

use super::values::Api;
use crate::games::scid::catalog;
use crate::games::scid::catalog::AndroidGame;
use crate::games::scid::driver::Driver;

/// Supercell ID, and what to do with it.
#[derive(Debug, Args)]
#[command(
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = crate::games::scid::NOTICE
)]
pub struct ScidArguments {
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What may be done with Supercell ID.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Log in with a PIN that is sent by e-mail; shows who it is before anything is kept
    Login(Login),
    /// Who is logged in, from the kept tokens; asks no server
    Whoami(Who),
    /// Which games are linked
    Links(Who),
    /// The settings, or `set` to change one
    Settings(Settings),
    /// What the kept tokens claim, not verified; or `import` to keep tokens from elsewhere
    Token(Token),
    /// Forget the kept tokens
    Logout(Who),
    /// A player tag as an id, or an id as a player tag
    Tag {
        /// `#TAG` or `HIGH-LOW`
        #[arg(value_name = "PID|TAG", allow_hyphen_values = true)]
        tag: String,
    },
    /// The games that know Supercell ID
    Games,
    /// Start a game, through a driver or your own command
    Play(Play),
}

/// Whose Supercell ID.
#[derive(Debug, Args)]
pub struct Who {
    /// The e-mail address; may be left out when one is kept
    #[arg(value_name = "EMAIL")]
    pub email: Option<String>,
    /// `current`, `documented`, a URL in place of the hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
}

/// `scid login`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
pub struct Login {
    /// Whose.
    #[command(flatten)]
    pub who: Who,
    /// The game to log in for: its name, code or alias (see `scid games`)
    #[arg(long, value_name = "GAME", value_parser = game)]
    pub game: Option<&'static AndroidGame>,
    /// The language of the e-mail, two letters
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    pub lang: String,
    /// The first line of standard input is the PIN
    #[arg(long, conflicts_with = "request_only")]
    pub pin_stdin: bool,
    /// Only ask for the code; `scid login EMAIL --pin-stdin` goes on from there
    #[arg(long)]
    pub request_only: bool,
    /// Keep the tokens without asking
    #[arg(long, conflicts_with_all = ["no_save", "request_only"])]
    pub save: bool,
    /// Keep nothing: only show who it is
    #[arg(long)]
    pub no_save: bool,
}

/// `scid settings`.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct Settings {
    /// Whose.
    #[command(flatten)]
    pub who: Who,
    /// What to change.
    #[command(subcommand)]
    pub verb: Option<SettingsVerb>,
}

/// What may be done with settings.
#[derive(Debug, Subcommand)]
pub enum SettingsVerb {
    /// Change a setting
    Set {
        /// The setting
        setting: Setting,
        /// Its new value
        value: Switch,
        /// Whose.
        #[command(flatten)]
        who: Who,
    },
}

/// The settings that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Setting {
    /// Advertising by e-mail
    Marketing,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On
    On,
    /// Off
    Off,
}

/// `scid token`.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct Token {
    /// Whose.
    #[command(flatten)]
    pub who: Who,
    /// What to do with tokens.
    #[command(subcommand)]
    pub verb: Option<TokenVerb>,
}

/// What may be done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenVerb {
    /// Keep tokens from elsewhere: scid, scidToken and, if there is one, bindToken, each on a line of standard input
    Import(Who),
}

/// `scid play`.
#[derive(Debug, Args)]
pub struct Play {
    /// The game: its name, code or alias (see `scid games`)
    #[arg(value_name = "GAME", value_parser = game)]
    pub game: &'static AndroidGame,
    /// Whose tokens, when several are kept
    #[arg(short = 'u', long = "username", value_name = "EMAIL")]
    pub email: Option<String>,
    /// `current`, `documented` or a URL: whose tokens were kept for there
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
    /// What starts the game [default: gpg on Windows, waydroid when installed, else scrcpy]
    #[arg(long, value_name = "DRIVER", value_parser = driver)]
    pub driver: Option<Driver>,
    /// Let your own command find the tokens in its environment
    #[arg(long, requires = "command")]
    pub with_tokens: bool,
    /// Show what would be started; start nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Your own command in place of a driver
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "driver")]
    pub command: Vec<OsString>,
}

/// A game by its name, code or alias.
fn game(text: &str) -> Result<&'static AndroidGame, String> {
    catalog::find(text).ok_or_else(|| {
        let codes: Vec<_> = catalog::GAMES.iter().map(|game| game.code).collect();
        format!("the games are {}", codes.join(", "))
    })
}

fn driver(text: &str) -> Result<Driver, String> {
    Driver::named(text).ok_or_else(|| {
        let names = Driver::ALL.map(Driver::name);
        format!("the drivers are {}", names.join(", "))
    })
}

/// The two letters of a language; what follows them in a locale is dropped.
fn language(text: &str) -> Result<String, String> {
    let letters = text
        .split(['_', '-', '.'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let two = letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    two.then_some(letters)
        .ok_or_else(|| "a language is two letters, such as en".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_shortened_to_its_language() {
        assert_eq!(language("de_DE.UTF-8"), Ok("de".to_owned()));
        assert_eq!(language("EN"), Ok("en".to_owned()));
        assert!(language("").is_err() && language("deu").is_err() && language("日本").is_err());
    }
}
