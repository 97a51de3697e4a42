//! The games: what is known of each before anything is sent, and one file of protocol each.

pub mod ttr;

use crate::login::Login;
use crate::secret::Secret;

/// A game that is played on a computer: a login protocol, and where the game is found.
pub trait Playable: Login + Clone {
    /// What is known of the game.
    const GAME: &'static Game;

    /// A login that has not begun.
    fn new(username: &str, password: Secret, interface: Interface) -> Self;
}

/// What is known of a game before anything is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Game {
    /// The word on the command line and in events.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// The environment variables that the game is started with.
    pub variables: &'static [&'static str],
    /// Where each interface lives.
    pub hosts: Hosts,
    /// Where the game's program is found on each system.
    pub installs: &'static [Install],
}

/// Scheme and host of each interface.
#[derive(Debug, PartialEq, Eq)]
pub struct Hosts {
    /// What maintained clients use today.
    pub current: &'static str,
    /// What the published document says.
    pub documented: &'static str,
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

impl Hosts {
    /// Scheme and host of an interface.
    pub const fn of(&self, interface: Interface) -> &'static str {
        match interface {
            Interface::Current => self.current,
            Interface::Documented => self.documented,
        }
    }
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
    /// The program below the game's directory, the first that exists; `/` between folders.
    pub programs: &'static [&'static str],
    /// Directories where installs are found, in order: `~/` is the home directory, `%NAME%/` an environment variable.
    pub places: &'static [&'static str],
}
