//! `playcookie accounts`: the remembered accounts.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};

use super::values::{Api, GameName, toon_slot};
use crate::games::CredentialKind;

/// The arguments of `accounts`.
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

/// The verbs of `accounts`.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the remembered accounts, and which secrets are stored for them
    #[command(alias = "ls")]
    List,
    /// Show one remembered account
    Show {
        /// The account
        name: String,
    },
    /// Remember an account
    Add(Add),
    /// Change a remembered account; without options, ask what to change
    Edit(Edit),
    /// Give an account another name, also in its groups
    Rename {
        /// The account
        #[arg(value_name = "NAME")]
        old: String,
        /// Its new name
        #[arg(value_name = "NEW")]
        new: String,
    },
    /// Forget an account and everything that is stored for it
    #[command(alias = "rm")]
    Remove(Remove),
    /// List, create or change a group of accounts, which `playcookie play @GROUP` starts together
    Group(Group),
}

/// The arguments of `accounts add`.
#[derive(Debug, Args)]
#[command(
    after_help = "For ttcc, the password is used once to get a launcher token, which is stored instead of it."
)]
pub struct Add {
    /// The game
    #[arg(value_name = "GAME", value_parser = account_game())]
    pub game: GameName,
    /// A short name for the account
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What to remember.
    #[command(flatten)]
    pub settings: AccountSettings,
}

/// The arguments of `accounts edit`.
#[derive(Debug, Args)]
pub struct Edit {
    /// The account
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Rename the account
    #[arg(long, value_name = "NEW")]
    pub rename: Option<String>,
    /// Forget a stored secret, or the command that prints it
    #[arg(long, value_name = "SECRET")]
    pub forget: Vec<SecretName>,
    /// What to change.
    #[command(flatten)]
    pub settings: AccountSettings,
}

/// The settings of a remembered account.
#[derive(Debug, Default, Args)]
pub struct AccountSettings {
    /// The username that is sent to the game's server
    #[arg(short, long, value_name = "USERNAME")]
    pub username: Option<String>,
    /// Store the password, which is line 1 of standard input, in the secret store
    #[arg(long, conflicts_with = "password_command")]
    pub password_stdin: bool,
    /// A shell command whose first line of output is the password, run at each login
    #[arg(long, value_name = "CMD")]
    pub password_command: Option<String>,
    /// Store the two-factor secret, base32 or an otpauth:// URI, which is the next line of standard input
    #[arg(long, conflicts_with = "code_command")]
    pub totp_stdin: bool,
    /// A shell command whose first line of output is a two-factor code, run when one is needed
    #[arg(long, value_name = "CMD")]
    pub code_command: Option<String>,
    /// `current`, `documented`, a URL that replaces the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL")]
    pub api: Option<Api>,
    /// Play the toon in this slot, 0 to 5 (ttcc)
    #[arg(long, value_name = "N", value_parser = toon_slot)]
    pub toon_slot: Option<u8>,
}

impl AccountSettings {
    /// Whether no option was typed.
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

/// The arguments of `accounts remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// The accounts
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Don't ask
    #[arg(short, long)]
    pub yes: bool,
}

/// The arguments of `accounts group`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
pub struct Group {
    /// The group, with or without its @
    #[arg(value_name = "GROUP")]
    pub group: String,
    /// Its accounts, in the order in which they are started [default: list them]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Replace the accounts of a group that exists, without asking
    #[arg(long, requires = "names", conflicts_with_all = ["add", "remove", "delete"])]
    pub replace: bool,
    /// Add these accounts to the group
    #[arg(long, requires = "names", conflicts_with = "remove")]
    pub add: bool,
    /// Remove these accounts from the group; without a NAME, as --delete
    #[arg(long)]
    pub remove: bool,
    /// Forget the group; its accounts stay
    #[arg(long, conflicts_with_all = ["names", "add", "remove"])]
    pub delete: bool,
}

/// Parses a game. Supercell ID, which stores its tokens by itself, is accepted so that it gets its own error, and hidden.
pub(super) fn account_game() -> impl TypedValueParser<Value = GameName> {
    let games = GameName::value_variants().iter();
    let values = games.filter_map(|game| {
        let value = game.to_possible_value()?;
        Some(value.hide(game.game_id().is_none()))
    });
    PossibleValuesParser::new(values).try_map(|name| GameName::from_str(&name, false))
}

/// The value of `--forget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SecretName {
    /// The password, or the command that prints it
    Password,
    /// The two-factor secret, or the command that prints a code
    Totp,
    /// The launcher token (ttcc), which is revoked first
    Token,
}

impl From<SecretName> for CredentialKind {
    fn from(name: SecretName) -> Self {
        match name {
            SecretName::Password => Self::Password,
            SecretName::Totp => Self::Totp,
            SecretName::Token => Self::Token,
        }
    }
}
