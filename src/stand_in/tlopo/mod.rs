//! The stand-in server for The Legend of Pirates Online.

pub(super) mod files;
mod public;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::json;

use super::authenticator::Authenticator;
use super::play_cookies::PlayCookies;
use super::simulation::respond;
use super::{CLOSED, LoginRefusal, Scenario, ServerRequest, ServerResponse, StandIn, digits};
use crate::base::clock;

/// The path where the stand-in game sends its play cookie.
const GAME_SERVER: &str = "/gameserver/tlopo";
/// The path of the status.
const STATUS: &str = "/system/status/";

/// The state of the stand-in server.
#[derive(Debug)]
pub struct Tlopo {
    scenario: Scenario,
    gameserver: String,
    /// The latest code for each player.
    codes: HashMap<String, PendingCode>,
    authenticator: Authenticator,
    play_cookies: PlayCookies,
    violations: Vec<String>,
}

/// A code that is asked for, and the password of that login.
#[derive(Debug)]
struct PendingCode {
    password: String,
    code: String,
}

impl Tlopo {
    /// Creates a server for a scenario, whose game server is at `gameserver`. It has no queue.
    pub fn new(scenario: Scenario, gameserver: String) -> Self {
        let (codes, play_cookies) = Default::default();
        Self {
            scenario,
            gameserver,
            codes,
            authenticator: Authenticator::new(),
            play_cookies,
            violations: Vec::new(),
        }
    }

    fn log_in(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        if request.content_type != "application/x-www-form-urlencoded" {
            return self.reject("the login was not a form");
        }
        if let Some([username, password]) = request.exact_fields(["username", "password"]) {
            self.begin(username, password, now)
        } else if let Some([username, password, code]) =
            request.exact_fields(["username", "password", "gtoken"])
        {
            self.check_code(username, password, code, now)
        } else {
            self.reject("the fields were not those of any step")
        }
    }

    fn begin(&mut self, username: &str, password: &str, now: Duration) -> ServerResponse {
        if username.is_empty() || password.is_empty() {
            return self.reject("a name or a password was empty");
        }
        match self.scenario.refuse {
            None => {}
            Some(LoginRefusal::Password) => {
                return status(1, "That name and password are not known here.");
            }
            Some(LoginRefusal::Banned) => return status(4, "This account is banned."),
            Some(LoginRefusal::Closed) => return status(5, CLOSED),
            Some(LoginRefusal::Busy) => return status(10, "Wait a minute, then try again."),
        }
        if self.scenario.two_factor {
            self.ask_for_code(username, password, "")
        } else {
            self.grant(username, now)
        }
    }

    /// Asks for a code, and shows one in the message, since the player may have no authenticator.
    fn ask_for_code(&mut self, username: &str, password: &str, before: &str) -> ServerResponse {
        let code = digits();
        let message = format!(
            "{before}This account has a two-factor code. (This rehearsal's code is {code}.)"
        );
        let password = password.to_owned();
        self.codes
            .insert(username.to_owned(), PendingCode { password, code });
        status(3, &message)
    }

    fn check_code(
        &mut self,
        username: &str,
        password: &str,
        code: &str,
        now: Duration,
    ) -> ServerResponse {
        match self.codes.remove(username) {
            None => self.reject("a code was sent without being asked for"),
            Some(pending) if pending.password != password => {
                self.reject("the password that was sent with a code was different from before")
            }
            Some(pending) if pending.code == code || self.is_valid(username, code) => {
                self.grant(username, now)
            }
            Some(_) => self.ask_for_code(username, password, "That code was wrong. "),
        }
    }

    /// Whether a code is one of the authenticator, which is accepted like the one in the message.
    fn is_valid(&mut self, username: &str, code: &str) -> bool {
        self.authenticator
            .accept(username, code, clock::since_epoch())
    }

    fn grant(&mut self, username: &str, now: Duration) -> ServerResponse {
        let cookie = self.play_cookies.issue(username, now);
        ServerResponse::json(&json!({
            "status": 7,
            "message": "Fair winds!",
            "token": cookie,
            "gameserver": self.gameserver,
        }))
    }

