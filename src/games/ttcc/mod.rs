//! Toontown: Corporate Clash, through either of its interfaces.
//!
//! ```text
//!              documented: 2018, one request
//!         ╱──▶ Credentials ──▶ Sent ──▶ Done
//!   Ttcc ╱
//!        ╲                                              ╭─▶ Update ─╮
//!         ╲──▶ Registration ──▶ Kept ──▶ metadata ───┴──────────┴──▶ login ⟲ ──▶ Done
//!          ╲   current: a launcher token first, which stands for the password
//!           ╲──▶ Returning, with a kept one ──▶ metadata
//! ```
//!
//! The pictures with everything that may go wrong are in [`documented`] and [`current`]. Here is what they share: where
//! the game is, what the numbers of a refusal mean, and what the player chose.

pub mod current;
pub mod documented;
pub mod files;
pub mod public;

use std::time::Duration;

use serde::Deserialize;

use super::{
    Api, Credential, CredentialKind, Downloads, Game, GameProtocol, Install, Interface,
    LoginParameters, System,
};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::protocol::{
    Availability, Error, Fields, Login, Refusal, Reply, Request, ServerMessage, Step,
};

/// What is known before anything is sent.
pub const GAME: Game = Game {
    id: "ttcc",
    name: "Toontown: Corporate Clash",
    gameserver: "TT_GAMESERVER",
    playcookie: "TT_PLAYCOOKIE",
    variables: &[
        "TT_PLAYCOOKIE",
        "TT_GAMESERVER",
        "LAUNCHER_USER",
        "REALM",
        "SENTRY_ENVIRONMENT",
        TOON_SLOT,
    ],
    current: Api {
        host: HOST,
        variables: &[
            "TT_PLAYCOOKIE",
            "TT_GAMESERVER",
            "LAUNCHER_USER",
            "REALM",
            "SENTRY_ENVIRONMENT",
        ],
        keeps: &[CredentialKind::Token],
        warning: None,
        downloads: Downloads::AtLogin {
            notice: UNDOCUMENTED,
        },
    },
    documented: Api {
        host: HOST,
        variables: &["TT_PLAYCOOKIE", "TT_GAMESERVER"],
        // The password may not be kept, and there is no token.
        keeps: &[],
        warning: None,
        downloads: Downloads::Untold,
    },
    own_folder: true,
    toon_slots: true,
    // Its download servers are told to launchers that are logged in, and to nobody else: the player has to want it.
    updates_unasked: false,
    // The answer 429 says that there is a limit; the number is ours.
    spacing: Duration::from_secs(2),
    // There is no build for Linux; Wine prefixes are looked through for the one for Windows.
    watch_floor: Duration::from_secs(15),
    // The 5 s of its page, and 1 s for a request that takes longer to arrive than the next one.
    districts_spacing: Duration::from_secs(6),
    data_verbs: &[],
    installs: &[
        Install {
            system: System::Windows,
            programs: &["CorporateClash.exe"],
            places: &[
                "%LOCALAPPDATA%/Corporate Clash",
                "%PROGRAMFILES%/Corporate Clash",
                "%PROGRAMFILES(X86)%/Corporate Clash",
            ],
        },
        // No page says where the build for macOS is; this is where programs of its kind keep their files.
        Install {
            system: System::MacOs,
            programs: &["CorporateClash"],
            places: &["~/Library/Application Support/Corporate Clash"],
        },
    ],
};

/// The game's rules say that interfaces which no list of theirs names are private.
const UNDOCUMENTED: &str = "its makers document neither the list of its files nor the servers that have them, and call such interfaces private: they are asked because you asked for an update";
const HOST: &str = "https://corporateclash.net";
const GAME_INFO: &str = "/api/v1/game_info.js";
/// How long too many requests have to wait when no answer says it; ours.
const TOO_MANY: Duration = Duration::from_mins(1);
const TOON_SLOT: &str = "FORCE_TOON_SLOT";

/// A login that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ttcc {
    /// After the published document.
    Documented(documented::Credentials),
    /// As maintained clients do it, with the password.
    Current(current::Registration),
    /// The same, with a launcher token that was kept.
    Returning(current::Launcher),
}

