//! The stand-in server for Toontown: Corporate Clash, with both interfaces.

pub(super) mod files;
mod public;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::json;

use super::play_cookies::PlayCookies;
use super::simulation::respond;
use super::{CLOSED, LoginRefusal, Scenario, ServerRequest, ServerResponse, StandIn, token};

/// The path where the stand-in game sends its play cookie.
const GAME_SERVER: &str = "/gameserver/ttcc";
/// The realm that players use.
const REALM: &str = "production";
/// The path of the status.
const STATUS: &str = "/api/v1/game_info.js";
/// How often the server is busy at most, unless it always is.
const MAX_BUSY: u32 = 4;

/// The state of the stand-in server.
#[derive(Debug)]
pub struct Ttcc {
    scenario: Scenario,
    gameserver: String,
    /// Valid launcher tokens and their launchers.
    launchers: HashMap<String, Launcher>,
    /// Revoked launcher tokens.
    revoked: HashSet<String>,
    /// The cookies of logins without the right realm.
    wrong_realm_cookies: HashSet<String>,
    /// How often the server still answers that it is busy.
    busy: u32,
    rate_limit: public::RateLimit,
    play_cookies: PlayCookies,
    violations: Vec<String>,
}

/// A registered launcher.
#[derive(Debug)]
struct Launcher {
    username: String,
    friendly: String,
}

impl Ttcc {
    /// Creates a server for a scenario, whose game server is at `gameserver`. It has no queue; with players in front, it is
    /// busy.
    pub fn new(scenario: Scenario, gameserver: String) -> Self {
        let (launchers, revoked, wrong_realm_cookies, play_cookies) = Default::default();
        Self {
            scenario,
            gameserver,
            launchers,
            revoked,
            wrong_realm_cookies,
            busy: match scenario.refuse {
                Some(LoginRefusal::Busy) => u32::MAX,
                _ => scenario.queue.unwrap_or_default().min(MAX_BUSY),
            },
            rate_limit: public::RateLimit::default(),
            play_cookies,
            violations: Vec::new(),
        }
    }

    /// Answers a login with the documented interface.
    fn log_in_as_documented(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let Some([username, password]) = request.exact_fields(["username", "password"]) else {
            return self.reject("the fields were not name and password");
        };
        if let Some(violation) = violation(request, username, password) {
            return self.reject(violation);
        }
        let refusal = self.scenario.refuse.map(|refusal| match refusal {
            LoginRefusal::Password => (2, "That name and password fit no single account."),
            LoginRefusal::Banned => (3, "This account is banned."),
            LoginRefusal::Closed => (1004, CLOSED),
            LoginRefusal::Busy => (429, "Too many requests."),
        });
        if let Some((reason, text)) = refusal {
            return ServerResponse::json(
                &json!({ "status": false, "reason": reason, "friendlyreason": text, "token": "" }),
            );
        }
        let cookie = self.play_cookies.issue(username, now);
        ServerResponse::json(
            &json!({ "status": true, "reason": 0, "friendlyreason": "", "token": cookie }),
        )
    }

    fn register(&mut self, request: &ServerRequest) -> ServerResponse {
        let Some([username, password, friendly]) =
            request.exact_fields(["username", "password", "friendly"])
        else {
            return self.reject("the fields were not name, password and friendly name");
        };
        if let Some(violation) = violation(request, username, password) {
            return self.reject(violation);
        }
        let printable = |byte: u8| (b' '..=b'~').contains(&byte);
        if !(3..=100).contains(&friendly.len()) || !friendly.bytes().all(printable) {
            return self.reject("the friendly name was not 3 to 100 printable characters");
        }
        let is_taken = |it: &Launcher| it.username == username && it.friendly == friendly;
        if self.launchers.values().any(is_taken) {
            return self.reject("the account already has a launcher of that friendly name");
        }
        match self.scenario.refuse {
            // Only the login is too much for a busy server.
            None | Some(LoginRefusal::Busy) => {}
            Some(LoginRefusal::Password) => {
                return refuse("That name and password are not known here.", false);
            }
            Some(LoginRefusal::Banned) => return refuse_for(1002, "This account is banned."),
            Some(LoginRefusal::Closed) => return refuse_for(1004, CLOSED),
        }
        if self.scenario.two_factor {
            return refuse(
                "This device must be approved, which is not possible in a rehearsal.",
                true,
            );
        }
        let token = token();
        let launcher = Launcher {
            username: username.to_owned(),
            friendly: friendly.to_owned(),
        };
        self.launchers.insert(token.clone(), launcher);
        ServerResponse::json(&json!({
            "status": true,
            "reason": 1000,
            "toonstep": false,
            "message": "Registered.",
            "token": token,
            "id": self.launchers.len(),
        }))
    }