    fn reject(&mut self, what: &str) -> ServerResponse {
        self.violations.push(what.to_owned());
        ServerResponse::error(400, what)
    }
}

/// Returns a response with a status as a string, as in the protocol document; real servers also send integers.
fn status(status: u8, message: &str) -> ServerResponse {
    ServerResponse::json(&json!({ "status": status.to_string(), "message": message }))
}

impl StandIn for Tlopo {
    fn serves(&self, path: &str) -> bool {
        matches!(path, GAME_SERVER | "/login/") || public::page(path).is_some()
    }

    fn answer(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        if request.path == GAME_SERVER {
            return self
                .play_cookies
                .redeem(request, now)
                .unwrap_or_else(|violation| self.reject(violation));
        }
        if let Some(violation) = request.user_agent_violation() {
            return self.reject(violation);
        }
        if request.path == STATUS && self.scenario.is_closed() {
            return ServerResponse::json(&json!({ "status": 3, "message": CLOSED }));
        }
        let page = public::page(&request.path).filter(|_| request.method == "GET");
        if let Some(page) = page {
            return respond(page, now);
        }
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/login/") => self.log_in(request, now),
            _ => self.reject("there is nothing at that path"),
        }
    }

    fn violations(&self) -> &[String] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn tlopo(two_factor: bool) -> Tlopo {
        let scenario = Scenario {
            two_factor,
            ..Scenario::default()
        };
        Tlopo::new(scenario, "127.0.0.1:1".to_owned())
    }

    fn ask(server: &mut Tlopo, fields: &[(&str, &str)]) -> Value {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = ServerRequest {
            method: "POST".to_owned(),
            path: "/login/".to_owned(),
            content_type: "application/x-www-form-urlencoded".to_owned(),
            user_agent: "playcookie/0 (+https://example.com)".to_owned(),
            fields,
            ..ServerRequest::default()
        };
        let answer = server.answer(&request, Duration::ZERO);
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn status(answer: &Value) -> String {
        let status = answer.get("status").map(ToString::to_string);
        status.unwrap_or_default().trim_matches('"').to_owned()
    }

    /// Returns the six digits in a message.
    fn shown(answer: &Value) -> String {
        let message = answer.get("message").and_then(Value::as_str);
        let digits = message.unwrap_or_default().chars();
        digits.filter(char::is_ascii_digit).collect()
    }

    const ALICE: [(&str, &str); 2] = [("username", "alice"), ("password", "pw")];

    fn with_code(code: &str) -> Vec<(&str, &str)> {
        [&ALICE[..], &[("gtoken", code)]].concat()
    }

    #[test]
    fn after_a_wrong_code_a_new_one_is_accepted() {
        let mut server = tlopo(true);
        let first = ask(&mut server, &ALICE);
        assert_eq!((status(&first).as_str(), shown(&first).len()), ("3", 6));
        let second = ask(&mut server, &with_code("no"));
        assert_eq!(status(&second), "3");
        let third = ask(&mut server, &with_code(&shown(&second)));
        assert_eq!(status(&third), "7");
        assert_eq!(server.violations(), Vec::<String>::new());
    }

    #[test]
    fn a_code_is_valid_once_and_with_the_same_password() {
        let mut server = tlopo(true);
        let code = shown(&ask(&mut server, &ALICE));
        let other = [("username", "alice"), ("password", "x"), ("gtoken", &code)];
        ask(&mut server, &other);
        ask(&mut server, &with_code(&code));
        assert_eq!(
            server.violations(),
            [
                "the password that was sent with a code was different from before",
                "a code was sent without being asked for"
            ]
        );
    }

    #[test]
    fn additional_and_missing_fields_are_violations() {
        let mut server = tlopo(false);
        ask(&mut server, &[&ALICE[..], &[("format", "json")]].concat());
        ask(&mut server, &ALICE[..1]);
        assert_eq!(server.violations().len(), 2);
    }

    #[test]
    fn with_refuse_the_password_is_refused() {
        let scenario = Scenario {
            refuse: Some(LoginRefusal::Password),
            ..Scenario::default()
        };
        let mut server = Tlopo::new(scenario, "127.0.0.1:1".to_owned());
        assert_eq!(status(&ask(&mut server, &ALICE)), "1");
    }
}
