//! The configuration file config.toml: reading it, and edits that preserve everything else in it.
//!
//! ```toml
//! [ttr]                                  # the options of a game
//! game-dir = "~/Games/Toontown Rewritten"
//!
//! [accounts.alice]                       # an account with its own options
//! game = "ttr"
//! username = "alice@example.com"
//! kept = ["password"]                    # which of its secrets are in the secret store
//!
//! [groups]
//! evening = ["alice", "bob"]
//! ```

pub(crate) mod api;
pub mod document;
pub(crate) mod file;
pub(crate) mod name;
pub(crate) mod options;
mod reader;
pub(crate) mod wrapper;

use crate::base::sanitize::clean;
use crate::games::{CredentialKind, GameId};
use options::Options;
pub use reader::ConfigurationError;
pub(crate) use reader::known_keys;

/// The content of config.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Configuration {
    /// The options of the computer games.
    pub games: Vec<(GameId, Options)>,
    /// The options of Supercell ID.
    pub scid: Options,
    /// The accounts, in the order of the file.
    pub accounts: Vec<Account>,
    /// The groups with the names of their members, in the order of the file.
    pub groups: Vec<(String, Vec<String>)>,
}

/// An account in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// The name in the configuration and on the command line.
    pub name: String,
    /// The game.
    pub game_id: GameId,
    /// The username for the game's server.
    pub username: String,
    /// The kinds of secrets that the secret store contains.
    pub kept: Vec<CredentialKind>,
    /// The options of the account, which precede those of the game.
    pub options: Options,
}

impl Account {
    /// Returns whether the secret store contains a secret of this kind.
    pub(crate) fn keeps(&self, kind: CredentialKind) -> bool {
        self.kept.contains(&kind)
    }
}

/// A group names an account that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the group {group} names \"{member}\", which is no remembered account")]
pub(crate) struct UnknownMember {
    pub(crate) group: String,
    /// The name in the group, safe to show.
    pub(crate) member: String,
}

impl Configuration {
    /// Parses the text of a config.toml.
    ///
    /// # Errors
    /// The first unknown key or invalid value. The error does not contain the value.
    pub(crate) fn read(text: &str) -> Result<Self, ConfigurationError> {
        reader::read(text)
    }

    /// Returns the options of a game.
    pub(crate) fn game(&self, game_id: GameId) -> Options {
        let mut games = self.games.iter();
        games
            .find(|(known, _)| *known == game_id)
            .map(|(_, options)| options.clone())
            .unwrap_or_default()
    }

    /// Returns the account with this name, ignoring case.
    pub(crate) fn account(&self, name: &str) -> Option<&Account> {
        let mut accounts = self.accounts.iter();
        accounts.find(|account| account.name.eq_ignore_ascii_case(name))
    }

    /// Returns the accounts of a game.
    pub(crate) fn of_game(&self, game_id: GameId) -> impl Iterator<Item = &Account> {
        let accounts = self.accounts.iter();
        accounts.filter(move |account| account.game_id == game_id)
    }

    /// Returns the members of the group with this name, ignoring case.
    pub(crate) fn group(&self, name: &str) -> Option<&[String]> {
        let mut groups = self.groups.iter();
        groups
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, members)| members.as_slice())
    }

    /// Whether there is an account of this name, or a group of this name after an `@`.
    pub(crate) fn contains(&self, name: &str) -> bool {
        match name.strip_prefix('@') {
            Some(group) => self.group(group).is_some(),
            None => self.account(name).is_some(),
        }
    }

    /// Returns the first group with a member that is no account, and that member.
    pub(crate) fn unknown_member(&self) -> Option<UnknownMember> {
        self.groups.iter().find_map(|(group, members)| {
            let mut members = members.iter();
            let member = members.find(|member| self.account(member).is_none())?;
            Some(UnknownMember {
                group: group.clone(),
                member: clean(member),
            })
        })
    }

    /// Returns the names of the groups that contain an account.
    pub(crate) fn groups_of(&self, account: &str) -> impl Iterator<Item = &str> {
        let groups = self.groups.iter().filter(|(_, members)| {
            let mut members = members.iter();
            members.any(|member| member.eq_ignore_ascii_case(account))
        });
        groups.map(|(name, _)| name.as_str())
    }
}
