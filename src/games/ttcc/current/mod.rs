//! The interface that maintained clients use (observed from 2022 to 2026).
//!
//! ```text
//!                 username, password, friendly
//!   Registration ─────────────────────────────▶ Sent::Registration ◀──┐ password
//!                                                 │ launcher token      │
//!                              metadata           ▼                     │
//!        Sent::Metadata ◀────────── Store(LauncherSession)   DeleteToken(PasswordQuestion)
//!          ▲   LauncherSession with a stored token                ▲
//!          │                                     its bad_token ───┘
//!          │ game server, or none
//!          ├── update wanted: Update(GameLogin) ───────────┐
//!          │   login                                       │ login
//!          └──────────▶ Sent::Login ◀──────────────────────┘
//!                         ├── busy: Wait(GameLogin), then Sent::Login again
//!                         └── Done
//!   anywhere: bad_token of a new token, toonstep, status: false ──▶ Error
//! ```
//!
//! The game's makers forbid clients to store the password. It is sent once, in exchange for a launcher token, and no later
//! state contains it. The launcher token is stored before it is used, so that it is not lost when a later request fails.

mod answer;
mod game_login;
mod password_question;

use super::{Credential, LoginParameters, REALM, StartOptions, Ttcc, files};
use crate::base::secret::Secret;
use crate::protocol::{
    Error, Fields, LauncherToken, Question, QuestionKind, Refusal, Reply, Request, Step, Ticket,
};
use answer::Answer;
pub use game_login::GameLogin;
pub use password_question::PasswordQuestion;

const REGISTER: &str = "/api/launcher/v1/register";
const METADATA: &str = "/api/launcher/v1/metadata";
const REVOKE: &str = "/api/launcher/v1/revoke_self";
const GAME_SERVER: &str = "gs-prd.corporateclash.net:7198";
/// The maximum length of a friendly name.
const MAX_NAME: usize = 100;

/// A login with a password that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    password: Secret,
    account: Account,
}

/// The account and the options of a login, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    username: Secret,
    friendly_name: Secret,
    options: StartOptions,
    wants_update: bool,
}

/// A request was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// The password, in exchange for a launcher token.
    Registration(Account),
    /// The request for the game server and the download servers.
    Metadata(LauncherSession),
    /// The request for a play cookie.
    Login(GameLogin),
}

/// An account with a launcher token that replaces its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LauncherSession {
    token: Secret,
    /// Whether the token was stored by an earlier login, so that it may be invalid.
    is_stored: bool,
    account: Account,
}

/// Creates a login of this interface, with the password or with a stored token.
pub(super) fn login(parameters: LoginParameters) -> Ttcc {
    let account = Account {
        username: Secret::new(parameters.username),
        friendly_name: Secret::new(friendly_name(&parameters.nonce)),
        options: StartOptions {
            fallback_gameserver: parameters.fallback_gameserver,
            toon_slot: parameters.toon_slot,
        },
        wants_update: parameters.wants_update,
    };
    match parameters.credential {
        Credential::Password(password) => Ttcc::Registration(Registration { password, account }),
        Credential::Token(token) => Ttcc::Session(LauncherSession {
            token,
            is_stored: true,
            account,
        }),
    }
}

/// Returns the request that makes a launcher token invalid.
pub(super) fn revocation(token: &Secret) -> Request {
    Request {
        headers: authorization(token),
        ..Request::form(REVOKE, Fields::new())
    }
}

fn authorization(token: &Secret) -> Fields {
    let bearer = format!("Bearer {}", token.reveal());
    vec![("Authorization", Secret::new(bearer))]
}

/// Returns the name under which the game's website lists this launcher.
fn friendly_name(nonce: &str) -> String {
    let name = "playcookie-".chars().chain(nonce.chars());
    name.filter(char::is_ascii_graphic).take(MAX_NAME).collect()
}

impl Registration {
    pub(super) fn begin(self) -> (Request, Sent) {
        let fields = vec![
            ("username", self.account.username.clone()),
            ("password", self.password),
            ("friendly", self.account.friendly_name.clone()),
        ];
        (
            Request::json(REGISTER, fields),
            Sent::Registration(self.account),
        )
    }
}

impl Account {
    /// Reads the reply to a registration.
    fn registration_reply(self, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        let answer = Answer::read(reply)?;
        if let Some(message) = answer.busy() {
            // A registration is not repeated, because it would send the password again.
            let retry_after = reply.retry_after;
            return Err(Error::TryLater {
                retry_after,
                message,
            });
        }
        let token = answer.token(reply)?;
        if !token.reveal().is_ascii() {
            return Err(reply.not_understood("has a token that is not ASCII"));
        }
        let launcher_token = LauncherToken {
            token: token.clone(),
            revocation: revocation(&token),
        };
        let session = LauncherSession {
            token,
            is_stored: false,
            account: self,
        };
        Ok(Step::Store(launcher_token, session))
    }
}

impl LauncherSession {
    /// Returns the request for the metadata.
    pub(super) fn request_metadata(self) -> (Request, Sent) {
        let request = Request {
            headers: authorization(&self.token),
            ..Request::get(METADATA)
        };
        (request, Sent::Metadata(self))
    }

    /// Creates the login at the game server that the metadata name, or at the default one.
    fn game_login(self, hostname: Option<Secret>) -> GameLogin {
        let default = || self.account.options.gameserver(GAME_SERVER);
        GameLogin {
            gameserver: hostname.unwrap_or_else(default),
            session: self,
            tries: 0,
        }
    }

    /// Returns the step after an error: a stored token that the server refuses is replaced, any other error ends the login.
    fn step_after(self, error: Error) -> Result<Step<Ttcc>, Error> {
        match error {
            Error::Refused(Refusal::SignedOut, message) if self.is_stored => {
                let question = Question {
                    kind: QuestionKind::Password,
                    message,
                    again: false,
                };
                Ok(Step::DeleteToken(question, PasswordQuestion(self.account)))
            }
            error => Err(error),
        }
    }
}

impl Sent {
    pub(super) fn reply(self, reply: &Reply) -> Result<Step<Ttcc>, Error> {
        match self {
            Self::Registration(account) => account.registration_reply(reply),
            Self::Metadata(session) => match answer::hostname(reply) {
                Ok(hostname) if session.account.wants_update => {
                    let mirrors = files::mirrors(reply)?;
                    Ok(Step::Update(mirrors, session.game_login(hostname)))
                }
                Ok(hostname) => {
                    let (request, sent) = session.game_login(hostname).request();
                    Ok(Step::Send(request, crate::games::ttcc::Sent::Current(sent)))
                }
                Err(error) => session.step_after(error),
            },
            Self::Login(login) => match Answer::read(reply) {
                Ok(answer) => {
                    if let Some(message) = answer.busy() {
                        return login.wait(message, reply);
                    }
                    let message = answer.message();
                    let ticket = login.ticket(answer.token(reply)?);
                    Ok(Step::Done(Ticket { message, ..ticket }))
                }
                Err(error) => login.session.step_after(error),
            },
        }
    }
}

#[cfg(test)]
mod tests;
