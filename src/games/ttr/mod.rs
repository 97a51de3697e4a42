//! Toontown Rewritten, after its published login document (2014) and additions observed up to 2026.
//!
//! ```text
//!              username, password            appToken, authToken
//!   Ttr ─────────────────────────▶ Sent ◀───────────────────────── Asked
//!                                  │  ▲                              ▲
//!     success: "true"    ──▶ Done  │  │ queueToken                   │
//!              "partial" ──────────┼──┼──────────────────────────────┘
//!              "delayed" ──────────┘  └── Queued
//!              "false"   ──▶ Error
//! ```
//!
//! Any of the four replies may follow any request: a question may follow a queue, and a queue may follow a code.

pub mod files;
pub mod public;

use std::convert::Infallible;
use std::time::Duration;

use serde::Deserialize;

use super::json::read_object;
use super::{
    Build, CredentialKind, Downloads, Game, GameProtocol, Install, Interface, InterfaceFacts,
    LoginParameters, System,
};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::manifest::{self, Manifest, MirrorAddress, NameRules};
use crate::protocol::districts::DistrictRequest;
use crate::protocol::{
    Availability, Error, Login, Question, QuestionKind, Queue, QueueReason, Refusal, Reply,
    Request, ServerMessage, ServerStatus, Step, Ticket, environment_value,
};

/// The facts about the game.
pub const GAME: Game = Game {
    id: "ttr",
    name: "Toontown Rewritten",
    gameserver_variable: "TTR_GAMESERVER",
    cookie_variable: "TTR_PLAYCOOKIE",
    variables: API.variables,
    current: API,
    documented: API,
    runs_in_own_directory: false,
    toon_slot_variable: None,
    updates_by_default: true,
    // The document gives no limit.
    login_interval: Duration::ZERO,
    watch_interval: Duration::from_secs(10),
    districts_interval: Duration::ZERO,
    data_verbs: &["fieldoffices", "sillymeter", "doodles"],
    district_names: &[
        "Blam Canyon",
        "Boingbury",
        "Bounceboro",
        "Fizzlefield",
        "Gulp Gulch",
        "Hiccup Hills",
        "Kaboom Cliffs",
        "Splashport",
        "Splat Summit",
        "Thwackville",
        "Whoosh Rapids",
        "Zapwood",
        "Zoink Falls",
    ],
    cog_names: &[
        "Flunky",
        "Pencil Pusher",
        "Yesman",
        "Micromanager",
        "Downsizer",
        "Head Hunter",
        "Corporate Raider",
        "The Big Cheese",
        "Bottom Feeder",
        "Bloodsucker",
        "Double Talker",
        "Ambulance Chaser",
        "Back Stabber",
        "Spin Doctor",
        "Legal Eagle",
        "Big Wig",
        "Short Change",
        "Penny Pincher",
        "Tightwad",
        "Bean Counter",
        "Number Cruncher",
        "Money Bags",
        "Loan Shark",
        "Robber Baron",
        "Cold Caller",
        "Telemarketer",
        "Name Dropper",
        "Glad Hander",
        "Mover & Shaker",
        "Two-Face",
        "The Mingler",
        "Mr. Hollywood",
    ],
    installs: &[
        Install {
            system: System::Windows,
            programs: &["TTREngine64.exe", "TTREngine.exe"],
            is_published: true,
            directories: &[
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
            is_published: true,
            directories: &["~/Library/Application Support/Toontown Rewritten"],
        },
        Install {
            system: System::Linux,
            programs: &["TTREngine"],
            is_published: true,
            directories: &[
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

/// Maintained clients follow the document, so both interfaces are the same.
const API: InterfaceFacts = InterfaceFacts {
    origin: "https://www.toontownrewritten.com",
    variables: &["TTR_GAMESERVER", "TTR_PLAYCOOKIE"],
    storable: &[CredentialKind::Password, CredentialKind::Totp],
    warning: None,
    downloads: Downloads::Public,
};
/// Without `format=json` the reply would be lines of `key=value`.
const LOGIN: &str = "/api/login?format=json";
const STATUS: &str = "/api/status";

/// A login that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ttr {
    username: Secret,
    password: Secret,
}

/// What was sent, which determines the meaning of a refusal.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// Username and password.
    Credentials,
    /// A code.
    Code,
    /// A poll of the queue.
    Poll(Queued),
}

/// The state while the user is asked for a code; the request with the code contains this `responseToken`.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    response_token: Secret,
}

/// The state while waiting in the queue: the latest `queueToken`, and the number of polls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    queue_token: Secret,
    polls: u32,
}

impl GameProtocol for Ttr {
    const GAME: &'static Game = &GAME;
    const MANIFEST_ORIGIN: Option<&'static str> = Some(files::CDN);
    const MIRRORS_PATH: Option<&'static str> = Some(files::MIRRORS_PATH);

    fn new(parameters: LoginParameters) -> Self {
        Self {
            username: Secret::new(parameters.username),
            password: parameters.credential.into_secret(),
        }
    }

    fn district_requests(_interface: Interface) -> Vec<DistrictRequest> {
        public::district_requests()
    }

    fn manifest_paths(_build: Build, named: Option<&str>) -> Result<Vec<String>, manifest::Error> {
        let path = files::manifest_path(named.unwrap_or(files::MANIFEST_PATH))?;
        Ok(vec![path])
    }

    fn read_manifests(
        bodies: &[&[u8]],
        build: Build,
        rules: NameRules,
    ) -> Result<Manifest, manifest::Error> {
        files::manifest(bodies.first().unwrap_or(&&b""[..]), build.system, rules)
    }

    fn read_mirrors(reply: &Reply) -> Result<Vec<MirrorAddress>, Error> {
        files::mirrors(reply)
    }

    fn default_mirror() -> Option<(&'static str, &'static str)> {
        Some((files::DEFAULT_MIRROR, files::DEFAULT_MIRROR_PATH))
    }
}

impl Login for Ttr {
    type Sent = Sent;
    type Asked = Asked;
    type Queued = Queued;
    type Storing = Infallible;
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
            Some("delayed") => answer.queue(sent, reply),
            Some("false") => Err(answer.refusal(&sent, reply)),
            _ => Err(reply.not_understood("has no known value of success")),
        }
    }

    fn answer(asked: Asked, code: Secret) -> (Request, Sent) {
        let fields = vec![("appToken", code), ("authToken", asked.response_token)];
        (Request::form(LOGIN, fields), Sent::Code)
    }

    fn poll(queued: Queued) -> (Request, Sent) {
        let fields = vec![("queueToken", queued.queue_token.clone())];
        (Request::form(LOGIN, fields), Sent::Poll(queued))
    }

    fn stored(storing: Infallible) -> (Request, Sent) {
        match storing {}
    }

    fn updated(updating: Infallible) -> (Request, Sent) {
        match updating {}
    }

    fn status_request() -> Request {
        Request::get(STATUS)
    }

    fn read_status(reply: &Reply) -> Result<ServerStatus, Error> {
        let status: Status = read_object(reply)?;
        let message = ServerMessage::new(status.banner.text());
        let availability = match status.open.flag() {
            Some(true) => Availability::Open,
            Some(false) => Availability::Closed(message.clone()),
            None => return Err(reply.not_understood("does not say whether the game is open")),
        };
        Ok(ServerStatus {
            availability,
            message,
            population: None,
            details: None,
        })
    }
}

