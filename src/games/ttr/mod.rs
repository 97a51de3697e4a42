//! Toontown Rewritten, after its published login document (2014, with the additions seen up to 2026).
//!
//! ```text
//!              username, password            appToken, authToken
//!   Ttr ─────────────────────────▶ Sent ◀───────────────────────── Asked
//!                                  │  ▲                              ▲
//!     success: "true"    ──▶ Done  │  │ queueToken                   │
//!              "partial" ──────────┼──┼──────────────────────────────┘
//!              "delayed" ──────────┘  └── Queued
//!              "false"   ──▶ over
//! ```
//!
//! Any of the four may follow any request: a code is wanted after a queue, a queue comes after a code.

pub mod files;
pub mod public;

use std::convert::Infallible;
use std::time::Duration;

use serde::Deserialize;

use super::{Api, CredentialKind, Downloads, Game, GameProtocol, Install, LoginParameters, System};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::protocol::{
    Availability, Error, Login, Question, QuestionKind, Queue, QueueReason, Refusal, Reply,
    Request, ServerMessage, Step, Ticket, environment_value,
};

/// What is known before anything is sent.
pub const GAME: Game = Game {
    id: "ttr",
    name: "Toontown Rewritten",
    gameserver: "TTR_GAMESERVER",
    playcookie: "TTR_PLAYCOOKIE",
    variables: API.variables,
    current: API,
    documented: API,
    own_folder: false,
    toon_slots: false,
    updates_unasked: true,
    // The document names no limit.
    spacing: Duration::ZERO,
    watch_floor: Duration::from_secs(10),
    districts_spacing: Duration::ZERO,
    data_verbs: &["fieldoffices", "sillymeter", "doodles"],
    installs: &[
        Install {
            system: System::Windows,
            programs: &["TTREngine64.exe", "TTREngine.exe"],
            places: &[
                "%PROGRAMFILES(X86)%/Toontown Rewritten",
                "%LOCALAPPDATA%/Toontown Rewritten",
            ],
        },
        Install {
            system: System::MacOs,
            programs: &[
                "Toontown Rewritten.app/Contents/MacOS/TTREngine",
                "Toontown Rewritten",
            ],
            places: &["~/Library/Application Support/Toontown Rewritten"],
        },
        Install {
            system: System::Linux,
            programs: &["TTREngine"],
            places: &[
                "~/.var/app/com.toontownrewritten.Launcher/data",
                "~/.var/app/xyz.xytime.Toontown/data",
                "~/.var/app/xyz.xytime.Toontown/data/toontown-rewritten",
                "~/Toontown Rewritten",
                "~/toontown-rewritten",
                "~/Games/Toontown Rewritten",
                "~/Games/toontown-rewritten",
                "~/.local/share/toontown-rewritten",
                "~/.local/share/Toontown Rewritten",
            ],
        },
    ],
};

/// The document is what clients do today.
const API: Api = Api {
    host: "https://www.toontownrewritten.com",
    variables: &["TTR_GAMESERVER", "TTR_PLAYCOOKIE"],
    keeps: &[CredentialKind::Password, CredentialKind::Totp],
    warning: None,
    downloads: Downloads::Public,
};
/// Without `format=json` the answer would be `key=value` lines.
const LOGIN: &str = "/api/login?format=json";
const STATUS: &str = "/api/status";

/// A login that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ttr {
    username: Secret,
    password: Secret,
}

/// What was sent, and so what a refusal refuses.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// Name and password.
    Credentials,
    /// A code.
    Code,
    /// A question whether it is our turn.
    Turn(Queued),
}

/// A code is wanted for this `responseToken`.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    response_token: Secret,
}

/// In line with this `queueToken`, after so many polls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    queue_token: Secret,
    polls: u32,
}

impl GameProtocol for Ttr {
    const GAME: &'static Game = &GAME;

    fn new(player: LoginParameters) -> Self {
        Self {
            username: Secret::new(player.username),
            password: player.proof.into_secret(),
        }
    }
}

impl Login for Ttr {
    type Sent = Sent;
    type Asked = Asked;
    type Queued = Queued;
    type Kept = Infallible;
    type Updating = Infallible;

    fn begin(self) -> (Request, Sent) {
        let fields = vec![("username", self.username), ("password", self.password)];
        (Request::form(LOGIN, fields), Sent::Credentials)
    }

