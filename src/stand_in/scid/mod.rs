//! The stand-in for Supercell ID's servers, at both of its roots.
//!
//! No e-mail is sent, so the answer to a request for a PIN shows it: `{"ok":true,"rehearsal_pin":"012345"}`.

mod mint;
mod pins;

use std::collections::HashMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Received, Scenario, StandIn, token};
use crate::protocol::Reply;
use pins::{Pins, Refused};

/// The two roots, the longer one first: the other is the beginning of it.
const ROOTS: [&str; 2] = ["/api/ingame/account/", "/api/account/"];
/// What is below each of them.
const CALLS: [&str; 6] = [
    "login",
    "login.validate",
    "login.confirm",
    "links.get",
    "settings.get",
    "settings.set",
];
/// The games that there are.
const GAMES: [&str; 6] = ["soil", "magic", "reef", "scroll", "laser", "squad"];

/// Everything that the servers remember.
#[derive(Debug)]
pub struct Scid {
    scenario: Scenario,
    pins: Pins,
    sessions: HashMap<String, Session>,
    complaints: Vec<String>,
}

/// Somebody who has tokens.
#[derive(Debug, Clone)]
struct Session {
    scid_token: String,
    game: String,
    marketing: bool,
    changed: &'static str,
}

/// The PIN that a reply of the stand-in shows; a real server's reply shows none.
pub fn shown_pin(reply: &Reply) -> Option<String> {
    #[derive(Deserialize)]
    struct Shown {
        rehearsal_pin: String,
    }
    let shown: Shown = serde_json::from_slice(reply.bytes()).ok()?;
    Some(shown.rehearsal_pin)
}

impl Scid {
    /// Servers where `scenario` happens.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            pins: Pins::default(),
            sessions: HashMap::new(),
            complaints: Vec::new(),
        }
    }

    fn request_pin(&mut self, request: &Received, now: Duration) -> Answer {
        let Some([email, game, env, lang]) = request.exactly(["email", "game", "env", "lang"])
        else {
            return self.complain("the fields were not those of a request for a PIN");
        };
        if email.is_empty() || !GAMES.contains(&game) || env != "prod" {
            return self.complain("a PIN was requested for no address or an unknown game");
        }
        if lang.len() != 2 || !lang.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return self.complain("a PIN was requested in a language that has not two letters");
        }
        match self.pins.request(email, game, now) {
            Ok(pin) => Answer::json(&json!({ "ok": true, "rehearsal_pin": pin })),
            Err(rude) => self.complain(&rude),
        }
    }

    /// The address of a PIN, and the game that it was requested for.
    fn check(&mut self, request: &Received, now: Duration) -> Result<(String, String), Answer> {
        let Some([email, pin]) = request.exactly(["email", "pin"]) else {
            return Err(self.complain("the fields were not those that go with a PIN"));
        };
        match self.pins.check(email, pin, now) {
            Ok(game) => Ok((email.to_owned(), game)),
            Err(Refused::Incorrect) => Err(no("incorrect_pin")),
            Err(Refused::Rude(what)) => Err(self.complain(what)),
        }
    }

    fn validate(&mut self, request: &Received, now: Duration) -> Answer {
        match self.check(request, now) {
            Err(answer) => answer,
            Ok(_) if self.scenario.refuse => no("binding_not_found"),
            Ok((email, game)) => yes(&json!({
                "email": email,
                "isValid": true,
                "isBound": true,
                "application": mint::profile("application", &format!("{game}-prod")),
                "system": mint::profile("system", &game),
            })),
        }
    }

    /// Trades a PIN for tokens, once.
    fn confirm(&mut self, request: &Received, now: Duration) -> Answer {
        let (email, game) = match self.check(request, now) {
            Err(answer) => return answer,
            Ok(_) if self.scenario.refuse => {
                return self.complain("a PIN was confirmed that belongs to nobody");
            }
            Ok(checked) => checked,
        };
        self.pins.used(&email);
        let (scid, scid_token) = (mint::jwt(&game), mint::jwt(&game));
        let answer = yes(&json!({
            "scid": scid,
            "scidToken": scid_token,
            "bindToken": token(),
            "email": email,
            "pid": mint::PID,
        }));
        let session = Session {
            scid_token,
            game,
            marketing: false,
            changed: mint::CREATED,
        };
        self.sessions.insert(scid, session);
        answer
    }

    /// The session of a request that shows both of its tokens.
    fn session(&mut self, request: &Received) -> Option<&mut Session> {
        let bearer = request.authorization.strip_prefix("Bearer ")?;
        let shown = request.fields.iter().find(|(name, _)| name == "scid_token");
        let session = self.sessions.get_mut(bearer)?;
        shown
            .is_some_and(|(_, token)| *token == session.scid_token)
            .then_some(session)
    }

    fn links(&mut self, request: &Received) -> Answer {
        if request.exactly(["scid_token"]).is_none() {
            return self.complain("the fields were not those of a question");
        }
        match self.session(request) {
            Some(session) => yes(&mint::links(&session.game)),
            None => unauthorized(),
        }
    }

    fn settings(&mut self, request: &Received) -> Answer {
        if request.exactly(["scid_token"]).is_none() {
            return self.complain("the fields were not those of a question");
        }
        match self.session(request) {
            Some(session) => yes(&session.settings()),
            None => unauthorized(),
        }
    }

    fn set(&mut self, request: &Received) -> Answer {
        let wanted = match request.exactly(["scid_token", "accept_marketing"]) {
            Some([_, "true"]) => true,
            Some([_, "false"]) => false,
            _ => return self.complain("the fields were not those of a change of settings"),
        };
        let Some(session) = self.session(request) else {
            return unauthorized();
        };
        session.marketing = wanted;
        session.changed = mint::CHANGED;
        yes(&session.settings())
    }

    fn complain(&mut self, what: &str) -> Answer {
        self.complaints.push(what.to_owned());
        let refusal = json!({ "ok": false, "error": "bad_request" });
        Answer::new(400, refusal.to_string())
    }
}

impl Session {
    fn settings(&self) -> Value {
        mint::settings(self.marketing, self.changed)
    }
}

fn yes(data: &Value) -> Answer {
    Answer::json(&json!({ "ok": true, "data": data }))
}

fn no(word: &str) -> Answer {
    Answer::json(&json!({ "ok": false, "error": word }))
}

/// The one answer that is no JSON.
fn unauthorized() -> Answer {
    Answer::new(401, "Unauthorized".to_owned())
}

/// The call that a path names.
fn call(path: &str) -> Option<&'static str> {
    let below = ROOTS.iter().find_map(|root| path.strip_prefix(root))?;
    CALLS.into_iter().find(|call| *call == below)
}

impl StandIn for Scid {
    fn serves(&self, path: &str) -> bool {
        call(path).is_some()
    }

    fn answer(&mut self, request: &Received, now: Duration) -> Answer {
        if let Some(wrong) = request.is_anonymous() {
            return self.complain(wrong);
        }
        if request.method != "POST"
            || request.content_type != "application/x-www-form-urlencoded"
            || !request.query.is_empty()
        {
            return self.complain("a request was not a form that is posted");
        }
        match call(&request.path) {
            Some("login") => self.request_pin(request, now),
            Some("login.validate") => self.validate(request, now),
            Some("login.confirm") => self.confirm(request, now),
            Some("links.get") => self.links(request),
            Some("settings.get") => self.settings(request),
            Some("settings.set") => self.set(request),
            _ => self.complain("there is nothing at that path"),
        }
    }

    fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

#[cfg(test)]
mod tests;
