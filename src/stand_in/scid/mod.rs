//! The stand-in server for Supercell ID, with both interfaces.
//!
//! No e-mail is sent, so the response to a request for a PIN contains it: `{"ok":true,"rehearsal_pin":"012345"}`.

mod pins;
mod sample_data;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::{LoginRefusal, Scenario, ServerRequest, ServerResponse, StandIn, token};
use pins::{PinError, Pins};

/// The roots of both interfaces.
const ROOTS: [&str; 2] = ["/api/ingame/account/", "/api/account/"];
/// The paths below each root.
const CALLS: [&str; 6] = [
    "login",
    "login.validate",
    "login.confirm",
    "links.get",
    "settings.get",
    "settings.set",
];
/// The games with Supercell ID.
const GAMES: [&str; 6] = ["soil", "magic", "reef", "scroll", "laser", "squad"];

/// The state of the stand-in server.
#[derive(Debug)]
pub struct Scid {
    scenario: Scenario,
    pins: Pins,
    sessions: HashMap<String, Session>,
    violations: Vec<String>,
}

/// The login that a pair of tokens belongs to.
#[derive(Debug, Clone)]
struct Session {
    scid_token: String,
    game: String,
    marketing: bool,
    changed: &'static str,
}

impl Scid {
    /// Creates a server for a scenario.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            pins: Pins::default(),
            sessions: HashMap::new(),
            violations: Vec::new(),
        }
    }

    fn request_pin(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let Some([email, game, env, lang]) = request.exact_fields(["email", "game", "env", "lang"])
        else {
            return self.reject("the fields were not those of a request for a PIN");
        };
        if email.is_empty() || !GAMES.contains(&game) || env != "prod" {
            return self.reject("a PIN was requested without an address or for an unknown game");
        }
        if lang.len() != 2 || !lang.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return self.reject("the language of a request for a PIN did not have two letters");
        }
        match self.scenario.refuse {
            Some(LoginRefusal::Closed) => return failure("maintenance"),
            Some(LoginRefusal::Busy) => return failure("rate_limited"),
            Some(LoginRefusal::Password | LoginRefusal::Banned) | None => {}
        }
        match self.pins.request(email, game, now) {
            Ok(pin) => ServerResponse::json(&json!({ "ok": true, "rehearsal_pin": pin })),
            Err(violation) => self.reject(&violation),
        }
    }

    /// Checks the PIN of a request, and returns its address and game.
    fn check(
        &mut self,
        request: &ServerRequest,
        now: Duration,
    ) -> Result<(String, String), ServerResponse> {
        let Some([email, pin]) = request.exact_fields(["email", "pin"]) else {
            return Err(self.reject("the fields were not those that go with a PIN"));
        };
        match self.pins.check(email, pin, now) {
            Ok(game) => Ok((email.to_owned(), game)),
            Err(PinError::Incorrect) => Err(failure("incorrect_pin")),
            Err(PinError::Violation(what)) => Err(self.reject(what)),
        }
    }

    fn validate(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        match self.check(request, now) {
            Err(answer) => answer,
            Ok(_) if self.scenario.refuse == Some(LoginRefusal::Banned) => {
                failure("account_banned")
            }
            Ok(_) if self.scenario.refuse.is_some() => failure("binding_not_found"),
            Ok((email, game)) => success(&json!({
                "email": email,
                "isValid": true,
                "isBound": true,
                "application": sample_data::profile("application", &format!("{game}-prod")),
                "system": sample_data::profile("system", &game),
            })),
        }
    }

    /// Issues tokens for a PIN, once.
    fn confirm(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let (email, game) = match self.check(request, now) {
            Err(answer) => return answer,
            Ok(_) if self.scenario.refuse.is_some() => {
                return self.reject("a PIN without an account was confirmed");
            }
            Ok(checked) => checked,
        };
        self.pins.mark_used(&email);
        let (scid, scid_token) = (sample_data::jwt(&game), sample_data::jwt(&game));
        let answer = success(&json!({
            "scid": scid,
            "scidToken": scid_token,
            "bindToken": token(),
            "email": email,
            "pid": sample_data::PID,
        }));
        let session = Session {
            scid_token,
            game,
            marketing: false,
            changed: sample_data::CREATED,
        };
        self.sessions.insert(scid, session);
        answer
    }

    /// Returns the session of a request with both of its tokens.
    fn session(&mut self, request: &ServerRequest) -> Option<&mut Session> {
        let bearer = request.authorization.strip_prefix("Bearer ")?;
        let shown = request.fields.iter().find(|(name, _)| name == "scid_token");
        let session = self.sessions.get_mut(bearer)?;
        shown
            .is_some_and(|(_, token)| *token == session.scid_token)
            .then_some(session)
    }

    fn links(&mut self, request: &ServerRequest) -> ServerResponse {
        if request.exact_fields(["scid_token"]).is_none() {
            return self.reject("the fields were not those of a read request");
        }
        match self.session(request) {
            Some(session) => success(&sample_data::links(&session.game)),
            None => unauthorized(),
        }
    }

    fn settings(&mut self, request: &ServerRequest) -> ServerResponse {
        if request.exact_fields(["scid_token"]).is_none() {
            return self.reject("the fields were not those of a read request");
        }
        match self.session(request) {
            Some(session) => success(&session.settings()),
            None => unauthorized(),
        }
    }

    fn set(&mut self, request: &ServerRequest) -> ServerResponse {
        let marketing = match request.exact_fields(["scid_token", "accept_marketing"]) {
            Some([_, "true"]) => true,
            Some([_, "false"]) => false,
            _ => return self.reject("the fields were not those of a change of settings"),
        };
        let Some(session) = self.session(request) else {
            return unauthorized();
        };
        session.marketing = marketing;
        session.changed = sample_data::CHANGED;
        success(&session.settings())
    }

    fn reject(&mut self, what: &str) -> ServerResponse {
        self.violations.push(what.to_owned());
        let refusal = json!({ "ok": false, "error": "bad_request" });
        ServerResponse::new(400, refusal.to_string())
    }
}

