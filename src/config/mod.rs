//! Remembered accounts and configuration: what config.toml says, and changes to it that leave the rest as it stands.
//!
//! ```toml
//! [ttr]                                  # options of a game
//! game-dir = "~/Games/Toontown Rewritten"
//!
//! [accounts.alice]                       # an account, and its own options
//! game = "ttr"
//! username = "alice@example.com"
//! kept = ["password"]                    # what the secret store holds for it; never the secrets themselves
//!
//! [groups]
//! evening = ["alice", "bob"]
//! ```

pub mod api;
pub mod change;
pub mod file;
pub mod name;
pub mod options;
mod reader;

use crate::games::{CredentialKind, GameId};
use options::Options;
pub use reader::{ConfigurationError, KEYS};

/// What config.toml says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Options of the games that are played on a computer.
    pub games: Vec<(GameId, Options)>,
    /// Options of Supercell ID.
    pub scid: Options,
    /// The remembered accounts, in the order of the file.
    pub accounts: Vec<Account>,
    /// The groups with the names of their accounts, in the order of the file.
    pub groups: Vec<(String, Vec<String>)>,
}

/// A remembered account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The short name.
    pub name: String,
    /// The game that it is of.
    pub game_id: GameId,
    /// The name that is sent to the game's server.
    pub username: String,
    /// What the secret store holds for it.
    pub kept: Vec<CredentialKind>,
    /// Its own options.
    pub options: Options,
}

impl Account {
    /// Whether the secret store holds this for it.
    pub fn keeps(&self, kept: CredentialKind) -> bool {
        self.kept.contains(&kept)
    }
}

impl Configuration {
    /// Reads the text of a config.toml.
    ///
    /// # Errors
    /// The first thing in it that is not known or makes no sense, with its line. No value is repeated.
    pub fn read(text: &str) -> Result<Self, ConfigurationError> {
        reader::read(text)
    }

    /// The options of a game.
    pub fn game(&self, game_id: GameId) -> Options {
        let mut games = self.games.iter();
        games
            .find(|(known, _)| *known == game_id)
            .map(|(_, options)| options.clone())
            .unwrap_or_default()
    }

    /// The account of a name; case does not count.
    pub fn account(&self, name: &str) -> Option<&Account> {
        let mut accounts = self.accounts.iter();
        accounts.find(|account| account.name.eq_ignore_ascii_case(name))
    }

    /// The accounts of a game.
    pub fn of_game(&self, game_id: GameId) -> impl Iterator<Item = &Account> {
        let mine = move |account: &&Account| account.game_id == game_id;
        self.accounts.iter().filter(mine)
    }

    /// The names of the accounts in a group; case does not count in its name.
    pub fn group(&self, name: &str) -> Option<&[String]> {
        let mut groups = self.groups.iter();
        groups
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, members)| members.as_slice())
    }

    /// The groups that an account is in.
    pub fn groups_of(&self, account: &str) -> impl Iterator<Item = &str> {
        let holds = move |members: &[String]| {
            members
                .iter()
                .any(|member| member.eq_ignore_ascii_case(account))
        };
        self.groups
            .iter()
            .filter(move |(_, members)| holds(members))
            .map(|(name, _)| name.as_str())
    }
}
