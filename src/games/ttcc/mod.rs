//! Toontown: Corporate Clash, through either of its interfaces.
//!
//! ```text
//!              documented (2018): one request
//!         ╱──▶ Credentials ──▶ Sent ──▶ Done
//!   Ttcc ╱
//!        ╲     current: a launcher token replaces the password  ╭─▶ Update ─╮
//!         ╲──▶ Registration ──▶ Store ──▶ metadata ─────────────┴───────────┴──▶ login ⟲ ──▶ Done
//!          ╲──▶ Session, with a stored token ──▶ metadata
//! ```
//!
//! The complete diagrams are in [`documented`] and [`current`]. This file contains what both share: the facts about the
//! game, the meaning of refusals, and the options for the start of the game.

pub mod current;
pub mod documented;
pub mod files;
pub mod public;

use std::time::Duration;

use serde::Deserialize;

use super::{
    Build, Credential, CredentialKind, Downloads, Game, GameProtocol, Install, Interface,
    InterfaceFacts, LoginParameters, System,
};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::games::json::read_object;
use crate::manifest::{self, Manifest, NameRules};
use crate::protocol::districts::DistrictRequest;
use crate::protocol::{
    Availability, Error, Fields, Login, Refusal, Reply, Request, ServerCode, ServerMessage,
    ServerStatus, Step,
};

/// The facts about the game.
pub const GAME: Game = Game {
    id: "ttcc",
    name: "Toontown: Corporate Clash",
    gameserver_variable: "TT_GAMESERVER",
    cookie_variable: "TT_PLAYCOOKIE",
    variables: &[
        "TT_PLAYCOOKIE",
        "TT_GAMESERVER",
        "LAUNCHER_USER",
        "REALM",
        "SENTRY_ENVIRONMENT",
        TOON_SLOT,
    ],
    current: InterfaceFacts {
        origin: ORIGIN,
        variables: &[
            "TT_PLAYCOOKIE",
            "TT_GAMESERVER",
            "LAUNCHER_USER",
            "REALM",
            "SENTRY_ENVIRONMENT",
        ],
        storable: &[CredentialKind::Token],
        warning: None,
        downloads: Downloads::AtLogin {
            notice: UPDATE_NOTICE,
        },
    },
    documented: InterfaceFacts {
        origin: ORIGIN,
        variables: &["TT_PLAYCOOKIE", "TT_GAMESERVER"],
        // The password must not be stored, and there is no token.
        storable: &[],
        warning: None,
        downloads: Downloads::Unavailable,
    },
    runs_in_own_directory: true,
    toon_slot_variable: Some(TOON_SLOT),
    // Only a login names the download servers, so the user has to ask for an update.
    updates_by_default: false,
    // The existence of reason 429 shows that logins are limited; this number is an assumption.
    login_interval: Duration::from_secs(2),
    watch_interval: Duration::from_secs(15),
    // The 5 s of its page, and 1 s for a request that takes longer to arrive than the next one.
    districts_interval: Duration::from_secs(6),
    data_verbs: &[],
    // There is no build for Linux; the one for Windows is looked for in Wine prefixes.
    district_names: &[
        "Anvil Acres",
        "Cupcake Cove",
        "High-Dive Hills",
        "Hypno Heights",
        "Kazoo Kanyon",
        "Quicksand Quarry",
        "Seltzer Summit",
        "Tesla Tundra",
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
        "Con Artist",
        "Connoisseur",
        "The Swindler",
        "Middleman",
        "Toxic Manager",
        "Magnate",
        "Big Fish",
        "Head Honcho",
    ],
    installs: &[
        Install {
            system: System::Windows,
            programs: &["CorporateClash.exe"],
            is_published: true,
            directories: &[
                "%LOCALAPPDATA%/Corporate Clash",
                "%PROGRAMFILES%/Corporate Clash",
                "%PROGRAMFILES(X86)%/Corporate Clash",
            ],
        },
        // The directory of the macOS build is not documented; this is the usual one for applications.
        Install {
            system: System::MacOs,
            programs: &["CorporateClash"],
            is_published: true,
            directories: &["~/Library/Application Support/Corporate Clash"],
        },
    ],
};

/// The notice before an update. The game's rules call interfaces private that they do not list.
const UPDATE_NOTICE: &str = "its makers document neither the manifest of its files nor the download servers, and call such interfaces private: they are used because you asked for an update";
const ORIGIN: &str = "https://corporateclash.net";
/// The realm that people play in. The game server disconnects players whose login did not name it.
const REALM: &str = "production";
const GAME_INFO: &str = "/api/v1/game_info.js";
/// How long to wait after too many requests when the reply does not say; an assumption.
const TOO_MANY_PAUSE: Duration = Duration::from_mins(1);
const TOON_SLOT: &str = "FORCE_TOON_SLOT";

/// A login that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ttcc {
    /// The documented interface.
    Documented(documented::Credentials),
    /// The current interface with a password.
    Registration(current::Registration),
    /// The current interface with a stored launcher token.
    Session(current::LauncherSession),
}

/// A request was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// The request of the documented interface.
    Documented(documented::Sent),
    /// A request of the current interface.
    Current(current::Sent),
}

impl Sent {
    fn current((request, sent): (Request, current::Sent)) -> (Request, Self) {
        (request, Self::Current(sent))
    }
}

impl GameProtocol for Ttcc {
    const GAME: &'static Game = &GAME;

    fn new(parameters: LoginParameters) -> Self {
        match parameters.interface {
            Interface::Documented => Self::Documented(parameters.into()),
            Interface::Current => current::login(parameters),
        }
    }

