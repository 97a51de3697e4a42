//! The Legend of Pirates Online, after its published login document (2017) and observations up to 2026.
//!
//! ```text
//!            username, password         username, password, gtoken
//!   Tlopo ──────────────────────▶ Sent ◀─────────────────────────── Asked
//!                                  │                                  ▲
//!      status: 7 ──▶ Done          │                                  │
//!              3 ──────────────────┼──────────────────────────────────┘
//!          other ──▶ Error ◀───────┘
//! ```
//!
//! The server has no session between the two requests: the request with the code repeats username and password, and a wrong
//! code is answered by the same question. The two interfaces differ only in their origins.

pub mod files;
pub mod public;

use std::convert::Infallible;
use std::time::Duration;

use serde::Deserialize;

use super::{
    Build, CredentialKind, Downloads, Game, GameProtocol, Install, Interface, InterfaceFacts,
    LoginParameters, System,
};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::manifest::{self, Manifest, NameRules};
use crate::protocol::districts::DistrictRequest;
use crate::protocol::{
    Error, Login, Question, QuestionKind, Refusal, Reply, Request, ServerCode, ServerMessage,
    ServerStatus, Step, Ticket, environment_value,
};

/// The facts about the game.
pub const GAME: Game = Game {
    id: "tlopo",
    name: "The Legend of Pirates Online",
    gameserver_variable: "TLOPO_GAMESERVER",
    cookie_variable: "TLOPO_PLAYCOOKIE",
    variables: &["TLOPO_GAMESERVER", "TLOPO_PLAYCOOKIE", "TLOPO_DIST"],
    current: InterfaceFacts {
        origin: "https://api.tlopo.com",
        variables: VARIABLES,
        storable: &[CredentialKind::Password, CredentialKind::Totp],
        warning: None,
        downloads: Downloads::Public,
    },
    documented: InterfaceFacts {
        origin: "https://api.piratesonline.co",
        variables: VARIABLES,
        storable: &[CredentialKind::Password, CredentialKind::Totp],
        warning: Some(
            "the game gave up the domain piratesonline.co in 2018: a password sent there goes to its present owner",
        ),
        downloads: Downloads::Public,
    },
    runs_in_own_directory: false,
    toon_slot_variable: None,
    updates_by_default: true,
    // The document says that logins are limited but gives no number; this number is an assumption.
    login_interval: Duration::from_secs(2),
    watch_interval: Duration::from_secs(10),
    districts_interval: Duration::ZERO,
    data_verbs: &[],
    district_names: &["Abassa", "Andaba", "Cortola", "Exuma"],
    cog_names: &[],
    installs: &[
        Install {
            system: System::Windows,
            programs: &["tlopo.exe"],
            is_published: true,
            directories: &[
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
            is_published: true,
            directories: &["~/Library/Application Support/The Legend of Pirates Online/Game"],
        },
        // There is no usual directory on Linux; an installation of playcookie is always looked for.
        Install {
            system: System::Linux,
            programs: &["tlopo"],
            is_published: false,
            directories: &[],
        },
    ],
};

const VARIABLES: &[&str] = &["TLOPO_GAMESERVER", "TLOPO_PLAYCOOKIE"];
const LOGIN: &str = "/login/";
const STATUS: &str = "/system/status/";
/// How long to wait after status 10, whose message says one minute.
const TOO_FAST_PAUSE: Duration = Duration::from_mins(1);

/// Username and password, which every request of a login contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlopo {
    username: Secret,
    password: Secret,
}

/// The state after a request: its credentials, which the request with a code repeats.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    login: Tlopo,
    /// Whether the request contained a code.
    code: bool,
}

/// The state while the user is asked for a code.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked(Tlopo);

impl GameProtocol for Tlopo {
    const GAME: &'static Game = &GAME;
    const MANIFEST_ORIGIN: Option<&'static str> = Some(files::ORIGIN);

    fn new(parameters: LoginParameters) -> Self {
        Self {
            username: Secret::new(parameters.username),
            password: parameters.credential.into_secret(),
        }
    }

    fn district_requests(_interface: Interface) -> Vec<DistrictRequest> {
        vec![public::shards_request()]
    }

    fn manifest_paths(build: Build, _named: Option<&str>) -> Result<Vec<String>, manifest::Error> {
        Ok(vec![files::manifest_path(build)])
    }

    fn read_manifests(
        bodies: &[&[u8]],
        build: Build,
        rules: NameRules,
    ) -> Result<Manifest, manifest::Error> {
        files::manifest(bodies.first().unwrap_or(&&b""[..]), build, rules)
    }

    fn default_mirror() -> Option<(&'static str, &'static str)> {
        Some((files::ORIGIN, ""))
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
    type Storing = Infallible;
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
            Some(status) => Err(answer.error(status, reply)),
            None => Err(reply.not_understood("has no integer status")),
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
        public::read_status(reply)
    }
}

/// A reply to a login request.
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
        let message = self.message;
        let value = |name, field: Lenient| environment_value(reply, name, field.secret());
        let mut variables = vec![
            ("TLOPO_GAMESERVER", value("gameserver", self.gameserver)?),
            ("TLOPO_PLAYCOOKIE", value("token", self.token)?),
        ];
        if self.dist.text().is_some() {
            variables.push(("TLOPO_DIST", value("dist", self.dist)?));
        }
        Ok(Ticket::new(variables).with_message(message.text()))
    }

    fn question(&self, sent: &Sent) -> Question {
        Question {
            kind: QuestionKind::Code,
            message: self.message(),
            again: sent.code,
        }
    }

    /// Returns the error for a status that ends the login.
    fn error(&self, status: i64, reply: &Reply) -> Error {
        let message = self.message();
        let message = message.with_code(ServerCode::Number(status), meaning(status));
        match status {
            0 | 2 => Error::ServerFailed {
                status: None,
                message,
            },
            1 => Error::Refused(Refusal::Credentials, message),
            4 | 6 | 8 | 9 => Error::Refused(Refusal::Account, message),
            5 => Error::Closed(message),
            10 => Error::TryLater {
                retry_after: reply.retry_after.or(Some(TOO_FAST_PAUSE)),
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

/// Returns what a status of the document means.
const fn meaning(status: i64) -> Option<&'static str> {
    Some(match status {
        0 => "the server does not know what went wrong",
        1 => "the name or the password is wrong",
        2 => "the server has an error",
        4 => "the account is banned or disabled",
        5 => "the servers are closed",
        6 => "this IP address is banned",
        8 => "the e-mail address of the account is not verified",
        9 => "the account has no playtime",
        10 => "there were several logins within a minute",
        11 => "the login comes from an unknown place",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
