//! The built-in stand-in server and game: the whole main job without an account, a file or a network.
//!
//! The server listens on 127.0.0.1 only. It keeps state and has a conscience: it takes exactly what a protocol's page
//! says, hands out tokens that are good once, and complains about everything else.

mod authenticator;
mod delivery;
mod diff;
mod exchange;
pub mod game;
mod motion;
mod publisher;
mod release;
pub mod scid;
pub mod server;
mod shelf;
pub mod tlopo;
pub mod ttcc;
pub mod ttr;

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

pub use delivery::Fault;
pub use exchange::{Answer, Parcel, Received};
pub use release::Version;

use publisher::{CATALOGS, Publisher};
use release::Release;

/// A real play cookie lives a minute or two.
const COOKIE_LIFETIME: Duration = Duration::from_mins(1);

/// The code secret of every account at the stand-in, in base32. It is no secret: it is published, and the same
/// everywhere.
pub const CODE_SECRET: &str = "PLAYCOOKIEREHEARSALPLAYCOOKIE234";

/// What happens at the stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// A code is wanted: the one that the banner shows, or one made with [`CODE_SECRET`].
    pub two_factor: bool,
    /// So many players are in front; `Some(0)` is the game's usual "in line, and it is your turn".
    pub queue: Option<u32>,
    /// The password is refused, or the PIN belongs to nobody.
    pub refuse: bool,
    /// Which version of the small game is there to download.
    pub published: Version,
    /// What goes wrong with downloads.
    pub fault: Fault,
}

impl Scenario {
    /// The one where nothing happens but what always does.
    pub const PLAIN: Self = Self {
        two_factor: false,
        queue: None,
        refuse: false,
        published: Version::Second,
        fault: Fault::NONE,
    };
}

impl Default for Scenario {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The stand-ins of several games behind one address.
pub struct Several {
    stand_ins: Vec<Box<dyn StandIn>>,
    complaints: Vec<String>,
}

impl Several {
    /// All of them together.
    pub fn new(stand_ins: Vec<Box<dyn StandIn>>) -> Self {
        Self {
            stand_ins,
            complaints: Vec::new(),
        }
    }
}

impl StandIn for Several {
    fn serves(&self, path: &str) -> bool {
        self.stand_ins.iter().any(|stand_in| stand_in.serves(path))
    }

    fn answer(&mut self, request: &Received, now: Duration) -> Answer {
        let Some(stand_in) = self
            .stand_ins
            .iter_mut()
            .find(|it| it.serves(&request.path))
        else {
            self.complaints
                .push("there is nothing at that path".to_owned());
            return Answer::error(404, "there is nothing at that path");
        };
        let before = stand_in.complaints().len();
        let answer = stand_in.answer(request, now);
        self.complaints
            .extend(stand_in.complaints().iter().skip(before).cloned());
        answer
    }

    fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

/// The stand-ins of every game, where `scenario` happens, with their game servers at `address`. What they publish is
/// played by `player`, which is this program.
pub fn stand_in(scenario: Scenario, address: &str, player: &Path) -> Several {
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
    Several::new(stand_ins)
}

/// Play cookies that a game server takes: each once, for a minute.
#[derive(Debug, Default)]
pub struct Door {
    cookies: HashMap<String, (String, Duration)>,
}

impl Door {
    /// A new cookie for a player.
    pub fn cookie(&mut self, username: &str, now: Duration) -> String {
        let cookie = token();
        self.cookies
            .insert(cookie.clone(), (username.to_owned(), now));
        cookie
    }

    /// Lets the player of a cookie in.
    ///
    /// # Errors
    /// What is wrong with the cookie.
    pub fn enter(&mut self, request: &Received, now: Duration) -> Result<Answer, &'static str> {
        let cookie = request.exactly(["cookie"]).map_or("", |[cookie]| cookie);
        match self.cookies.remove(cookie) {
            Some((username, since)) if now.saturating_sub(since) <= COOKIE_LIFETIME => {
                Ok(Answer::json(&serde_json::json!({ "welcome": username })))
            }
            Some(_) => Err("a game came with a cookie that was too old"),
            None => Err("a game came with a cookie that was never given out, or used before"),
        }
    }
}

/// The server side of one game.
pub trait StandIn: Send + 'static {
    /// Whether a path is one of this game's.
    fn serves(&self, path: &str) -> bool;

    /// Answers a request that came at `now` (time since some moment in the past).
    fn answer(&mut self, request: &Received, now: Duration) -> Answer;

    /// What was wrong with the requests so far.
    fn complaints(&self) -> &[String];
}

/// A token that nobody can guess: 32 hexadecimal digits.
pub(crate) fn token() -> String {
    crate::base::random::hex(16)
}
