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

use super::{Api, Downloads, Game, Install, Kept, Playable, Player, System};
use crate::base::lenient::Loose;
use crate::base::secret::Secret;
use crate::protocol::{
    Door, Error, Login, Question, Queue, Refusal, Reply, Request, Step, Ticket, Wanted, Why, Words,
    variable,
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
    keeps: &[Kept::Password, Kept::Totp],
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

impl Playable for Ttr {
    const GAME: &'static Game = &GAME;

    fn new(player: Player) -> Self {
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
            _ => Err(reply.misunderstood("has no success of a known kind")),
        }
    }

    fn answer(asked: Asked, code: Secret) -> (Request, Sent) {
        let fields = vec![("appToken", code), ("authToken", asked.response_token)];
        (Request::form(LOGIN, fields), Sent::Code)
    }

    fn turn(queued: Queued) -> (Request, Sent) {
        let fields = vec![("queueToken", queued.queue_token.clone())];
        (Request::form(LOGIN, fields), Sent::Turn(queued))
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
        let status: Status = reply.read()?;
        match status.open.flag() {
            Some(true) => Ok(Door::Open),
            Some(false) => Ok(Door::Closed(Words::new(status.banner.text()))),
            None => Err(reply.misunderstood("does not say whether the game is open")),
        }
    }
}

/// The answer of the login interface; which fields are there depends on `success`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    success: Loose,
    banner: Loose,
    response_token: Loose,
    eta: Loose,
    position: Loose,
    queue_token: Loose,
    gameserver: Loose,
    cookie: Loose,
    manifest: Loose,
}

impl Answer {
    fn ticket(self, reply: &Reply) -> Result<Ticket, Error> {
        let manifest = self.manifest.text().map(str::to_owned);
        Ok(Ticket {
            manifest,
            variables: vec![
                (
                    "TTR_GAMESERVER",
                    variable(reply, "gameserver", self.gameserver.secret())?,
                ),
                (
                    "TTR_PLAYCOOKIE",
                    variable(reply, "cookie", self.cookie.secret())?,
                ),
            ],
        })
    }

    fn question(self, sent: &Sent, reply: &Reply) -> Result<Step<Ttr>, Error> {
        let again = *sent == Sent::Code;
        let question = Question {
            wanted: Wanted::Code,
            words: Words::new(self.banner.text()),
            again,
        };
        match self.response_token.secret() {
            Some(response_token) => Ok(Step::Ask(question, Asked { response_token })),
            None => Err(reply.misunderstood("asks for a code and has no responseToken")),
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
            why: Why::Line,
            position,
            eta,
            pause: pause(polls, eta),
        };
        match self.queue_token.secret().or(last) {
            Some(queue_token) => Ok(Step::Wait(queue, Queued { queue_token, polls })),
            None => Err(reply.misunderstood("puts in line and has no queueToken")),
        }
    }

    /// Only the banner tells one refusal from another.
    fn refusal(self, sent: &Sent) -> Error {
        let words = Words::new(self.banner.text());
        let said = words.get().unwrap_or_default().to_lowercase();
        let says = |any: &[&str]| any.iter().any(|word| said.contains(word));
        if says(&["banned", "disabled", "activated"]) {
            Error::Refused(Refusal::Account, words)
        } else if says(&["closed", "maintenance"]) {
            Error::Closed(words)
        } else if *sent == Sent::Code {
            Error::Refused(Refusal::Code, words)
        } else {
            Error::Refused(Refusal::Credentials, words)
        }
    }
}

/// The answer of the status interface.
#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    open: Loose,
    #[serde(default)]
    banner: Loose,
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
