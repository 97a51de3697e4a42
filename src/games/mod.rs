//! The games: what is known of each before anything is sent, and one file of protocol each.

mod files;
#[cfg(test)]
mod mutation;
mod parameters;
pub mod scid;
mod shape;
pub mod tlopo;
pub mod ttcc;
pub mod ttr;

use std::time::Duration;

use crate::base::secret::Secret;
use crate::protocol::{Login, Request};
pub use parameters::{Credential, LoginParameters};

/// A game that is played on a computer: a login protocol, and where the game is found.
pub trait GameProtocol: Login + Clone {
    /// What is known of the game.
    const GAME: &'static Game;

    /// A login that has not begun.
    fn new(player: LoginParameters) -> Self;

    /// The request that makes a kept token worthless, where there are tokens ([`CredentialKind::Token`]).
    fn revocation(_token: &Secret) -> Option<Request> {
        None
    }
}

/// The games that are played on a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameId {
    /// Toontown Rewritten
    Ttr,
    /// Toontown: Corporate Clash
    Ttcc,
    /// The Legend of Pirates Online
    Tlopo,
}

impl GameId {
    /// All of them, in the order of the command line.
    pub const ALL: [Self; 3] = [Self::Ttr, Self::Ttcc, Self::Tlopo];

    /// What is known of the game.
    pub const fn game(self) -> &'static Game {
        match self {
            Self::Ttr => ttr::Ttr::GAME,
            Self::Ttcc => ttcc::Ttcc::GAME,
            Self::Tlopo => tlopo::Tlopo::GAME,
        }
    }

    /// The game of a word on the command line.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|game_id| game_id.game().id == word)
    }
}

/// A secret that may be kept for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// The password.
    Password,
    /// A token that stands for the password.
    Token,
    /// The secret that one-time codes are made from.
    Totp,
}

impl CredentialKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Password, Self::Token, Self::Totp];

    /// The word for it in config.toml, on the command line and in the secret store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
            Self::Totp => "totp",
        }
    }

    /// What it is for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
            Self::Totp => "code secret",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kept| kept.name() == name)
    }
}

/// What is known of a game before anything is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Game {
    /// The word on the command line and in events.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// The environment variable that names the game server.
    pub gameserver: &'static str,
    /// The environment variable that holds the play cookie.
    pub playcookie: &'static str,
    /// Every environment variable that the game may be started with.
    pub variables: &'static [&'static str],
    /// What maintained clients do today.
    pub current: Api,
    /// What the published document says.
    pub documented: Api,
    /// Whether the program has to run in the folder that it lies in, whatever the game's directory is.
    pub own_folder: bool,
    /// Whether the game lets a toon be chosen beforehand.
    pub toon_slots: bool,
    /// Whether what this program installed is brought up to date before the game is played though nobody asked for it.
    pub updates_unasked: bool,
    /// The least time between two logins from this machine; zero where the game's documents name no limit.
    pub spacing: Duration,
    /// The least time between two requests of a watch of public data (`details.md`).
    pub watch_floor: Duration,
    /// The least time between any two requests for districts; zero where the game's documents name no limit.
    pub districts_spacing: Duration,
    /// The verbs for public data that only this game has.
    pub data_verbs: &'static [&'static str],
    /// Where the game's program is found on each system.
    pub installs: &'static [Install],
}

impl Game {
    /// What may be kept for an account, as far as every interface is concerned.
    pub const fn keeps(&self) -> &'static [CredentialKind] {
        self.current.keeps
    }

    /// What is known of an interface.
    pub const fn api(&self, interface: Interface) -> &Api {
        match interface {
            Interface::Current => &self.current,
            Interface::Documented => &self.documented,
        }
    }
}

/// One interface of a game's servers.
#[derive(Debug, PartialEq, Eq)]
pub struct Api {
    /// Scheme and host.
    pub host: &'static str,
    /// The environment variables that the game is started with, without those that not every login brings.
    pub variables: &'static [&'static str],
    /// What may be kept of a login. The makers of Corporate Clash forbid to keep the password.
    pub keeps: &'static [CredentialKind],
    /// What a player should know before a password goes there.
    pub warning: Option<&'static str>,
    /// Who is told where the files are.
    pub downloads: Downloads,
}

/// Who is told which servers a game's files are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downloads {
    /// Everybody.
    Public,
    /// Whoever logs in, in the middle of that ([`crate::protocol::Step::Update`]): so nothing is updated that nobody asked for.
    AtLogin {
        /// What a player should know who asks for it.
        notice: &'static str,
    },
    /// Nobody.
    Untold,
}

/// Which description of the servers is followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Interface {
    /// What maintained clients do today.
    #[default]
    Current,
    /// The published document.
    Documented,
}

/// A system that a game's program is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Programs that end in `.exe`.
    Windows,
    /// Programs inside `.app` folders.
    MacOs,
    /// Plain programs.
    Linux,
}

impl System {
    /// The system that this program was built for; the BSDs count as Linux.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// Where a game is found on one system.
#[derive(Debug, PartialEq, Eq)]
pub struct Install {
    /// The system that it is for.
    pub system: System,
    /// The program below the game's directory, the first that exists; `/` between folders. Case does not count in
    /// the names of programs for Windows.
    pub programs: &'static [&'static str],
    /// Directories where installs are found, in order: `~/` is the home directory, `%NAME%/` an environment variable.
    pub places: &'static [&'static str],
}
