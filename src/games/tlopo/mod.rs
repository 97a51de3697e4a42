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

use super::{Api, CredentialKind, Downloads, Game, GameProtocol, Install, LoginParameters, System};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::protocol::{
    Availability, Error, Login, Question, QuestionKind, Refusal, Reply, Request, ServerMessage,
    Step, Ticket, environment_value,
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
        keeps: &[CredentialKind::Password, CredentialKind::Totp],
        warning: None,
        downloads: Downloads::Public,
    },
    documented: Api {
        host: "https://api.piratesonline.co",
        variables: VARIABLES,
        keeps: &[CredentialKind::Password, CredentialKind::Totp],
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
    watch_floor: Duration::from_secs(10),
    districts_spacing: Duration::ZERO,
    data_verbs: &[],
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

impl GameProtocol for Tlopo {
    const GAME: &'static Game = &GAME;

    fn new(player: LoginParameters) -> Self {
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
            None => Err(reply.not_understood("has no status that is a whole number")),
        }
    }

    fn answer(Asked(login): Asked, code: Secret) -> (Request, Sent) {
        let mut fields = login.fields();
        fields.push(("gtoken", code));
        (Request::form(LOGIN, fields), Sent { login, code: true })
    }

    fn poll(queued: Infallible) -> (Request, Sent) {
        match queued {}
    }

    fn stored(kept: Infallible, _: bool) -> (Request, Sent) {
        match kept {}
    }

    fn updated(updating: Infallible) -> (Request, Sent) {
        match updating {}
    }

    fn status_request() -> Request {
        Request::get(STATUS)
    }

    fn read_status(reply: &Reply) -> Result<Availability, Error> {
        let answer: Answer = reply.read()?;
        match answer.status.code() {
            Some(1 | 2) => Ok(Availability::Open),
            Some(3..=6) => Ok(Availability::Closed(answer.message())),
            _ => Err(reply.not_understood("does not say whether the game is open")),
        }
    }
}

/// An answer: `status` decides, and means different things at each path.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    status: Lenient,
    message: Lenient,
    token: Lenient,
    gameserver: Lenient,
    dist: Lenient,
}

impl Answer {
    fn message(&self) -> ServerMessage {
        ServerMessage::new(self.message.text())
    }

    fn ticket(self, reply: &Reply) -> Result<Ticket, Error> {
        let taken = |name, field: Lenient| environment_value(reply, name, field.secret());
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
            kind: QuestionKind::Code,
            message: self.message(),
            again: sent.code,
        }
    }

    /// The table of the document, without what goes on.
    fn failure(&self, status: i64, reply: &Reply) -> Error {
        let message = self.message();
        match status {
            0 | 2 => Error::ServerFailed {
                status: None,
                message,
            },
            1 => Error::Refused(Refusal::Credentials, message),
            4 | 6 | 8 | 9 => Error::Refused(Refusal::Account, message),
            5 => Error::Closed(message),
            10 => Error::TryLater {
                retry_after: reply.retry_after.or(Some(TOO_FAST)),
                message,
            },
            11 => Error::Refused(Refusal::Approval, message),
            unknown => Error::ServerFailed {
                status: None,
                message: ServerMessage::with_number(self.message.text(), "status", unknown),
            },
        }
    }
}

#[cfg(test)]
mod tests;
