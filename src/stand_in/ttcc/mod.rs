//! The stand-in for Toontown: Corporate Clash's servers, with both interfaces.

pub(super) mod files;
mod public;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::json;

use super::motion::Moment;
use super::{Answer, Door, Received, Scenario, StandIn, token};
use crate::base::clock;

/// Where the stand-in game shows its cookie.
const GAME_SERVER: &str = "/gameserver/ttcc";
/// The realm that people play in.
const REALM: &str = "production";
/// More busy answers in a row than a client without endless patience bears teach nothing new.
const MOST_BUSY: u32 = 4;

/// Everything that the servers remember.
#[derive(Debug)]
pub struct Ttcc {
    scenario: Scenario,
    gameserver: String,
    /// Launcher tokens that are good, and whose they are.
    launchers: HashMap<String, Launcher>,
    /// Launcher tokens that were good.
    revoked: HashSet<String>,
    /// Cookies of logins that named no realm, or another.
    strays: HashSet<String>,
    /// How often there is too much to do.
    busy: u32,
    districts_asked: public::Asked,
    door: Door,
    complaints: Vec<String>,
}

/// A launcher as the account's page on the website lists it.
#[derive(Debug)]
struct Launcher {
    username: String,
    friendly: String,
}

impl Ttcc {
    /// Servers where `scenario` happens, with the game server at `gameserver`. There is no line: those in front make
    /// the servers busy.
    pub fn new(scenario: Scenario, gameserver: String) -> Self {
        let (launchers, revoked, strays, door) = Default::default();
        Self {
            scenario,
            gameserver,
            launchers,
            revoked,
            strays,
            busy: scenario.queue.unwrap_or_default().min(MOST_BUSY),
            districts_asked: public::Asked::default(),
            door,
            complaints: Vec::new(),
        }
    }

    /// The documented interface: one request, and a cookie.
    fn log_in_as_documented(&mut self, request: &Received, now: Duration) -> Answer {
        let Some([username, password]) = request.exactly(["username", "password"]) else {
            return self.complain("the fields were not name and password");
        };
        if let Some(wrong) = flaw(request, username, password) {
            return self.complain(wrong);
        }
        if self.scenario.refuse {
            return Answer::json(&json!({
                "status": false,
                "reason": 2,
                "friendlyreason": "That name and password fit no single account.",
                "token": "",
            }));
        }
        let cookie = self.door.cookie(username, now);
        Answer::json(&json!({ "status": true, "reason": 0, "friendlyreason": "", "token": cookie }))
    }

    fn register(&mut self, request: &Received) -> Answer {
        let Some([username, password, friendly]) =
            request.exactly(["username", "password", "friendly"])
        else {
            return self.complain("the fields were not name, password and friendly name");
        };
        if let Some(wrong) = flaw(request, username, password) {
            return self.complain(wrong);
        }
        let printable = |byte: u8| (b' '..=b'~').contains(&byte);
        if !(3..=100).contains(&friendly.len()) || !friendly.bytes().all(printable) {
            return self.complain("the friendly name was not 3 to 100 printable characters");
        }
        let is_taken = |it: &Launcher| it.username == username && it.friendly == friendly;
        if self.launchers.values().any(is_taken) {
            return self.complain("the account has a launcher of that friendly name");
        }
        if self.scenario.refuse {
            return refuse("That name and password are not known here.", false);
        }
        if self.scenario.two_factor {
            return refuse("Approve this place first; in a rehearsal nobody can.", true);
        }
        let token = token();
        let launcher = Launcher {
            username: username.to_owned(),
            friendly: friendly.to_owned(),
        };
        self.launchers.insert(token.clone(), launcher);
        Answer::json(&json!({
            "status": true,
            "reason": 1000,
            "toonstep": false,
            "message": "Registered.",
            "token": token,
            "id": self.launchers.len(),
        }))
    }

    fn metadata(&mut self, request: &Received) -> Answer {
        if let Err(answer) = self.signed_in(request) {
            return answer;
        }
        Answer::json(&json!({
            "realms": [{
                "slug": REALM,
                "hostname": self.gameserver,
                "downloadservers": files::servers(&self.gameserver),
            }],
            "bad_token": false,
        }))
    }

