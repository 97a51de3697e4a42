//! The Legend of Pirates Online, after its published login document (2017, with what was seen up to 2026).
//!
//! ```text
//!            username, password         username, password, gtoken
//!   Tlopo ──────────────────────▶ Sent ◀─────────────────────────── Asked
//!                                  │                                  ▲
//!      status: 7 ──▶ Done          │                                  │
//!              3 ──────────────────┼──────────────────────────────────┘
//!          other ──▶ over ◀────────┘
//! ```
//!
//! The servers remember nothing between the two requests: name and password go along with the code, and a code that
//! was wrong is asked for again in the same words. Both interfaces are the same but for the host.

pub mod files;
pub mod public;

use std::convert::Infallible;
use std::time::Duration;

use serde::Deserialize;

use super::{Api, Downloads, Game, Install, Kept, Playable, Player, System};
use crate::base::lenient::Loose;
use crate::base::secret::Secret;
use crate::protocol::{
    Door, Error, Login, Question, Refusal, Reply, Request, Step, Ticket, Wanted, Words, variable,
};

/// What is known before anything is sent.
pub const GAME: Game = Game {
    id: "tlopo",
    name: "The Legend of Pirates Online",
    gameserver: "TLOPO_GAMESERVER",
    playcookie: "TLOPO_PLAYCOOKIE",
    variables: &["TLOPO_GAMESERVER", "TLOPO_PLAYCOOKIE", "TLOPO_DIST"],
    current: Api {
        host: "https://api.tlopo.com",
        variables: VARIABLES,
        keeps: &[Kept::Password, Kept::Totp],
        warning: None,
        downloads: Downloads::Public,
    },
    documented: Api {
        host: "https://api.piratesonline.co",
        variables: VARIABLES,
        keeps: &[Kept::Password, Kept::Totp],
        warning: Some(
            "the game gave up the name piratesonline.co in 2018: a password sent there goes to whoever owns it now",
        ),
        downloads: Downloads::Public,
    },
    own_folder: false,
    toon_slots: false,
    updates_unasked: true,
    // The document limits how fast an account may log in, and names no number; this one is ours.
    spacing: Duration::from_secs(2),
    installs: &[
        Install {
            system: System::Windows,
            programs: &["tlopo.exe"],
            places: &[
                "%PROGRAMFILES(X86)%/TLOPO",
                "%PROGRAMFILES%/TLOPO",
                "%HOMEDRIVE%/TLOPO",
            ],
        },
        Install {
            system: System::MacOs,
            programs: &[
                "The Legend of Pirates Online",
                "tlopo.app/Contents/MacOS/tlopo",
            ],
            places: &["~/Library/Application Support/The Legend of Pirates Online/Game"],
        },
        // Nobody installs it in a usual place here; what this program installed is looked for anyway.
        Install {
            system: System::Linux,
            programs: &["tlopo"],
            places: &[],
        },
    ],
};

const VARIABLES: &[&str] = &["TLOPO_GAMESERVER", "TLOPO_PLAYCOOKIE"];
const LOGIN: &str = "/login/";
const STATUS: &str = "/system/status/";
/// How long the game asks those to wait who log in too fast.
const TOO_FAST: Duration = Duration::from_mins(1);

/// Name and password: a login that has not begun, and what every request of it repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlopo {
    username: Secret,
    password: Secret,
}

/// What was sent, kept because a code is sent together with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    login: Tlopo,
    /// Whether a code went along, so that a question is one for another.
    code: bool,
}

/// A code is wanted, and the rest again.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked(Tlopo);

impl Playable for Tlopo {
    const GAME: &'static Game = &GAME;

    fn new(player: Player) -> Self {
        Self {
            username: Secret::new(player.username),
            password: player.proof.into_secret(),
        }
    }
}

impl Tlopo {
    fn fields(&self) -> Vec<(&'static str, Secret)> {
        vec![
            ("username", self.username.clone()),
            ("password", self.password.clone()),
        ]
    }
}

impl Login for Tlopo {
    type Sent = Sent;
    type Asked = Asked;
    type Queued = Infallible;
    type Kept = Infallible;
    type Updating = Infallible;

    fn begin(self) -> (Request, Sent) {
        let request = Request::form(LOGIN, self.fields());
        let (login, code) = (self, false);
        (request, Sent { login, code })
    }

    fn reply(sent: Sent, reply: &Reply) -> Result<Step<Self>, Error> {
        let answer: Answer = reply.read()?;
        match answer.status.code() {
            Some(7) => answer.ticket(reply).map(Step::Done),
            Some(3) => Ok(Step::Ask(answer.question(&sent), Asked(sent.login))),
            Some(status) => Err(answer.failure(status, reply)),
            None => Err(reply.misunderstood("has no status that is a whole number")),
        }
    }

    fn answer(Asked(login): Asked, code: Secret) -> (Request, Sent) {
        let mut fields = login.fields();
        fields.push(("gtoken", code));
        (Request::form(LOGIN, fields), Sent { login, code: true })
    }

    fn turn(queued: Infallible) -> (Request, Sent) {
        match queued {}
    }

    fn kept(kept: Infallible, _: bool) -> (Request, Sent) {
        match kept {}
    }

    fn updated(updating: Infallible) -> (Request, Sent) {
        match updating {}
    }

    fn knock() -> Request {
        Request::get(STATUS)
    }

    fn opened(reply: &Reply) -> Result<Door, Error> {
        let answer: Answer = reply.read()?;
        match answer.status.code() {
            Some(1 | 2) => Ok(Door::Open),
            Some(3..=6) => Ok(Door::Closed(answer.words())),
            _ => Err(reply.misunderstood("does not say whether the game is open")),
        }
    }
}

/// An answer: `status` decides, and means different things at each path.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    status: Loose,
    message: Loose,
    token: Loose,
    gameserver: Loose,
    dist: Loose,
}

impl Answer {
    fn words(&self) -> Words {
        Words::new(self.message.text())
    }

    fn ticket(self, reply: &Reply) -> Result<Ticket, Error> {
        let taken = |name, field: Loose| variable(reply, name, field.secret());
        let mut variables = vec![
            ("TLOPO_GAMESERVER", taken("gameserver", self.gameserver)?),
            ("TLOPO_PLAYCOOKIE", taken("token", self.token)?),
        ];
        if self.dist.text().is_some() {
            variables.push(("TLOPO_DIST", taken("dist", self.dist)?));
        }
        Ok(Ticket::new(variables))
    }

    fn question(&self, sent: &Sent) -> Question {
        Question {
            wanted: Wanted::Code,
            words: self.words(),
            again: sent.code,
        }
    }

    /// The table of the document, without what goes on.
    fn failure(&self, status: i64, reply: &Reply) -> Error {
        let words = self.words();
        match status {
            0 | 2 => Error::ServerFailed {
                status: None,
                words,
            },
            1 => Error::Refused(Refusal::Credentials, words),
            4 | 6 | 8 | 9 => Error::Refused(Refusal::Account, words),
            5 => Error::Closed(words),
            10 => Error::TryLater {
                retry_after: reply.retry_after.or(Some(TOO_FAST)),
                words,
            },
            11 => Error::Refused(Refusal::Approval, words),
            unknown => Error::ServerFailed {
                status: None,
                words: Words::numbered(self.message.text(), "status", unknown),
            },
        }
    }
}

#[cfg(test)]
mod tests;
