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
//!          │   login                        ┌── busy: Wait(Entry)
//!          └──────────▶ Sent::Login ────────┤      (back to Sent::Login)
//!                                           └── Done
//!   anywhere: bad_token of a new token, toonstep, status: false ──▶ over
//! ```
//!
//! The game's makers forbid clients to store the password, so it is sent once, in return for a launcher token, and no
//! state after that holds it. The launcher token is kept before it is used: a failure later would waste it.

mod answer;
mod returning;

use std::time::Duration;

use super::{Player, Proof, Ttcc, Wish};
use crate::login::{Error, Fields, Keepsake, Queue, Reply, Request, Step, Ticket, Why, Words};
use crate::secret::Secret;
use answer::Answer;
pub use returning::SignedOut;

const REGISTER: &str = "/api/launcher/v1/register";
const METADATA: &str = "/api/launcher/v1/metadata";
const LOGIN: &str = "/api/launcher/v1/login";
const REVOKE: &str = "/api/launcher/v1/revoke_self";
/// The realm that people play in. The game server drops players whose login did not name it.
pub(super) const REALM: &str = "production";
const GAME_SERVER: &str = "gs-prd.corporateclash.net:7198";
/// The longest pause between tries, in seconds.
const LONGEST_PAUSE: u64 = 60;
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

/// A launcher in front of a game server, that was told to come back so many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    launcher: Launcher,
    gameserver: Secret,
    tries: u32,
}

/// A login of this interface: with a kept token if there is one, else with the password.
pub(super) fn login(player: Player) -> Ttcc {
    let who = Who {
        username: Secret::new(player.username),
        friendly: Secret::new(friendly(&player.nonce)),
        wish: Wish {
            elsewhere: player.elsewhere,
            toon_slot: player.toon_slot,
        },
    };
    match player.proof {
        Proof::Password(password) => Ttcc::Current(Registration { password, who }),
        Proof::Token(token) => Ttcc::Returning(Launcher {
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

impl Entry {
    /// Asks to be let in.
    pub(super) fn knock(self) -> (Request, Sent) {
        let mut headers = self.launcher.sign();
        headers.push(("x-realm", Secret::new(REALM)));
        let request = Request {
            headers,
            ..Request::form(LOGIN, Fields::new())
        };
        (request, Sent::Login(self))
    }

    fn ticket(self, cookie: Secret) -> Ticket {
        let Who { username, wish, .. } = self.launcher.who;
        let mut variables = vec![
            ("TT_PLAYCOOKIE", cookie),
            ("TT_GAMESERVER", self.gameserver),
            ("LAUNCHER_USER", username),
            ("REALM", Secret::new(REALM)),
            ("SENTRY_ENVIRONMENT", Secret::new(REALM)),
        ];
        wish.choose_toon(&mut variables);
        Ticket::new(variables)
    }

    /// The server has too much to do: longer pauses each time, and never a shorter one than it asks for.
    fn come_back(self, words: Words, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        let longest = Duration::from_secs(LONGEST_PAUSE);
        let retry_after = reply.retry_after;
        if retry_after.is_some_and(|asked| asked > longest) {
            return Err(Error::TryLater { retry_after, words });
        }
        let tries = self.tries.saturating_add(1);
        let queue = Queue {
            why: Why::Busy { tries, words },
            position: None,
            eta: None,
            pause: pause(tries).max(retry_after.unwrap_or_default()),
        };
        Ok(Step::Wait(queue, Self { tries, ..self }))
    }
}

/// 2, 4, 8 … seconds.
fn pause(tries: u32) -> Duration {
    let seconds = 1_u64.checked_shl(tries).unwrap_or(LONGEST_PAUSE);
    Duration::from_secs(seconds.min(LONGEST_PAUSE))
}

impl Sent {
    pub(super) fn reply(self, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        match self {
            Self::Registration(registered) => registered.reply(reply),
            Self::Metadata(launcher) => match launcher.hear(answer::hostname(reply)) {
                Ok(hostname) => {
                    let (request, sent) = launcher.go_to(hostname).knock();
                    Ok(Step::Send(request, super::Sent::Current(sent)))
                }
                Err(hearing) => hearing.step(),
            },
            Self::Login(entry) => match entry.launcher.hear(Answer::of(reply)) {
                Ok(answer) => match answer.busy() {
                    Some(words) => entry.come_back(words, reply),
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
        if let Some(words) = answer.busy() {
            // Another try would post the password again.
            let retry_after = reply.retry_after;
            return Err(Error::TryLater { retry_after, words });
        }
        let token = answer.token(reply)?;
        if !token.reveal().is_ascii() {
            return Err(reply.misunderstood("has a token that no header can carry"));
        }
        let launcher = Launcher {
            token,
            returns: false,
            who: self.0,
        };
        let keepsake = Keepsake {
            token: launcher.token.clone(),
            farewell: revoke(&launcher.token),
        };
        Ok(Step::Keep(keepsake, launcher))
    }
}

#[cfg(test)]
mod tests;