    fn revocation(token: &Secret) -> Option<Request> {
        Some(current::revocation(token))
    }

    fn district_requests(interface: Interface) -> Vec<DistrictRequest> {
        vec![public::district_request(interface)]
    }

    fn manifest_paths(build: Build, _named: Option<&str>) -> Result<Vec<String>, manifest::Error> {
        let parts = files::ManifestPart::all(build.system);
        Ok(parts.map(|part| part.path().to_owned()).to_vec())
    }

    fn read_manifests(
        bodies: &[&[u8]],
        build: Build,
        rules: NameRules,
    ) -> Result<Manifest, manifest::Error> {
        let parts = files::ManifestPart::all(build.system).into_iter();
        let parts: Vec<_> = parts.zip(bodies.iter().copied()).collect();
        files::manifest(&parts, build.system, rules)
    }
}

impl Login for Ttcc {
    type Sent = Sent;
    type Asked = current::PasswordQuestion;
    type Queued = current::GameLogin;
    type Storing = current::LauncherSession;
    type Updating = current::GameLogin;

    fn begin(self) -> (Request, Sent) {
        match self {
            Self::Documented(credentials) => {
                let (request, sent) = credentials.begin();
                (request, Sent::Documented(sent))
            }
            Self::Registration(registration) => Sent::current(registration.begin()),
            Self::Session(session) => Sent::current(session.request_metadata()),
        }
    }

    fn reply(sent: Sent, reply: &Reply) -> Result<Step<Self>, Error> {
        match sent {
            Sent::Documented(sent) => sent.reply(reply).map(Step::Done),
            Sent::Current(sent) => sent.reply(reply),
        }
    }

    fn answer(question: current::PasswordQuestion, password: Secret) -> (Request, Sent) {
        Sent::current(question.answer(password))
    }

    fn poll(login: current::GameLogin) -> (Request, Sent) {
        Sent::current(login.request())
    }

    fn stored(session: current::LauncherSession) -> (Request, Sent) {
        Sent::current(session.request_metadata())
    }

    fn updated(login: current::GameLogin) -> (Request, Sent) {
        Sent::current(login.request())
    }

    fn status_request() -> Request {
        Request::get(GAME_INFO)
    }

    fn read_status(reply: &Reply) -> Result<ServerStatus, Error> {
        let info: GameInfo = read_object(reply)?;
        let availability = match info.production_closed.flag() {
            Some(false) => Availability::Open,
            Some(true) => {
                Availability::Closed(ServerMessage::new(info.production_closed_reason.text()))
            }
            None => return Err(reply.not_understood("does not say whether the game is open")),
        };
        Ok(ServerStatus {
            availability,
            message: ServerMessage::default(),
            population: info.num_toons.number(),
            details: None,
        })
    }
}

/// The reply to a status request.
#[derive(Default, Deserialize)]
#[serde(default)]
struct GameInfo {
    production_closed: Lenient,
    production_closed_reason: Lenient,
    num_toons: Lenient,
}

/// The options for the start of the game that do not come from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
struct StartOptions {
    fallback_gameserver: Option<String>,
    toon_slot: Option<u8>,
}

impl StartOptions {
    /// Returns the game server for replies that name none.
    fn gameserver(&self, default: &str) -> Secret {
        Secret::new(self.fallback_gameserver.as_deref().unwrap_or(default))
    }

    /// Adds the variable for the toon slot if one was chosen.
    fn push_toon_slot(&self, variables: &mut Fields) {
        if let Some(slot) = self.toon_slot {
            variables.push((TOON_SLOT, Secret::new(slot.to_string())));
        }
    }
}

/// Returns the error for the reason number of a refusal (documented numbers, and others observed since).
fn refusal(reason: Option<i64>, text: Option<&str>, reply: &Reply) -> Error {
    let message = message(reason.unwrap_or_default(), text);
    match reason {
        Some(3 | 4 | 1002 | 1003) => Error::Refused(Refusal::Account, message),
        Some(1004) => Error::Closed(message),
        Some(429) => Error::TryLater {
            retry_after: reply.retry_after.or(Some(TOO_MANY_PAUSE)),
            message,
        },
        Some(5 | 1005) => Error::Refused(Refusal::PlayerToken, message),
        // The status says more than a refusal without a cause.
        None | Some(0 | 1000) if reply.has_failed() => {
            reply.not_understood("is a refusal without a cause")
        }
        None | Some(0 | 2 | 1000) => Error::Refused(Refusal::Credentials, message),
        Some(unknown) => Error::Refused(
            Refusal::Credentials,
            ServerMessage::with_number(text, "reason", unknown),
        ),
    }
}

/// Returns the message of a reply with this reason number; 0 and 1000 mean success, so they are not shown.
fn message(reason: i64, text: Option<&str>) -> ServerMessage {
    let message = ServerMessage::new(text);
    match reason {
        0 | 1000 => message,
        reason => message.with_code(ServerCode::Number(reason), meaning(reason)),
    }
}

/// Returns what a reason number means, documented or observed since.
const fn meaning(reason: i64) -> Option<&'static str> {
    Some(match reason {
        2 => "several accounts have a name like this",
        3 => "the account is banned",
        4 => "the account does not meet the requirements of this server",
        5 => "the player token is unknown or damaged",
        429 => "there were too many requests",
        1002 => "the account is terminated",
        1003 => "the account is banned for some hours",
        1004 => "the servers are under maintenance",
        1005 => "the token is invalid",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