/// A request is on its way.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// The only one of the documented interface.
    Documented(documented::Sent),
    /// One of the current interface.
    Current(current::Sent),
}

impl GameProtocol for Ttcc {
    const GAME: &'static Game = &GAME;

    fn new(player: LoginParameters) -> Self {
        match player.interface {
            Interface::Documented => Self::Documented(player.into()),
            Interface::Current => current::login(player),
        }
    }

    fn revocation(token: &Secret) -> Option<Request> {
        Some(current::revoke(token))
    }
}

impl Login for Ttcc {
    type Sent = Sent;
    type Asked = current::SignedOut;
    type Queued = current::Entry;
    type Kept = current::Launcher;
    type Updating = current::Entry;

    fn begin(self) -> (Request, Sent) {
        match self {
            Self::Documented(credentials) => {
                let (request, sent) = credentials.begin();
                (request, Sent::Documented(sent))
            }
            Self::Current(registration) => {
                let (request, sent) = registration.begin();
                (request, Sent::Current(sent))
            }
            Self::Returning(launcher) => {
                let (request, sent) = launcher.look_around();
                (request, Sent::Current(sent))
            }
        }
    }

    fn reply(sent: Sent, reply: &Reply) -> Result<Step<Self>, Error> {
        match sent {
            Sent::Documented(sent) => sent.reply(reply).map(Step::Done),
            Sent::Current(sent) => sent.reply(reply),
        }
    }

    fn answer(asked: current::SignedOut, password: Secret) -> (Request, Sent) {
        let (request, sent) = asked.answer(password);
        (request, Sent::Current(sent))
    }

    fn poll(entry: current::Entry) -> (Request, Sent) {
        let (request, sent) = entry.status_request();
        (request, Sent::Current(sent))
    }

    fn stored(launcher: current::Launcher, _: bool) -> (Request, Sent) {
        let (request, sent) = launcher.look_around();
        (request, Sent::Current(sent))
    }

    fn updated(entry: current::Entry) -> (Request, Sent) {
        let (request, sent) = entry.status_request();
        (request, Sent::Current(sent))
    }

    fn status_request() -> Request {
        Request::get(GAME_INFO)
    }

    fn read_status(reply: &Reply) -> Result<Availability, Error> {
        let info: GameInfo = reply.read()?;
        match info.production_closed.flag() {
            Some(false) => Ok(Availability::Open),
            Some(true) => Ok(Availability::Closed(ServerMessage::new(
                info.production_closed_reason.text(),
            ))),
            None => Err(reply.not_understood("does not say whether the game is open")),
        }
    }
}

/// The public answer about the game.
#[derive(Default, Deserialize)]
#[serde(default)]
struct GameInfo {
    production_closed: Lenient,
    production_closed_reason: Lenient,
}

/// What the player, not the server, says about the game's start.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    elsewhere: Option<String>,
    toon_slot: Option<u8>,
}

impl Wish {
    /// The game server, where no answer names it.
    fn gameserver(&self, usual: &str) -> Secret {
        Secret::new(self.elsewhere.as_deref().unwrap_or(usual))
    }

    /// Adds the slot to the variables, if one was chosen.
    fn choose_toon(&self, variables: &mut Fields) {
        if let Some(slot) = self.toon_slot {
            variables.push((TOON_SLOT, Secret::new(slot.to_string())));
        }
    }
}

/// What a refusal means, by its number: the document's, and those seen since.
fn refusal(reason: Option<i64>, said: Option<&str>, reply: &Reply) -> Error {
    let message = ServerMessage::new(said);
    match reason {
        Some(3 | 4 | 1002 | 1003) => Error::Refused(Refusal::Account, message),
        Some(1004) => Error::Closed(message),
        Some(429) => Error::TryLater {
            retry_after: reply.retry_after.or(Some(TOO_MANY)),
            message,
        },
        None | Some(0 | 2 | 5 | 1000 | 1005) => Error::Refused(Refusal::Credentials, message),
        Some(unknown) => Error::Refused(
            Refusal::Credentials,
            ServerMessage::with_number(said, "reason", unknown),
        ),
    }
}

#[cfg(test)]
mod tests;
