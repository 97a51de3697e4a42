//! The interface of the published document (2018, with the numbers that later documents added).
//!
//! ```text
//!                 username, password
//!   Credentials ──────────────────────▶ Sent ──▶ status: true  ──▶ Done
//!                                                        false ──▶ over
//! ```

use serde::Deserialize;

use super::{LoginParameters, Wish, refusal};
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
    wish: Wish,
}

/// Name and password are on their way.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    wish: Wish,
}

impl From<LoginParameters> for Credentials {
    fn from(player: LoginParameters) -> Self {
        Self {
            username: Secret::new(player.username),
            password: player.proof.into_secret(),
            wish: Wish {
                elsewhere: player.elsewhere,
                toon_slot: player.toon_slot,
            },
        }
    }
}

impl Credentials {
    pub(super) fn begin(self) -> (Request, Sent) {
        let fields = vec![("username", self.username), ("password", self.password)];
        (Request::json(LOGIN, fields), Sent { wish: self.wish })
    }
}

impl Sent {
    /// The boolean decides, not the number: later documents changed the number of a success.
    pub(super) fn reply(self, reply: &Reply) -> Result<Ticket, Error> {
        let answer: Answer = reply.read()?;
        match answer.status.flag() {
            Some(true) => {
                environment_value(reply, "token", answer.token.secret()).map(|it| self.ticket(it))
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
            ("TT_GAMESERVER", self.wish.gameserver(GAME_SERVER)),
        ];
        self.wish.choose_toon(&mut variables);
        Ticket::new(variables)
    }
}

/// The answer; its `token` is empty unless `status` is true.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    status: Lenient,
    reason: Lenient,
    friendlyreason: Lenient,
    token: Lenient,
}
