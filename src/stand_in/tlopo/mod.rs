//! The stand-in for The Legend of Pirates Online's servers.

pub(super) mod files;
mod public;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::json;

use super::authenticator::Authenticator;
use super::motion::Moment;
use super::{Answer, Door, Received, Scenario, StandIn, token};
use crate::base::clock;

/// Where the stand-in game shows its cookie.
const GAME_SERVER: &str = "/gameserver/tlopo";

/// Everything that the servers remember.
#[derive(Debug)]
pub struct Tlopo {
    scenario: Scenario,
    gameserver: String,
    /// The newest code of each player who was asked for one.
    codes: HashMap<String, Wanted>,
    authenticator: Authenticator,
    door: Door,
    complaints: Vec<String>,
}

/// A code that is wanted, from somebody who gave this password.
#[derive(Debug)]
struct Wanted {
    password: String,
    code: String,
}

impl Tlopo {
    /// Servers where `scenario` happens, with the game server at `gameserver`. There is no line.
    pub fn new(scenario: Scenario, gameserver: String) -> Self {
        let (codes, door) = Default::default();
        Self {
            scenario,
            gameserver,
            codes,
            authenticator: Authenticator::new(),
            door,
            complaints: Vec::new(),
        }
    }

    fn log_in(&mut self, request: &Received, now: Duration) -> Answer {
        if request.content_type != "application/x-www-form-urlencoded" {
            return self.complain("the login was not a form");
        }
        if let Some([username, password]) = request.exactly(["username", "password"]) {
            self.begin(username, password, now)
        } else if let Some([username, password, code]) =
            request.exactly(["username", "password", "gtoken"])
        {
            self.check_code(username, password, code, now)
        } else {
            self.complain("the fields were not those of any step")
        }
    }

    fn begin(&mut self, username: &str, password: &str, now: Duration) -> Answer {
        if username.is_empty() || password.is_empty() {
            return self.complain("a name or a password was empty");
        }
        if self.scenario.refuse {
            return say(1, "That name and password are not known here.");
        }
        if self.scenario.two_factor {
            self.want_code(username, password, "")
        } else {
            self.let_in(username, now)
        }
    }

    /// Asks for a code, and shows one: not everybody has an authenticator to look at.
    fn want_code(&mut self, username: &str, password: &str, before: &str) -> Answer {
        let digits = token().into_bytes().into_iter();
        let code: String = digits
            .map(|byte| char::from(b'0' + byte % 10))
            .take(6)
            .collect();
        let message = format!(
            "{before}This account has a two-factor code. (This rehearsal's code is {code}.)"
        );
        let password = password.to_owned();
        self.codes
            .insert(username.to_owned(), Wanted { password, code });
        say(3, &message)
    }

    fn check_code(&mut self, username: &str, password: &str, code: &str, now: Duration) -> Answer {
        match self.codes.remove(username) {
            None => self.complain("a code came that nobody asked for"),
            Some(wanted) if wanted.password != password => {
                self.complain("the password that came with a code was another than before")
            }
            Some(wanted) if wanted.code == code || self.knows(username, code) => {
                self.let_in(username, now)
            }
            Some(_) => self.want_code(username, password, "That code was wrong. "),
        }
    }

    /// Whether a code is one of the authenticator's, which is as good as the one that was shown.
    fn knows(&mut self, username: &str, code: &str) -> bool {
        self.authenticator
            .takes(username, code, clock::since_epoch())
    }

    fn let_in(&mut self, username: &str, now: Duration) -> Answer {
        let cookie = self.door.cookie(username, now);
        Answer::json(&json!({
            "status": 7,
            "message": "Fair winds!",
            "token": cookie,
            "gameserver": self.gameserver,
        }))
    }

    fn complain(&mut self, what: &str) -> Answer {
        self.complaints.push(what.to_owned());
        Answer::error(400, what)
    }
}

/// The document's statuses are strings; those that were seen since are integers.
fn say(status: u8, message: &str) -> Answer {
    Answer::json(&json!({ "status": status.to_string(), "message": message }))
}

impl StandIn for Tlopo {
    fn serves(&self, path: &str) -> bool {
        matches!(path, GAME_SERVER | "/login/") || public::page(path).is_some()
    }

    fn answer(&mut self, request: &Received, now: Duration) -> Answer {
        if request.path == GAME_SERVER {
            return self
                .door
                .enter(request, now)
                .unwrap_or_else(|wrong| self.complain(wrong));
        }
        if let Some(wrong) = request.is_anonymous() {
            return self.complain(wrong);
        }
        let page = public::page(&request.path);
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/login/") => self.log_in(request, now),
            (method, _) => match page {
                Some(page) if method == "GET" => {
                    Answer::json(&page(Moment::new(now, clock::since_epoch())))
                }
                _ => self.complain("there is nothing at that path"),
            },
        }
    }

    fn complaints(&self) -> &[String] {
        &self.complaints
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
        let request = Received {
            method: "POST".to_owned(),
            path: "/login/".to_owned(),
            content_type: "application/x-www-form-urlencoded".to_owned(),
            user_agent: "playcookie/0 (+https://example.com)".to_owned(),
            fields,
            ..Received::default()
        };
        let answer = server.answer(&request, Duration::ZERO);
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn status(answer: &Value) -> String {
        let status = answer.get("status").map(ToString::to_string);
        status.unwrap_or_default().trim_matches('"').to_owned()
    }

    /// The six digits in a message.
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
    fn a_wrong_code_is_asked_for_again_and_the_new_one_lets_in() {
        let mut server = tlopo(true);
        let first = ask(&mut server, &ALICE);
        assert_eq!((status(&first).as_str(), shown(&first).len()), ("3", 6));
        let second = ask(&mut server, &with_code("no"));
        assert_eq!(status(&second), "3");
        let third = ask(&mut server, &with_code(&shown(&second)));
        assert_eq!(status(&third), "7");
        assert_eq!(server.complaints(), Vec::<String>::new());
    }

    #[test]
    fn a_code_is_good_once_and_only_with_the_same_password() {
        let mut server = tlopo(true);
        let code = shown(&ask(&mut server, &ALICE));
        let other = [("username", "alice"), ("password", "x"), ("gtoken", &code)];
        ask(&mut server, &other);
        ask(&mut server, &with_code(&code));
        assert_eq!(
            server.complaints(),
            [
                "the password that came with a code was another than before",
                "a code came that nobody asked for"
            ]
        );
    }

    #[test]
    fn a_field_that_does_not_belong_there_is_complained_about() {
        let mut server = tlopo(false);
        ask(&mut server, &[&ALICE[..], &[("format", "json")]].concat());
        ask(&mut server, &ALICE[..1]);
        assert_eq!(server.complaints().len(), 2);
    }

    #[test]
    fn a_refused_password_is_refused() {
        let scenario = Scenario {
            refuse: true,
            ..Scenario::default()
        };
        let mut server = Tlopo::new(scenario, "127.0.0.1:1".to_owned());
        assert_eq!(status(&ask(&mut server, &ALICE)), "1");
    }
}
