//! The built-in stand-in server and stand-in game, for logging in without an account, an installed game or a network.
//!
//! The server listens on 127.0.0.1 only. It keeps state, accepts only requests that the protocol documents describe, issues
//! tokens that are valid once, and records every other request as a violation.

mod authenticator;
mod diff;
pub mod game;
mod http_message;
mod play_cookies;
mod publisher;
mod release;
mod response_body;
pub mod scid;
pub mod server;
mod simulation;
mod static_site;
pub mod tlopo;
pub mod ttcc;
pub mod ttr;

use std::path::Path;
use std::time::Duration;

pub use http_message::{ServerRequest, ServerResponse, StaticContent};
pub use release::Version;
pub use response_body::Fault;

use publisher::{CATALOGS, Publisher};
use release::Release;

/// The two-factor secret of every account at the stand-in server, in base32. It is public, and the same for all accounts.
pub const CODE_SECRET: &str = "PLAYCOOKIEREHEARSALPLAYCOOKIE234";

/// How the stand-in server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// A two-factor code is required: the one in the server's message, or one made with [`CODE_SECRET`].
    pub two_factor: bool,
    /// How many players are in front in the queue; `Some(0)` is a queue with nobody in front.
    pub queue: Option<u32>,
    /// Why every login is refused, if it is.
    pub refuse: Option<LoginRefusal>,
    /// The version of the small game that can be downloaded.
    pub published: Version,
    /// The faults of downloads.
    pub fault: Fault,
}

/// Why the stand-in server refuses every login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginRefusal {
    /// The password is wrong, or the PIN belongs to no account.
    Password,
    /// The account is banned.
    Banned,
    /// The game is closed.
    Closed,
    /// There are too many players or requests.
    Busy,
}

/// What the stand-in servers say about their maintenance.
const CLOSED: &str = "Closed for maintenance, as this rehearsal asked for.";

impl Scenario {
    /// Whether the game is closed.
    fn is_closed(&self) -> bool {
        self.refuse == Some(LoginRefusal::Closed)
    }

    /// A login without a code and a queue, which succeeds.
    pub const PLAIN: Self = Self {
        two_factor: false,
        queue: None,
        refuse: None,
        published: Version::Second,
        fault: Fault::NONE,
    };
}

impl Default for Scenario {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The stand-in servers of several games at one address.
pub struct CombinedServer {
    stand_ins: Vec<Box<dyn StandIn>>,
    violations: Vec<String>,
}

impl CombinedServer {
    /// Combines servers; the first one that serves a path answers.
    pub fn new(stand_ins: Vec<Box<dyn StandIn>>) -> Self {
        Self {
            stand_ins,
            violations: Vec::new(),
        }
    }
}

impl StandIn for CombinedServer {
    fn serves(&self, path: &str) -> bool {
        self.stand_ins.iter().any(|stand_in| stand_in.serves(path))
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let Some(stand_in) = self
            .stand_ins
            .iter_mut()
            .find(|it| it.serves(&request.path))
        else {
            self.violations
                .push("there is nothing at that path".to_owned());
            return ServerResponse::error(404, "there is nothing at that path");
        };
        let before = stand_in.violations().len();
        let answer = stand_in.answer(request, now);
        self.violations
            .extend(stand_in.violations().iter().skip(before).cloned());
        answer
    }

    fn violations(&self) -> &[String] {
        &self.violations
    }
}

/// Creates the stand-in servers of all games for a scenario. `address` is the address of the game server, and `player` the
/// program that the published game runs, which is this program.
pub fn stand_in(scenario: Scenario, address: &str, player: &Path) -> CombinedServer {
    let release = Release {
        version: scenario.published,
        address: address.to_owned(),
        player: player.to_owned(),
    };
    let mut stand_ins: Vec<Box<dyn StandIn>> = vec![
        Box::new(ttr::Ttr::new(scenario, address.to_owned())),
        Box::new(ttcc::Ttcc::new(scenario, address.to_owned())),
        Box::new(tlopo::Tlopo::new(scenario, address.to_owned())),
        Box::new(scid::Scid::new(scenario)),
    ];
    for catalog in CATALOGS {
        let publisher = Publisher::new(catalog, release.clone(), scenario.fault);
        stand_ins.push(Box::new(publisher));
    }
    CombinedServer::new(stand_ins)
}

/// A stand-in server.
pub trait StandIn: Send + 'static {
    /// Whether the server answers requests for a path.
    fn serves(&self, path: &str) -> bool;

    /// Answers a request; `now` is its time on a monotonic clock.
    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse;

    /// Returns what was wrong with the requests so far.
    fn violations(&self) -> &[String];
}

/// Returns a random token of 32 hexadecimal digits.
pub(crate) fn token() -> String {
    crate::base::random::hex(16)
}

/// Returns a random code of six digits.
fn digits() -> String {
    let digits = token().into_bytes().into_iter().take(6);
    digits.map(|byte| char::from(b'0' + byte % 10)).collect()
}
