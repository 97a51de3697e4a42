//! The protocol of Supercell ID, after its published document (2022) and additions observed since.
//!
//! ```text
//!   request_code ── PIN, by e-mail ──▶ validate ──▶ confirm ──▶ Tokens ──▶ links, settings
//!    e-mail, game                      Identity     same PIN
//! ```
//!
//! This is not a [`Login`](crate::protocol::Login): the user sees the account before anything is stored, and the result is
//! tokens, not a ticket. Each call consists of two functions: a method of [`Service`] creates the request, and a function of
//! [`reply`] reads the reply.

pub mod catalog;
pub mod driver;
pub mod jwt;
pub mod pin;
pub mod reply;
mod response;
pub mod tag;
pub mod tokens;
pub mod variables;

use super::Interface;
use crate::base::secret::Secret;
use crate::protocol::{Fields, Request};
use catalog::{AndroidGame, ENV};
use pin::Pin;
use tokens::Tokens;

/// The name on the command line and in events.
pub const ID: &str = "scid";
/// The name in messages.
pub const NAME: &str = "Supercell ID";

/// The notice that Supercell requires of fan projects.
pub const NOTICE: &str = "playcookie is made by fans: it is not affiliated with, endorsed, sponsored, or specifically \
    approved by Supercell.";
/// The notice after a request for a PIN: the server reports success even when it sends no e-mail.
pub const UNSIGNED_NOTICE: &str = "Supercell's apps sign their requests and playcookie does not, so the server may agree and \
    send no e-mail. If none comes, asking again will not help; what needs no server still works: whoami, tag, games, \
    play and token import.";
/// The message after a request for a PIN. It does not say that a code was sent, because that is not known.
pub const REQUESTED: &str = "code requested";
/// The warning at the prompt for a PIN.
pub const PIN_WARNING: &str =
    "Type the PIN only here: nobody from Supercell will ever ask you for it.";

/// The servers of one interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Service {
    interface: Interface,
}

/// The paths of the calls.
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
    /// Returns the servers of an interface.
    pub const fn new(interface: Interface) -> Self {
        Self { interface }
    }

    /// Returns scheme and host. The rest of the documented root is in the paths, so that another origin can replace this one.
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

    /// Requests an e-mail with a PIN for `game` to `email`. `lang` is a two-letter language code (ISO 639-1). The reply is
    /// read by [`reply::read_code_request`].
    pub fn request_code(self, email: &str, game: &AndroidGame, lang: &str) -> Request {
        let fields = vec![
            ("email", Secret::new(email)),
            ("game", Secret::new(game.code)),
            ("env", Secret::new(ENV)),
            ("lang", Secret::new(lang)),
        ];
        Request::form(self.paths().login, fields)
    }

    /// Requests the identity that a PIN belongs to. The PIN stays valid. The reply is read by [`reply::read_identity`].
    pub fn validate(self, email: &str, pin: &Pin) -> Request {
        Request::form(self.paths().validate, credentials(email, pin))
    }

    /// Exchanges the PIN for tokens. The reply is read by [`reply::read_tokens`].
    pub fn confirm(self, email: &str, pin: &Pin) -> Request {
        Request::form(self.paths().confirm, credentials(email, pin))
    }

    /// Requests the linked games. The reply is read by [`reply::read_links`].
    pub fn links(self, tokens: &Tokens) -> Request {
        authorized(self.paths().links, tokens)
    }

    /// Requests the settings. The reply is read by [`reply::read_settings`].
    pub fn settings(self, tokens: &Tokens) -> Request {
        authorized(self.paths().settings, tokens)
    }

    /// Switches advertising by e-mail on or off. The reply is read by [`reply::read_settings`].
    pub fn set_marketing(self, tokens: &Tokens, accept: bool) -> Request {
        let mut request = authorized(self.paths().set_settings, tokens);
        let accept = Secret::new(accept.to_string());
        request.fields.push(("accept_marketing", accept));
        request
    }
}

fn credentials(email: &str, pin: &Pin) -> Fields {
    vec![("email", Secret::new(email)), ("pin", pin.secret().clone())]
}

/// Creates a request with one token in the header and the other in the form.
fn authorized(path: &'static str, tokens: &Tokens) -> Request {
    let bearer = Secret::new(["Bearer ", tokens.scid().reveal()].concat());
    let fields = vec![("scid_token", tokens.scid_token().clone())];
    Request {
        headers: vec![("authorization", bearer)],
        ..Request::form(path, fields)
    }
}

#[cfg(test)]
mod tests;
