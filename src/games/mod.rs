//! The games: the facts about each, its login protocol, its public data, and its manifests of files.

mod files;
mod json;
#[cfg(test)]
mod mutation;
mod parameters;
pub mod scid;
pub mod tlopo;
pub mod ttcc;
pub mod ttr;

use std::time::Duration;

use crate::base::secret::Secret;
use crate::manifest::{self, Manifest, MirrorAddress, NameRules};
use crate::protocol::districts::DistrictRequest;
use crate::protocol::{Error, Login, Reply, Request};
pub use parameters::{Credential, LoginParameters};

/// Evaluates an expression with `$protocol` as the protocol of a game: the only place that matches on [`GameId`].
macro_rules! with_protocol {
    ($game_id:expr, $protocol:ident => $body:expr) => {
        match $game_id {
            $crate::games::GameId::Ttr => {
                type $protocol = $crate::games::ttr::Ttr;
                $body
            }
            $crate::games::GameId::Ttcc => {
                type $protocol = $crate::games::ttcc::Ttcc;
                $body
            }
            $crate::games::GameId::Tlopo => {
                type $protocol = $crate::games::tlopo::Tlopo;
                $body
            }
        }
    };
}
pub(crate) use with_protocol;

/// The protocols of a game: its login, its public data and its files; with the facts about the game.
pub trait GameProtocol: Login + Clone {
    /// The facts about the game.
    const GAME: &'static Game;
    /// The origin of the manifests; `None` is the origin of the login.
    const MANIFEST_ORIGIN: Option<&'static str> = None;
    /// The path of the list of mirrors at the origin of the login, if there is one.
    const MIRRORS_PATH: Option<&'static str> = None;

    /// Creates a login.
    fn new(parameters: LoginParameters) -> Self;

    /// Returns the request that makes a token invalid, for games that issue tokens ([`CredentialKind::Token`]).
    fn revocation(_token: &Secret) -> Option<Request> {
        None
    }

    /// Returns the requests for the parts of the districts.
    fn district_requests(interface: Interface) -> Vec<DistrictRequest>;

    /// Returns the paths of the manifests of a build. `named` is the manifest that a login named.
    ///
    /// # Errors
    /// When `named` is not the path of a manifest.
    fn manifest_paths(build: Build, named: Option<&str>) -> Result<Vec<String>, manifest::Error>;

    /// Reads the manifests, in the order of [`GameProtocol::manifest_paths`].
    ///
    /// # Errors
    /// When one is invalid.
    fn read_manifests(
        bodies: &[&[u8]],
        build: Build,
        rules: NameRules,
    ) -> Result<Manifest, manifest::Error>;

    /// Reads the reply to a request for [`GameProtocol::MIRRORS_PATH`].
    ///
    /// # Errors
    /// When the reply names no mirror.
    fn read_mirrors(reply: &Reply) -> Result<Vec<MirrorAddress>, Error> {
        Err(reply.not_understood("is not a list of mirrors"))
    }

    /// Returns the origin and the directory of the mirror that is always used, if there is one.
    fn default_mirror() -> Option<(&'static str, &'static str)> {
        None
    }
}

/// A game for desktop computers.
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
    /// All games, in the order in which the command line lists them.
    pub const ALL: [Self; 3] = [Self::Ttr, Self::Ttcc, Self::Tlopo];

    /// Returns the facts about the game.
    pub const fn game(self) -> &'static Game {
        with_protocol!(self, Protocol => Protocol::GAME)
    }

    /// Returns the game of this [`Game::id`].
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|game_id| game_id.game().id == id)
    }
}

/// A secret that can be stored for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// The password.
    Password,
    /// A token that replaces the password.
    Token,
    /// The two-factor secret, from which one-time codes are computed.
    Totp,
}

impl CredentialKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Password, Self::Token, Self::Totp];

    /// Returns the name in config.toml, on the command line and in the secret store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
            Self::Totp => "totp",
        }
    }

    /// Returns the name in messages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
            Self::Totp => "two-factor secret",
        }
    }

    /// Returns the kind of this [`CredentialKind::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The facts about a game.
