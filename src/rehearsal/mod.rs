//! The built-in stand-in server and game: the whole main job without an account, a file or a network.
//!
//! The server listens on 127.0.0.1 only. It keeps state and has a conscience: it takes exactly what a protocol's page
//! says, hands out tokens that are good once, and complains about everything else.

mod authenticator;
mod delivery;
mod diff;
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
pub use release::Version;
pub use shelf::Parcel;

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

/// A request as the stand-in received it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// `GET` or `POST`.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// `Content-Type`.
    pub content_type: String,
    /// `User-Agent`.
    pub user_agent: String,
    /// `Authorization`.
    pub authorization: String,
    /// `X-Realm`.
    pub realm: String,
    /// `Range`.
    pub range: String,
    /// `If-Range`.
    pub if_range: String,
    /// The fields of a form, or of a JSON object of strings, in order.
    pub fields: Vec<(String, String)>,
}

impl Received {
    /// What to complain about when the client does not say who it is.
    pub fn is_anonymous(&self) -> Option<&'static str> {
        (!self.user_agent.starts_with("playcookie/")).then_some("the client did not say who it is")
    }

    /// The values of exactly these fields, or nothing when others came or one is missing.
    pub fn exactly<const N: usize>(&self, names: [&str; N]) -> Option<[&str; N]> {
        if self.fields.len() != N {
            return None;
        }
        let mut values = [""; N];
        for (value, name) in values.iter_mut().zip(names) {
            *value = self
                .fields
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)?;
        }
        Some(values)
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

/// What the stand-in answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
    /// What comes in place of the JSON, where something published was asked for.
    pub parcel: Option<Parcel>,
    /// What goes wrong on the way.
    pub fault: Fault,
}

impl Answer {
    /// 200 with a JSON value.
    pub fn json(value: &serde_json::Value) -> Self {
        Self::new(200, value.to_string())
    }

    /// A status and a word about it.
    pub fn error(status: u16, what: &str) -> Self {
        let body = serde_json::json!({ "error": what });
        Self::new(status, body.to_string())
    }

    /// A status and a text, which is JSON nearly always.
    pub fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            parcel: None,
            fault: Fault::NONE,
        }
    }

    /// A status and something published.
    pub fn parcel(status: u16, parcel: Parcel) -> Self {
        Self {
            status,
            body: String::new(),
            parcel: Some(parcel),
            fault: Fault::NONE,
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
    crate::random::hex(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_too_many_or_too_few_is_not_exactly_right() {
        let fields = vec![
            ("b".to_owned(), "2".to_owned()),
            ("a".to_owned(), "1".to_owned()),
        ];
        let received = Received {
            fields,
            ..Received::default()
        };
        assert_eq!(received.exactly(["a", "b"]), Some(["1", "2"]));
        assert_eq!(received.exactly(["a"]), None);
        assert_eq!(received.exactly(["a", "c"]), None);
    }
}