impl Session {
    fn settings(&self) -> Value {
        sample_data::settings(self.marketing, self.changed)
    }
}

fn success(data: &Value) -> ServerResponse {
    ServerResponse::json(&json!({ "ok": true, "data": data }))
}

fn failure(word: &str) -> ServerResponse {
    ServerResponse::json(&json!({ "ok": false, "error": word }))
}

/// Returns the response to wrong tokens, which is not JSON.
fn unauthorized() -> ServerResponse {
    ServerResponse::new(401, "Unauthorized".to_owned())
}

/// Returns the call of a path.
fn call(path: &str) -> Option<&'static str> {
    let below = ROOTS.iter().find_map(|root| path.strip_prefix(root))?;
    CALLS.into_iter().find(|call| *call == below)
}

impl StandIn for Scid {
    fn serves(&self, path: &str) -> bool {
        call(path).is_some()
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        if let Some(violation) = request.user_agent_violation() {
            return self.reject(violation);
        }
        if request.method != "POST"
            || request.content_type != "application/x-www-form-urlencoded"
            || !request.query.is_empty()
        {
            return self.reject("the request was not a POST with a form");
        }
        match call(&request.path) {
            Some("login") => self.request_pin(request, now),
            Some("login.validate") => self.validate(request, now),
            Some("login.confirm") => self.confirm(request, now),
            Some("links.get") => self.links(request),
            Some("settings.get") => self.settings(request),
            Some("settings.set") => self.set(request),
            _ => self.reject("there is nothing at that path"),
        }
    }

    fn violations(&self) -> &[String] {
        &self.violations
    }
}

#[cfg(test)]
mod tests;