    fn reply(sent: Sent, reply: &Reply) -> Result<Step<Self>, Error> {
        let answer: Answer = reply.read()?;
        match answer.success.text() {
            Some("true") => answer.ticket(reply).map(Step::Done),
            Some("partial") => answer.question(&sent, reply),
            Some("delayed") => answer.place_in_line(sent, reply),
            Some("false") => Err(answer.refusal(&sent)),
            _ => Err(reply.not_understood("has no success of a known kind")),
        }
    }

    fn answer(asked: Asked, code: Secret) -> (Request, Sent) {
        let fields = vec![("appToken", code), ("authToken", asked.response_token)];
        (Request::form(LOGIN, fields), Sent::Code)
    }

    fn poll(queued: Queued) -> (Request, Sent) {
        let fields = vec![("queueToken", queued.queue_token.clone())];
        (Request::form(LOGIN, fields), Sent::Turn(queued))
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
        let status: Status = reply.read()?;
        match status.open.flag() {
            Some(true) => Ok(Availability::Open),
            Some(false) => Ok(Availability::Closed(ServerMessage::new(
                status.banner.text(),
            ))),
            None => Err(reply.not_understood("does not say whether the game is open")),
        }
    }
}

/// The answer of the login interface; which fields are there depends on `success`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    success: Lenient,
    banner: Lenient,
    response_token: Lenient,
    eta: Lenient,
    position: Lenient,
    queue_token: Lenient,
    gameserver: Lenient,
    cookie: Lenient,
    manifest: Lenient,
}

impl Answer {
    fn ticket(self, reply: &Reply) -> Result<Ticket, Error> {
        let manifest = self.manifest.text().map(str::to_owned);
        Ok(Ticket {
            manifest,
            variables: vec![
                (
                    "TTR_GAMESERVER",
                    environment_value(reply, "gameserver", self.gameserver.secret())?,
                ),
                (
                    "TTR_PLAYCOOKIE",
                    environment_value(reply, "cookie", self.cookie.secret())?,
                ),
            ],
        })
    }

    fn question(self, sent: &Sent, reply: &Reply) -> Result<Step<Ttr>, Error> {
        let again = *sent == Sent::Code;
        let question = Question {
            kind: QuestionKind::Code,
            message: ServerMessage::new(self.banner.text()),
            again,
        };
        match self.response_token.secret() {
            Some(response_token) => Ok(Step::Ask(question, Asked { response_token })),
            None => Err(reply.not_understood("asks for a code and has no responseToken")),
        }
    }

    /// The document's own follow-up sample omits `queueToken`: the last one holds until another comes.
    fn place_in_line(self, sent: Sent, reply: &Reply) -> Result<Step<Ttr>, Error> {
        let (last, polls) = match sent {
            Sent::Turn(queued) => (Some(queued.queue_token), queued.polls.saturating_add(1)),
            Sent::Credentials | Sent::Code => (None, 0),
        };
        let (position, eta) = (self.position.number(), self.eta.number());
        let queue = Queue {
            reason: QueueReason::Queue,
            position,
            eta,
            pause: pause(polls, eta),
        };
        match self.queue_token.secret().or(last) {
            Some(queue_token) => Ok(Step::Wait(queue, Queued { queue_token, polls })),
            None => Err(reply.not_understood("puts in line and has no queueToken")),
        }
    }

    /// Only the banner tells one refusal from another.
    fn refusal(self, sent: &Sent) -> Error {
        let message = ServerMessage::new(self.banner.text());
        let said = message.get().unwrap_or_default().to_lowercase();
        let says = |any: &[&str]| any.iter().any(|word| said.contains(word));
        if says(&["banned", "disabled", "activated"]) {
            Error::Refused(Refusal::Account, message)
        } else if says(&["closed", "maintenance"]) {
            Error::Closed(message)
        } else if *sent == Sent::Code {
            Error::Refused(Refusal::Code, message)
        } else {
            Error::Refused(Refusal::Credentials, message)
        }
    }
}

/// The answer of the status interface.
#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    open: Lenient,
    #[serde(default)]
    banner: Lenient,
}

/// Quick the first time, because `delayed` is the normal first answer; polite after (`details.md`).
fn pause(polls: u32, eta: Option<u64>) -> Duration {
    const FIRST: Duration = Duration::from_millis(400);
    const LONGEST: u64 = 30;
    match polls.checked_sub(1) {
        None => FIRST,
        Some(doublings) => {
            let most = eta.unwrap_or(LONGEST).clamp(5, LONGEST);
            Duration::from_secs(1_u64.checked_shl(doublings).unwrap_or(most).min(most))
        }
    }
}

#[cfg(test)]
mod tests;
