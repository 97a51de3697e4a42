//! The interface of the published document (2018), with the reason numbers of later documents.
//!
//! ```text
//!                 username, password
//!   Credentials ──────────────────────▶ Sent ──▶ status: true  ──▶ Done
//!                                                        false ──▶ Error
//! ```

use serde::Deserialize;

use super::{LoginParameters, StartOptions, refusal};
use crate::base::lenient::Lenient;
use crate::base::secret::Secret;
use crate::protocol::{Error, Reply, Request, Ticket, environment_value};

const LOGIN: &str = "/api/v1/login/";
const GAME_SERVER: &str = "gs.corporateclash.net";

/// A login that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    username: Secret,
    password: Secret,
    options: StartOptions,
}

/// Username and password were sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    options: StartOptions,
}

impl From<LoginParameters> for Credentials {
    fn from(parameters: LoginParameters) -> Self {
        Self {
            username: Secret::new(parameters.username),
            password: parameters.credential.into_secret(),
            options: StartOptions {
                fallback_gameserver: parameters.fallback_gameserver,
                toon_slot: parameters.toon_slot,
            },
        }
    }
}

impl Credentials {
    pub(super) fn begin(self) -> (Request, Sent) {
        let fields = vec![("username", self.username), ("password", self.password)];
        let options = self.options;
        (Request::json(LOGIN, fields), Sent { options })
    }
}

impl Sent {
    /// Reads the reply. Only `status` is decisive: the reason of a success differs between documents.
    pub(super) fn reply(self, reply: &Reply) -> Result<Ticket, Error> {
        let answer: Answer = reply.read()?;
        match answer.status.flag() {
            Some(true) => {
                let cookie = environment_value(reply, "token", answer.token.secret())?;
                Ok(self
                    .ticket(cookie)
                    .with_message(answer.friendlyreason.text()))
            }
            Some(false) => Err(refusal(
                answer.reason.code(),
                answer.friendlyreason.text(),
                reply,
            )),
            None => Err(reply.not_understood("has no status that is true or false")),
        }
    }

    fn ticket(self, cookie: Secret) -> Ticket {
        let mut variables = vec![
            ("TT_PLAYCOOKIE", cookie),
            ("TT_GAMESERVER", self.options.gameserver(GAME_SERVER)),
        ];
        self.options.push_toon_slot(&mut variables);
        Ticket::new(variables)
    }
}

/// The reply; its `token` is empty unless `status` is true.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    status: Lenient,
    reason: Lenient,
    friendlyreason: Lenient,
    token: Lenient,
}
