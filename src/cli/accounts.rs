//! `playcookie accounts`: what is remembered.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};

use super::values::{AnyGame, Api};
use crate::games::CredentialKind;

/// Remembered accounts, and what to do with them.
#[derive(Debug, Args)]
#[command(
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct AccountsArguments {
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What may be done with remembered accounts.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show what is remembered, and what the secret store holds for it
    List,
    /// Remember an account
    Add(Add),
    /// Change a remembered account; without options, ask
    Edit(Edit),
    /// Forget an account and everything that is kept for it
    Remove(Remove),
    /// Start several accounts under one name: `playcookie play @GROUP`
    Group(Group),
}

/// `accounts add`.
#[derive(Debug, Args)]
#[command(
    after_help = "For ttcc, the password is used once, for a launcher token, which is kept in its place."
)]
pub struct Add {
    /// The game
    #[arg(value_name = "GAME", value_parser = account_game())]
    pub game: AnyGame,
    /// A short name for the account
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What is remembered.
    #[command(flatten)]
    pub particulars: Particulars,
}

/// `accounts edit`.
#[derive(Debug, Args)]
pub struct Edit {
    /// The account
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Give it another name
    #[arg(long, value_name = "NEW")]
    pub rename: Option<String>,
    /// Forget a secret that is kept, and the command in its place
    #[arg(long, value_name = "SECRET")]
    pub forget: Vec<Forgotten>,
    /// What is changed.
    #[command(flatten)]
    pub particulars: Particulars,
}

/// What is remembered of an account.
#[derive(Debug, Default, Args)]
pub struct Particulars {
    /// The name that is sent to the game's server
    #[arg(short, long, value_name = "USERNAME")]
    pub username: Option<String>,
    /// Keep the password that is line 1 of standard input, in the secret store
    #[arg(long, conflicts_with = "password_command")]
    pub password_stdin: bool,
    /// A shell command whose first line of output is the password, run at each login
    #[arg(long, value_name = "CMD")]
    pub password_command: Option<String>,
    /// Keep the secret of one-time codes, base32 or an otpauth:// URI: the next line of standard input
    #[arg(long, conflicts_with = "code_command")]
    pub totp_stdin: bool,
    /// A shell command whose first line of output is a two-factor code, run when one is wanted
    #[arg(long, value_name = "CMD")]
    pub code_command: Option<String>,
    /// `current`, `documented`, a URL in place of the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
    /// Enter with the toon in this slot, 0 to 5 (ttcc)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=5))]
    pub toon_slot: Option<u8>,
}

impl Particulars {
    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        let Self {
            username,
            password_stdin,
            password_command,
            totp_stdin,
            code_command,
            api,
            toon_slot,
        } = self;
        let texts = [username, password_command, code_command];
        !password_stdin
            && !totp_stdin
            && texts.iter().all(|text| text.is_none())
            && api.is_none()
            && toon_slot.is_none()
    }
}

/// `accounts remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// The accounts
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
}

/// `accounts group`.
#[derive(Debug, Args)]
pub struct Group {
    /// The group, with or without its @
    #[arg(value_name = "GROUP")]
    pub group: String,
    /// Its accounts, in the order in which they are started
    #[arg(
        value_name = "NAME",
        required_unless_present = "remove",
        conflicts_with = "remove"
    )]
    pub names: Vec<String>,
    /// Forget the group; its accounts stay
    #[arg(long)]
    pub remove: bool,
}

/// The games that have remembered accounts; Supercell ID, which keeps its tokens by itself, is met with a hint.
fn account_game() -> impl TypedValueParser<Value = AnyGame> {
    let games = AnyGame::value_variants().iter();
    let values = games.filter_map(|game| {
        let value = game.to_possible_value()?;
        Some(value.hide(game.game_id().is_none()))
    });
    PossibleValuesParser::new(values).try_map(|name| AnyGame::from_str(&name, false))
}

/// The values of `--forget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Forgotten {
    /// The password, or the command that prints it
    Password,
    /// The secret of one-time codes, or the command that prints one
    Totp,
    /// The launcher token (ttcc), which is revoked first
    Token,
}

impl From<Forgotten> for CredentialKind {
    fn from(forgotten: Forgotten) -> Self {
        match forgotten {
            Forgotten::Password => Self::Password,
            Forgotten::Totp => Self::Totp,
            Forgotten::Token => Self::Token,
        }
    }
}
