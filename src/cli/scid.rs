//! `playcookie scid`: Supercell ID.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::values::Api;
use crate::games::scid::catalog;
use crate::games::scid::catalog::AndroidGame;
use crate::games::scid::driver::Driver;

/// The arguments of `scid`.
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

/// The verbs of `scid`.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// A verb about one Supercell ID.
    #[command(flatten)]
    Account(AccountVerb),
    /// Convert a player tag to a player id, or back
    Tag {
        /// `#TAG` or `HIGH-LOW`
        #[arg(value_name = "PID|TAG", allow_hyphen_values = true)]
        tag: String,
    },
    /// List the games that support Supercell ID
    Games,
    /// Start a game with a driver or with your own command
    Play(Play),
}

/// The verbs of `scid` about one Supercell ID.
#[derive(Debug, Subcommand)]
pub enum AccountVerb {
    /// Log in with a PIN that is sent by e-mail; shows the player before anything is stored
    Login(Login),
    /// Show the player of the stored tokens; sends nothing
    Whoami(AccountOptions),
    /// Show the linked games
    Links(AccountOptions),
    /// Show the settings, or change one with `set`
    Settings(Settings),
    /// Show the unverified claims of the stored tokens, or store other tokens with `import`
    Token(Token),
    /// Forget the stored tokens
    Logout(AccountOptions),
}

impl AccountVerb {
    /// Returns which account.
    pub fn account(&self) -> AccountOptions {
        match self {
            Self::Login(login) => login.account.clone(),
            Self::Whoami(account) | Self::Links(account) | Self::Logout(account) => account.clone(),
            Self::Settings(settings) => match &settings.verb {
                None => settings.account.clone(),
                Some(SettingsVerb::Set { account, .. }) => account.or(&settings.account),
            },
            Self::Token(token) => match &token.verb {
                None => token.account.clone(),
                Some(TokenVerb::Import(account)) => account.or(&token.account),
            },
        }
    }
}

/// Which Supercell ID account.
#[derive(Debug, Clone, Args)]
pub struct AccountOptions {
    /// The e-mail address [default: the one with stored tokens]
    #[arg(value_name = "EMAIL")]
    pub email: Option<String>,
    /// The game that the tokens are for: its name, code or alias (see `scid games`)
    #[arg(long, value_name = "GAME", value_parser = game)]
    pub game: Option<&'static AndroidGame>,
    /// `current`, `documented`, a URL that replaces the hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
}

impl AccountOptions {
    /// Returns these options, and those of the verb before where they are missing.
    fn or(&self, before: &Self) -> Self {
        Self {
            email: self.email.clone().or_else(|| before.email.clone()),
            game: self.game.or(before.game),
            api: self.api.clone().or_else(|| before.api.clone()),
        }
    }
}

/// The arguments of `scid login`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
pub struct Login {
    /// Which account.
    #[command(flatten)]
    pub account: AccountOptions,
    /// The language of the e-mail, two letters
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    pub lang: String,
    /// Read the PIN from the first line of standard input
    #[arg(long, conflicts_with = "request_only")]
    pub pin_stdin: bool,
    /// Only request the PIN; `scid login EMAIL --pin-stdin` continues
    #[arg(long)]
    pub request_only: bool,
    /// Store the tokens without asking
    #[arg(long, conflicts_with_all = ["no_save", "request_only"])]
    pub save: bool,
    /// Store nothing; only show the player
    #[arg(long)]
    pub no_save: bool,
}

/// The arguments of `scid settings`.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct Settings {
    /// Which account.
    #[command(flatten)]
    pub account: AccountOptions,
    /// The verb.
    #[command(subcommand)]
    pub verb: Option<SettingsVerb>,
}

/// The verbs of `scid settings`.
#[derive(Debug, Subcommand)]
pub enum SettingsVerb {
    /// Change a setting
    Set {
        /// The setting
        setting: Setting,
        /// Its new value
        value: Switch,
        /// Which account.
        #[command(flatten)]
        account: AccountOptions,
    },
}

/// A setting that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Setting {
    /// Advertising by e-mail
    Marketing,
}

/// The value of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On
    On,
    /// Off
    Off,
}

/// The arguments of `scid token`.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct Token {
    /// Which account.
    #[command(flatten)]
    pub account: AccountOptions,
    /// The verb.
    #[command(subcommand)]
    pub verb: Option<TokenVerb>,
}

/// The verbs of `scid token`.
#[derive(Debug, Subcommand)]
pub enum TokenVerb {
    /// Store tokens from standard input, one per line: scid, scidToken and, if there is one, bindToken
    Import(AccountOptions),
}

/// The arguments of `scid play`.
#[derive(Debug, Args)]
pub struct Play {
    /// The game: its name, code or alias (see `scid games`)
    #[arg(value_name = "GAME", value_parser = game)]
    pub game: &'static AndroidGame,
    /// The account, when the tokens of several are stored
    #[arg(short = 'u', long = "username", value_name = "EMAIL")]
    pub email: Option<String>,
    /// `current`, `documented` or a URL: the server that the tokens are stored for
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
    /// The program that starts the game [default: gpg on Windows, waydroid when installed, else scrcpy]
    #[arg(long, value_name = "DRIVER", value_parser = driver)]
    pub driver: Option<Driver>,
    /// Pass the tokens to your own command in its environment
    #[arg(long, requires = "command")]
    pub with_tokens: bool,
    /// Show what would be started; start nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Your own command, instead of a driver
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "driver", value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}

/// Parses the name, code or alias of a game.
fn game(text: &str) -> Result<&'static AndroidGame, String> {
    catalog::find(text).ok_or_else(|| {
        let codes: Vec<_> = catalog::GAMES.iter().map(|game| game.code).collect();
        format!("the games are {}", codes.join(", "))
    })
}

/// Parses the name of a driver.
fn driver(text: &str) -> Result<Driver, String> {
    Driver::named(text).ok_or_else(|| {
        let names = Driver::ALL.map(Driver::name);
        format!("the drivers are {}", names.join(", "))
    })
}

/// Parses a language: its two letters, or a locale that begins with them.
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
