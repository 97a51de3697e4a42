//! The interface that maintained clients use (seen 2022 to 2026).
//!
//! ```text
//!                 username, password, friendly
//!   Registration ─────────────────────────────▶ Sent::Registration ◀──┐ password
//!                                                 │ launcher token      │
//!                              metadata           ▼
//!        Sent::Metadata ◀──────────────── Keep(Launcher)     Forget(SignedOut)
//!          ▲   Launcher with a kept token                         ▲
//!          │                                     its bad_token ───┘
//!          │ game server, or none
//!          ├── the player wants an update: Update(Entry) ──┐
//!          │   login                                       │ login
//!          └──────────▶ Sent::Login ◀──────────────────────┘
//!                         ├── busy: Wait(Entry), then Sent::Login again
//!                         └── Done
//!   anywhere: bad_token of a new token, toonstep, status: false ──▶ over
//! ```
//!
//! The game's makers forbid clients to store the password, so it is sent once, in return for a launcher token, and no
//! state after that holds it. The launcher token is kept before it is used: a failure later would waste it.

mod answer;
mod entry;
mod returning;

use super::{Credential, LoginParameters, Ttcc, Wish, files};
use crate::base::secret::Secret;
use crate::protocol::{Error, Fields, LauncherToken, Reply, Request, Step};
use answer::Answer;
pub use entry::Entry;
pub use returning::SignedOut;

const REGISTER: &str = "/api/launcher/v1/register";
const METADATA: &str = "/api/launcher/v1/metadata";
const REVOKE: &str = "/api/launcher/v1/revoke_self";
/// The realm that people play in. The game server drops players whose login did not name it.
pub(super) const REALM: &str = "production";
const GAME_SERVER: &str = "gs-prd.corporateclash.net:7198";
/// The longest friendly name.
const LONGEST_NAME: usize = 100;

/// A login that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    password: Secret,
    who: Who,
}

/// Who logs in, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Who {
    username: Secret,
    friendly: Secret,
    wish: Wish,
    /// Whether the servers that the files are on are to be found in the metadata.
    updates: bool,
}

/// A request is on its way.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// The password, for a launcher token.
    Registration(Registered),
    /// The question where the game server is.
    Metadata(Launcher),
    /// The question for a play cookie.
    Login(Entry),
}

/// Who was registered.
#[derive(Debug, PartialEq, Eq)]
pub struct Registered(Who);

/// A launcher that is signed in: its token stands for the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    token: Secret,
    /// Whether the token was kept from an earlier login, so that it may be no longer good.
    returns: bool,
    who: Who,
}

/// A login of this interface: with a kept token if there is one, else with the password.
pub(super) fn login(player: LoginParameters) -> Ttcc {
    let who = Who {
        username: Secret::new(player.username),
        friendly: Secret::new(friendly(&player.nonce)),
        wish: Wish {
            elsewhere: player.elsewhere,
            toon_slot: player.toon_slot,
        },
        updates: player.updates,
    };
    match player.proof {
        Credential::Password(password) => Ttcc::Current(Registration { password, who }),
        Credential::Token(token) => Ttcc::Returning(Launcher {
            token,
            returns: true,
            who,
        }),
    }
}

/// What makes a launcher token worthless.
pub(super) fn revoke(token: &Secret) -> Request {
    Request {
        headers: sign(token),
        ..Request::form(REVOKE, Fields::new())
    }
}

fn sign(token: &Secret) -> Fields {
    let bearer = format!("Bearer {}", token.reveal());
    vec![("Authorization", Secret::new(bearer))]
}

/// The name that the account's page on the website lists this launcher under.
fn friendly(nonce: &str) -> String {
    let name = "playcookie-".chars().chain(nonce.chars());
    name.filter(char::is_ascii_graphic)
        .take(LONGEST_NAME)
        .collect()
}

impl Registration {
    pub(super) fn begin(self) -> (Request, Sent) {
        let fields = vec![
            ("username", self.who.username.clone()),
            ("password", self.password),
            ("friendly", self.who.friendly.clone()),
        ];
        (
            Request::json(REGISTER, fields),
            Sent::Registration(Registered(self.who)),
        )
    }
}

impl Launcher {
    /// Asks where the game server is.
    pub(super) fn look_around(self) -> (Request, Sent) {
        let request = Request {
            headers: self.sign(),
            ..Request::get(METADATA)
        };
        (request, Sent::Metadata(self))
    }

    /// Where it asks to be let in, which the answer may not say.
    fn go_to(self, hostname: Option<Secret>) -> Entry {
        let usual = || self.who.wish.gameserver(GAME_SERVER);
        Entry {
            gameserver: hostname.unwrap_or_else(usual),
            launcher: self,
            tries: 0,
        }
    }

    fn sign(&self) -> Fields {
        sign(&self.token)
    }
}

impl Sent {
    pub(super) fn reply(self, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        match self {
            Self::Registration(registered) => registered.reply(reply),
            Self::Metadata(launcher) => match launcher.hear(answer::hostname(reply)) {
                Ok(hostname) if launcher.who.updates => {
                    let mirrors = files::mirrors(reply)?;
                    Ok(Step::Update(mirrors, launcher.go_to(hostname)))
                }
                Ok(hostname) => {
                    let (request, sent) = launcher.go_to(hostname).status_request();
                    Ok(Step::Send(request, crate::games::ttcc::Sent::Current(sent)))
                }
                Err(hearing) => hearing.step(),
            },
            Self::Login(entry) => match entry.launcher.hear(Answer::of(reply)) {
                Ok(answer) => match answer.busy() {
                    Some(message) => entry.come_back(message, reply),
                    None => Ok(Step::Done(entry.ticket(answer.token(reply)?))),
                },
                Err(hearing) => hearing.step(),
            },
        }
    }
}

impl Registered {
    fn reply(self, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        let answer = Answer::of(reply)?;
        if let Some(message) = answer.busy() {
            // Another try would post the password again.
            let retry_after = reply.retry_after;
            return Err(Error::TryLater {
                retry_after,
                message,
            });
        }
        let token = answer.token(reply)?;
        if !token.reveal().is_ascii() {
            return Err(reply.not_understood("has a token that no header can carry"));
        }
        let launcher = Launcher {
            token,
            returns: false,
            who: self.0,
        };
        let launcher_token = LauncherToken {
            token: launcher.token.clone(),
            revocation: revoke(&launcher.token),
        };
        Ok(Step::Store(launcher_token, launcher))
    }
}

#[cfg(test)]
mod tests;