/// The reply to a login request. Which fields it has depends on `success`.
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
            message: ServerMessage::new(self.banner.text()),
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

    /// Returns the step of a queued login. A reply to a poll may omit `queueToken`, as the document's sample does; the
    /// previous one is then still valid.
    fn queue(self, sent: Sent, reply: &Reply) -> Result<Step<Ttr>, Error> {
        let (last, polls) = match sent {
            Sent::Poll(queued) => (Some(queued.queue_token), queued.polls.saturating_add(1)),
            Sent::Credentials | Sent::Code => (None, 0),
        };
        let (position, eta) = (self.position.number(), self.eta.number());
        let queue = Queue {
            reason: QueueReason::Queue,
            position,
            eta,
            pause: poll_pause(polls, eta),
        };
        match self.queue_token.secret().or(last) {
            Some(queue_token) => Ok(Step::Wait(queue, Queued { queue_token, polls })),
            None => Err(reply.not_understood("asks to wait and has no queueToken")),
        }
    }

    /// Returns the error of a refusal. Its cause can only be guessed from words in the banner.
    fn refusal(self, sent: &Sent, reply: &Reply) -> Error {
        let message = ServerMessage::new(self.banner.text());
        let banner = message.get().unwrap_or_default().to_lowercase();
        let has_any = |words: &[&str]| words.iter().any(|word| banner.contains(word));
        if has_any(&["banned", "disabled", "activated"]) {
            Error::Refused(Refusal::Account, message)
        } else if has_any(&["closed", "maintenance"]) {
            Error::Closed(message)
        } else if reply.has_failed() {
            // The status says more than a refusal without a known cause.
            reply.not_understood("is a refusal without a cause")
        } else if *sent == Sent::Code {
            Error::Refused(Refusal::Code, message)
        } else {
            Error::Refused(Refusal::Credentials, message)
        }
    }
}

/// The reply to a status request.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    open: Lenient,
    banner: Lenient,
}

/// Returns the pause before the next poll (`details.md`): short at first, because most logins are queued once and then
/// admitted, and up to 30 seconds later.
fn poll_pause(polls: u32, eta: Option<u64>) -> Duration {
    const FIRST: Duration = Duration::from_millis(400);
    const MAX_SECONDS: u64 = 30;
    match polls.checked_sub(1) {
        None => FIRST,
        Some(doublings) => {
            let max = eta.unwrap_or(MAX_SECONDS).clamp(5, MAX_SECONDS);
            Duration::from_secs(1_u64.checked_shl(doublings).unwrap_or(max).min(max))
        }
    }
}

#[cfg(test)]
mod tests;