    fn log_in(&mut self, request: &Received, now: Duration) -> Answer {
        let username = match self.signed_in(request) {
            Ok(username) => username,
            Err(answer) => return answer,
        };
        if !request.fields.is_empty() {
            return self.complain("the login had a body");
        }
        if let Some(left) = self.busy.checked_sub(1) {
            self.busy = left;
            return refuse("A lot of Toons are on their way in.", false);
        }
        let cookie = if request.realm == REALM {
            self.door.cookie(&username, now)
        } else {
            let stray = token();
            self.strays.insert(stray.clone());
            stray
        };
        Answer::json(
            &json!({ "status": true, "toonstep": false, "message": "Welcome.", "token": cookie }),
        )
    }

    fn revoke(&mut self, request: &Received) -> Answer {
        if let Err(answer) = self.signed_in(request) {
            return answer;
        }
        if let Some(token) = bearer(request) {
            self.launchers.remove(token);
            self.revoked.insert(token.to_owned());
        }
        Answer::json(&json!({ "status": true, "bad_token": false }))
    }

    /// Whose launcher asks, or what it is told instead. A token that was revoked may well come: people revoke on the
    /// website.
    fn signed_in(&mut self, request: &Received) -> Result<String, Answer> {
        let token = bearer(request).unwrap_or_default();
        if let Some(launcher) = self.launchers.get(token) {
            return Ok(launcher.username.clone());
        }
        if !self.revoked.contains(token) {
            self.complaints
                .push("a launcher token came that was never given out".to_owned());
        }
        let refusal = json!({ "error": "Unauthorized", "bad_token": true });
        Err(Answer::new(401, refusal.to_string()))
    }

    /// What everybody may know, but not as often as they like.
    fn tell(&mut self, path: &str, now: Duration) -> Answer {
        let Some(page) = public::page(path) else {
            return self.complain("there is nothing at that path");
        };
        if self.districts_asked.too_soon(path, now) {
            self.complain("the districts were asked for again within 5 seconds");
            return Answer::error(429, "Too many requests.");
        }
        Answer::json(&page(Moment::new(now, clock::since_epoch())))
    }

    fn enter(&mut self, request: &Received, now: Duration) -> Answer {
        let stray = request
            .exactly(["cookie"])
            .is_some_and(|[cookie]| self.strays.remove(cookie));
        if stray {
            return self
                .complain("a game came with a cookie of a login that did not name the realm");
        }
        self.door
            .enter(request, now)
            .unwrap_or_else(|wrong| self.complain(wrong))
    }

    fn complain(&mut self, what: &str) -> Answer {
        self.complaints.push(what.to_owned());
        Answer::error(400, what)
    }
}

/// What is wrong with a request that carries a password.
fn flaw(request: &Received, username: &str, password: &str) -> Option<&'static str> {
    if request.content_type != "application/json" {
        return Some("the request was not JSON");
    }
    (username.is_empty() || password.is_empty()).then_some("a name or a password was empty")
}

fn bearer(request: &Received) -> Option<&str> {
    request.authorization.strip_prefix("Bearer ")
}

fn refuse(message: &str, toonstep: bool) -> Answer {
    Answer::json(&json!({ "status": false, "toonstep": toonstep, "message": message, "token": "" }))
}

impl StandIn for Ttcc {
    fn serves(&self, path: &str) -> bool {
        matches!(path, GAME_SERVER | "/api/v1/login/")
            || path.starts_with("/api/launcher/v1/")
            || public::page(path).is_some()
    }

    fn answer(&mut self, request: &Received, now: Duration) -> Answer {
        if request.path == GAME_SERVER {
            return self.enter(request, now);
        }
        if let Some(wrong) = request.is_anonymous() {
            return self.complain(wrong);
        }
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/api/v1/login/") => self.log_in_as_documented(request, now),
            ("POST", "/api/launcher/v1/register") => self.register(request),
            ("GET", "/api/launcher/v1/metadata") => self.metadata(request),
            ("POST", "/api/launcher/v1/login") => self.log_in(request, now),
            ("POST", "/api/launcher/v1/revoke_self") => self.revoke(request),
            ("GET", path) => self.tell(path, now),
            _ => self.complain("there is nothing at that path"),
        }
    }

    fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

#[cfg(test)]
mod tests;
