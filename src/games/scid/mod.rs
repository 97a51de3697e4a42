//! Supercell ID, after its published document (2022, with the additions seen since): the pure part.
//!
//! ```text
//!   email, game ──▶ code requested ── PIN, by e-mail ──▶ validated ──▶ confirmed ──▶ Tokens
//!                                                        who it is     the same PIN    │
//!                                                                         links, settings
//! ```
//!
//! A sibling of [`Login`](crate::protocol::Login): it shows who it is before it keeps anything, and ends in tokens that
//! are kept, not in a ticket that starts a game. Each call is a pair: [`Service`] writes the request, a function reads
//! the reply.

pub mod answer;
pub mod catalog;
pub mod driver;
mod envelope;
pub mod jwt;
pub mod pacing;
pub mod pin;
pub mod tag;
pub mod tokens;
pub mod variables;

use super::Interface;
use crate::base::secret::Secret;
use crate::protocol::{Fields, Request};
use catalog::{ENV, Game};
use pin::Pin;
use tokens::Tokens;

/// The word on the command line and in events.
pub const ID: &str = "scid";
/// The name for people.
pub const NAME: &str = "Supercell ID";

/// What makers of things for fans have to say.
pub const NOTICE: &str = "playcookie is made by fans: it is not affiliated with, endorsed, sponsored, or specifically \
    approved by Supercell.";
/// What a player should know who waits for a PIN: the server says yes even when it sends none.
pub const UNSIGNED: &str = "Supercell's apps sign their requests and playcookie does not, so the server may agree and \
    send no e-mail. If none comes, asking again will not help; what needs no server still works: whoami, tag, games, \
    play and token import.";
/// What to say once a request for a PIN was answered. Nobody knows whether a code was sent.
pub const REQUESTED: &str = "code requested";
/// What to say where a PIN is typed.
pub const PIN_WARNING: &str =
    "Type the PIN only here: nobody from Supercell will ever ask you for it.";

/// The servers, after one of the two descriptions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Service {
    interface: Interface,
}

/// Where the calls are, below the host.
struct Paths {
    login: &'static str,
    validate: &'static str,
    confirm: &'static str,
    links: &'static str,
    settings: &'static str,
    set_settings: &'static str,
}

const CURRENT: Paths = Paths {
    login: "/api/ingame/account/login",
    validate: "/api/ingame/account/login.validate",
    confirm: "/api/ingame/account/login.confirm",
    links: "/api/ingame/account/links.get",
    settings: "/api/ingame/account/settings.get",
    set_settings: "/api/ingame/account/settings.set",
};

const DOCUMENTED: Paths = Paths {
    login: "/api/account/login",
    validate: "/api/account/login.validate",
    confirm: "/api/account/login.confirm",
    links: "/api/account/links.get",
    settings: "/api/account/settings.get",
    set_settings: "/api/account/settings.set",
};

impl Service {
    /// The servers, after `interface`.
    pub const fn new(interface: Interface) -> Self {
        Self { interface }
    }

    /// Scheme and host. What else belongs to the root is in the paths of the requests, so that another host can take
    /// its place.
    pub const fn origin(self) -> &'static str {
        match self.interface {
            Interface::Current => "https://id.supercell.com",
            Interface::Documented => "https://ingame.id.supercell.com",
        }
    }

    const fn paths(self) -> &'static Paths {
        match self.interface {
            Interface::Current => &CURRENT,
            Interface::Documented => &DOCUMENTED,
        }
    }

    /// Asks for a PIN for `game` to be sent to `email`, in the language of a two-letter code (ISO 639-1). The reply is
    /// read by [`answer::code_requested`].
    pub fn request_code(self, email: &str, game: &Game, lang: &str) -> Request {
        let fields = vec![
            ("email", Secret::new(email)),
            ("game", Secret::new(game.code)),
            ("env", Secret::new(ENV)),
            ("lang", Secret::new(lang)),
        ];
        Request::form(self.paths().login, fields)
    }

    /// Asks whose PIN it is, which does not use it up. The reply is read by [`answer::validated`].
    pub fn validate(self, email: &str, pin: &Pin) -> Request {
        Request::form(self.paths().validate, credentials(email, pin))
    }

    /// Trades the PIN for tokens. The reply is read by [`answer::confirmed`].
    pub fn confirm(self, email: &str, pin: &Pin) -> Request {
        Request::form(self.paths().confirm, credentials(email, pin))
    }

    /// Asks which games are linked. The reply is read by [`answer::linked`].
    pub fn links(self, tokens: &Tokens) -> Request {
        signed_in(self.paths().links, tokens)
    }

    /// Asks for the settings. The reply is read by [`answer::settings_read`].
    pub fn settings(self, tokens: &Tokens) -> Request {
        signed_in(self.paths().settings, tokens)
    }

    /// Switches advertising by e-mail on or off. The reply is read by [`answer::settings_read`].
    pub fn set_marketing(self, tokens: &Tokens, wanted: bool) -> Request {
        let mut request = signed_in(self.paths().set_settings, tokens);
        let wanted = Secret::new(wanted.to_string());
        request.fields.push(("accept_marketing", wanted));
        request
    }
}

fn credentials(email: &str, pin: &Pin) -> Fields {
    vec![("email", Secret::new(email)), ("pin", pin.secret().clone())]
}

/// A request of somebody who has tokens: one goes into the header, the other into the form.
fn signed_in(path: &'static str, tokens: &Tokens) -> Request {
    let bearer = Secret::new(["Bearer ", tokens.scid().reveal()].concat());
    let fields = vec![("scid_token", tokens.scid_token().clone())];
    Request {
        headers: vec![("authorization", bearer)],
        ..Request::form(path, fields)
    }
}

#[cfg(test)]
mod tests;