    fn metadata(&mut self, request: &ServerRequest) -> ServerResponse {
        if let Err(answer) = self.account(request) {
            return answer;
        }
        ServerResponse::json(&json!({
            "realms": [{
                "slug": REALM,
                "hostname": self.gameserver,
                "downloadservers": files::servers(&self.gameserver),
            }],
            "bad_token": false,
        }))
    }

    fn log_in(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let username = match self.account(request) {
            Ok(username) => username,
            Err(answer) => return answer,
        };
        if !request.fields.is_empty() {
            return self.reject("the login had a body");
        }
        if let Some(left) = self.busy.checked_sub(1) {
            self.busy = left;
            return refuse("A lot of Toons are on their way in.", false);
        }
        let cookie = if request.realm == REALM {
            self.play_cookies.issue(&username, now)
        } else {
            let cookie = token();
            self.wrong_realm_cookies.insert(cookie.clone());
            cookie
        };
        ServerResponse::json(
            &json!({ "status": true, "toonstep": false, "message": "Welcome.", "token": cookie }),
        )
    }

    fn revoke(&mut self, request: &ServerRequest) -> ServerResponse {
        if let Err(answer) = self.account(request) {
            return answer;
        }
        if let Some(token) = bearer(request) {
            self.launchers.remove(token);
            self.revoked.insert(token.to_owned());
        }
        ServerResponse::json(&json!({ "status": true, "bad_token": false }))
    }

    /// Returns the username of the launcher's account, or the response to a token that is not valid. A revoked token is no
    /// violation, since players can revoke tokens on the website.
    fn account(&mut self, request: &ServerRequest) -> Result<String, ServerResponse> {
        let token = bearer(request).unwrap_or_default();
        if let Some(launcher) = self.launchers.get(token) {
            return Ok(launcher.username.clone());
        }
        if !self.revoked.contains(token) {
            self.violations
                .push("a launcher token was sent that was never issued".to_owned());
        }
        let refusal = json!({ "error": "Unauthorized", "bad_token": true });
        Err(ServerResponse::new(401, refusal.to_string()))
    }

    /// Answers a request for public data.
    fn public_data(&mut self, path: &str, now: Duration) -> ServerResponse {
        let Some(page) = public::page(path) else {
            return self.reject("there is nothing at that path");
        };
        if self.rate_limit.is_exceeded(path, now) {
            self.reject("the districts were requested again within 5 seconds");
            return ServerResponse::error(429, "Too many requests.");
        }
        if path == STATUS && self.scenario.is_closed() {
            return ServerResponse::json(&json!({
                "num_toons": 0,
                "production_closed": true,
                "production_closed_reason": CLOSED,
            }));
        }
        respond(page, now)
    }

    fn redeem(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        let has_wrong_realm = request
            .exact_fields(["cookie"])
            .is_some_and(|[cookie]| self.wrong_realm_cookies.remove(cookie));
        if has_wrong_realm {
            return self
                .reject("the play cookie of a game was from a login without the right realm");
        }
        self.play_cookies
            .redeem(request, now)
            .unwrap_or_else(|violation| self.reject(violation))
    }

    fn reject(&mut self, what: &str) -> ServerResponse {
        self.violations.push(what.to_owned());
        ServerResponse::error(400, what)
    }
}

/// Returns what is wrong with a request with a password.
fn violation(request: &ServerRequest, username: &str, password: &str) -> Option<&'static str> {
    if request.content_type != "application/json" {
        return Some("the request was not JSON");
    }
    (username.is_empty() || password.is_empty()).then_some("a name or a password was empty")
}

fn bearer(request: &ServerRequest) -> Option<&str> {
    request.authorization.strip_prefix("Bearer ")
}

fn refuse_for(reason: u16, message: &str) -> ServerResponse {
    ServerResponse::json(
        &json!({ "status": false, "reason": reason, "toonstep": false, "message": message, "token": "" }),
    )
}

fn refuse(message: &str, toonstep: bool) -> ServerResponse {
    ServerResponse::json(
        &json!({ "status": false, "toonstep": toonstep, "message": message, "token": "" }),
    )
}

impl StandIn for Ttcc {
    fn serves(&self, path: &str) -> bool {
        matches!(path, GAME_SERVER | "/api/v1/login/")
            || path.starts_with("/api/launcher/v1/")
            || public::page(path).is_some()
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        if request.path == GAME_SERVER {
            return self.redeem(request, now);
        }
        if let Some(violation) = request.user_agent_violation() {
            return self.reject(violation);
        }
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/api/v1/login/") => self.log_in_as_documented(request, now),
            ("POST", "/api/launcher/v1/register") => self.register(request),
            ("GET", "/api/launcher/v1/metadata") => self.metadata(request),
            ("POST", "/api/launcher/v1/login") => self.log_in(request, now),
            ("POST", "/api/launcher/v1/revoke_self") => self.revoke(request),
            ("GET", path) => self.public_data(path, now),
            _ => self.reject("there is nothing at that path"),
        }
    }

    fn violations(&self) -> &[String] {
        &self.violations
    }
}

#[cfg(test)]
mod tests;