#[derive(Debug, PartialEq, Eq)]
pub struct Game {
    /// The name on the command line and in events.
    pub id: &'static str,
    /// The name in messages.
    pub name: &'static str,
    /// The environment variable for the game server.
    pub gameserver_variable: &'static str,
    /// The environment variable for the play cookie.
    pub cookie_variable: &'static str,
    /// All environment variables that the game may be started with.
    pub variables: &'static [&'static str],
    /// The interface that maintained clients use.
    pub current: InterfaceFacts,
    /// The interface of the published document.
    pub documented: InterfaceFacts,
    /// Whether the working directory has to be that of the program, even when the game's directory is another.
    pub runs_in_own_directory: bool,
    /// The variable for the toon that is chosen before the game is started; none where that is not possible.
    pub toon_slot_variable: Option<&'static str>,
    /// Whether an installation of playcookie is updated before every play, unless the user disabled that.
    pub updates_by_default: bool,
    /// The minimum time between two logins from this machine; zero when the game's documents name no limit.
    pub login_interval: Duration,
    /// The minimum time between two requests of a watch of public data (`details.md`).
    pub watch_interval: Duration,
    /// The minimum time between any two requests for districts; zero when the game's documents name no limit.
    pub districts_interval: Duration,
    /// The verbs for public data that only this game has.
    pub data_verbs: &'static [&'static str],
    /// The names of districts, for completion and suggestions only; the servers may have others.
    pub district_names: &'static [&'static str],
    /// The names of cogs, for suggestions only; the servers may have others.
    pub cog_names: &'static [&'static str],
    /// Where the game is installed on each system.
    pub installs: &'static [Install],
}

impl Game {
    /// Returns the credentials that may be stored for an account.
    pub const fn storable(&self) -> &'static [CredentialKind] {
        self.current.storable
    }

    /// Returns the facts about an interface.
    pub const fn api(&self, interface: Interface) -> &InterfaceFacts {
        match interface {
            Interface::Current => &self.current,
            Interface::Documented => &self.documented,
        }
    }
}

/// One interface of a game's servers.
#[derive(Debug, PartialEq, Eq)]
pub struct InterfaceFacts {
    /// Scheme and host.
    pub origin: &'static str,
    /// The environment variables that every login returns.
    pub variables: &'static [&'static str],
    /// The credentials that may be stored. The makers of Corporate Clash forbid storing the password.
    pub storable: &'static [CredentialKind],
    /// A warning that is shown before a password is sent.
    pub warning: Option<&'static str>,
    /// How the download servers of the game's files are found.
    pub downloads: Downloads,
}

/// How the download servers of a game's files are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downloads {
    /// They are public.
    Public,
    /// A login names them ([`crate::protocol::Step::Update`]), so an update has to be asked for.
    AtLogin {
        /// A notice that is shown before such an update.
        notice: &'static str,
    },
    /// The interface does not name them.
    Unavailable,
}

/// Which description of the servers is followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Interface {
    /// The behaviour of maintained clients.
    #[default]
    Current,
    /// The published document.
    Documented,
}

/// An operating system that a game is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// Linux and, for this program, the BSDs.
    Linux,
}

impl System {
    /// The system that this program was built for.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// A system and a word size that a game is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    /// The operating system.
    pub system: System,
    /// Whether it is for 64-bit processors.
    pub is_64_bit: bool,
}

impl Build {
    /// Returns the build for a system on this processor.
    pub const fn of(system: System) -> Self {
        Self {
            system,
            is_64_bit: files::IS_64_BIT,
        }
    }

    /// Returns the build for 32-bit processors, if this is another one.
    pub fn narrower(self) -> Option<Self> {
        self.is_64_bit.then_some(Self {
            is_64_bit: false,
            ..self
        })
    }
}

/// Where a game is installed on one system.
#[derive(Debug, PartialEq, Eq)]
pub struct Install {
    /// The operating system.
    pub system: System,
    /// Paths of the program below the game's directory, with `/` as the separator; the first that exists is used. Case is
    /// ignored on Windows.
    pub programs: &'static [&'static str],
    /// Whether the makers publish the files for this system, so that an update can install them.
    pub is_published: bool,
    /// Usual directories of the game, in order: `~/` is the home directory, `%NAME%/` an environment variable.
    pub directories: &'static [&'static str],
}
