//! The stand-in for Toontown Rewritten's servers.

pub(super) mod files;
mod public;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::json;

use super::authenticator::Authenticator;
use super::motion::Moment;
use super::{Answer, Door, Received, Scenario, StandIn, token};
use crate::base::clock;

/// A client that asks again sooner than this is rude.
const SOONEST_POLL: Duration = Duration::from_millis(300);
/// Where the stand-in game shows its cookie.
const GAME_SERVER: &str = "/gameserver/ttr";

/// Everything that the servers remember.
#[derive(Debug)]
pub struct Ttr {
    scenario: Scenario,
    gameserver: String,
    codes: HashMap<String, Login>,
    authenticator: Authenticator,
    line: HashMap<String, Place>,
    door: Door,
    complaints: Vec<String>,
}

/// Somebody who gave a password, and the code that is wanted.
#[derive(Debug, Clone)]
struct Login {
    username: String,
    code: String,
}

/// Somebody in line.
#[derive(Debug, Clone)]
struct Place {
    username: String,
    in_front: u32,
    since: Duration,
}

impl Ttr {
    /// Servers where `scenario` happens, with the game server at `gameserver`.
    pub fn new(scenario: Scenario, gameserver: String) -> Self {
        let (codes, line, door) = Default::default();
        Self {
            scenario,
            gameserver,
            codes,
            authenticator: Authenticator::new(),
            line,
            door,
            complaints: Vec::new(),
        }
    }

    fn log_in(&mut self, request: &Received, now: Duration) -> Answer {
        if request.query != "format=json" {
            return self.complain("the login did not ask for JSON");
        }
        if request.content_type != "application/x-www-form-urlencoded" {
            return self.complain("the login was not a form");
        }
        if let Some([username, password]) = request.exactly(["username", "password"]) {
            self.begin(username.to_owned(), password, now)
        } else if let Some([code, token]) = request.exactly(["appToken", "authToken"]) {
            self.check_code(code, token, now)
        } else if let Some([token]) = request.exactly(["queueToken"]) {
            self.turn(token, now)
        } else {
            self.complain("the fields were not those of any step")
        }
    }

    fn begin(&mut self, username: String, password: &str, now: Duration) -> Answer {
        if username.is_empty() || password.is_empty() {
            return self.complain("a name or a password was empty");
        }
        if self.scenario.refuse {
            return refuse("Incorrect username and/or password.");
        }
        if self.scenario.two_factor {
            self.want_code(username, "")
        } else {
            self.queue(username, now)
        }
    }

    /// Asks for a code, and shows one: not everybody has an authenticator to look at.
    fn want_code(&mut self, username: String, before: &str) -> Answer {
        let code: String = token()
            .bytes()
            .map(|byte| char::from(b'0' + byte % 10))
            .take(6)
            .collect();
        let banner = format!(
            "{before}Please enter an authenticator token. (This rehearsal's code is {code}.)"
        );
        let response_token = token();
        self.codes
            .insert(response_token.clone(), Login { username, code });
        Answer::json(
            &json!({ "success": "partial", "banner": banner, "responseToken": response_token }),
        )
    }

    fn check_code(&mut self, code: &str, token: &str, now: Duration) -> Answer {
        match self.codes.remove(token) {
            None => self.complain("a code came with a token that is not the newest"),
            Some(login) if login.code == code || self.knows(&login.username, code) => {
                self.queue(login.username, now)
            }
            Some(login) => self.want_code(login.username, "That code was wrong. "),
        }
    }

    /// Whether a code is one of the authenticator's, which is as good as the one that was shown.
    fn knows(&mut self, username: &str, code: &str) -> bool {
        self.authenticator
            .takes(username, code, clock::since_epoch())
    }

    fn queue(&mut self, username: String, now: Duration) -> Answer {
        match self.scenario.queue {
            None => self.let_in(&username, now),
            Some(in_front) => self.stand_in_line(Place {
                username,
                in_front,
                since: now,
            }),
        }
    }

    fn stand_in_line(&mut self, place: Place) -> Answer {
        let queue_token = token();
        let answer = json!({
            "success": "delayed",
            "eta": place.in_front.to_string(),
            "position": place.in_front.to_string(),
            "queueToken": queue_token,
        });
        self.line.insert(queue_token, place);
        Answer::json(&answer)
    }

    /// Every poll moves the line on by one.
    fn turn(&mut self, token: &str, now: Duration) -> Answer {
        let Some(place) = self.line.remove(token) else {
            return self.complain("a poll came with a token that is not the newest");
        };
        if now.saturating_sub(place.since) < SOONEST_POLL {
            self.complain("a poll came too soon");
        }
        match place.in_front.checked_sub(1) {
            None | Some(0) => self.let_in(&place.username, now),
            Some(in_front) => self.stand_in_line(Place {
                in_front,
                since: now,
                ..place
            }),
        }
    }

    fn let_in(&mut self, username: &str, now: Duration) -> Answer {
        let cookie = self.door.cookie(username, now);
        Answer::json(&json!({
            "success": "true",
            "gameserver": self.gameserver,
            "cookie": cookie,
            "manifest": "/content/patchmanifest.txt",
            "ip": null,
        }))
    }

    fn complain(&mut self, what: &str) -> Answer {
        self.complaints.push(what.to_owned());
        Answer::error(400, what)
    }
}

fn refuse(banner: &str) -> Answer {
    Answer::json(&json!({ "success": "false", "banner": banner }))
}

impl StandIn for Ttr {
    fn serves(&self, path: &str) -> bool {
        matches!(path, GAME_SERVER | "/api/login" | "/api/status") || public::page(path).is_some()
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
            ("POST", "/api/login") => self.log_in(request, now),
            ("GET", "/api/status") => Answer::json(&json!({ "open": true })),
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

    fn ttr(scenario: Scenario) -> Ttr {
        Ttr::new(scenario, "127.0.0.1:1".to_owned())
    }

    fn ask(server: &mut Ttr, fields: &[(&str, &str)], seconds: u64) -> Value {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = Received {
            method: "POST".to_owned(),
            path: "/api/login".to_owned(),
            query: "format=json".to_owned(),
            content_type: "application/x-www-form-urlencoded".to_owned(),
            user_agent: "playcookie/0 (+https://example.com)".to_owned(),
            fields,
            ..Received::default()
        };
        let answer = server.answer(&request, Duration::from_secs(seconds));
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn text<'v>(answer: &'v Value, key: &str) -> &'v str {
        answer.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    const ALICE: [(&str, &str); 2] = [("username", "alice"), ("password", "pw")];

    #[test]
    fn a_wrong_code_is_asked_for_again_with_a_new_token_and_the_old_one_is_refused() {
        let mut server = ttr(Scenario {
            two_factor: true,
            ..Scenario::default()
        });
        let first = ask(&mut server, &ALICE, 0);
        let token = text(&first, "responseToken").to_owned();
        let second = ask(&mut server, &[("appToken", "no"), ("authToken", &token)], 1);
        assert_eq!(text(&second, "success"), "partial");
        ask(&mut server, &[("appToken", "no"), ("authToken", &token)], 2);
        assert_eq!(server.complaints().len(), 1);
    }

    #[test]
    fn the_line_moves_with_every_poll_and_each_token_is_good_once() {
        let mut server = ttr(Scenario {
            queue: Some(2),
            ..Scenario::default()
        });
        let first = ask(&mut server, &ALICE, 0);
        assert_eq!(text(&first, "position"), "2");
        let second = ask(
            &mut server,
            &[("queueToken", text(&first, "queueToken"))],
            1,
        );
        assert_eq!(text(&second, "position"), "1");
        let third = ask(
            &mut server,
            &[("queueToken", text(&second, "queueToken"))],
            2,
        );
        assert_eq!(text(&third, "success"), "true");
        assert!(server.complaints().is_empty());
        ask(
            &mut server,
            &[("queueToken", text(&first, "queueToken"))],
            3,
        );
        assert_eq!(server.complaints().len(), 1);
    }

    #[test]
    fn a_poll_that_comes_at_once_is_complained_about() {
        let mut server = ttr(Scenario {
            queue: Some(2),
            ..Scenario::default()
        });
        let first = ask(&mut server, &ALICE, 0);
        ask(
            &mut server,
            &[("queueToken", text(&first, "queueToken"))],
            0,
        );
        assert_eq!(server.complaints(), ["a poll came too soon"]);
    }

    #[test]
    fn a_cookie_lets_in_once_and_not_when_it_is_old() {
        let mut server = ttr(Scenario::default());
        let mut enter = |seconds_between: u64| {
            let granted = ask(&mut server, &ALICE, 0);
            let request = Received {
                path: GAME_SERVER.to_owned(),
                fields: vec![("cookie".to_owned(), text(&granted, "cookie").to_owned())],
                ..Received::default()
            };
            let first = server
                .answer(&request, Duration::from_secs(seconds_between))
                .status;
            (
                first,
                server
                    .answer(&request, Duration::from_secs(seconds_between))
                    .status,
            )
        };
        assert_eq!(enter(1), (200, 400));
        assert_eq!(enter(61), (400, 400));
    }

    #[test]
    fn a_field_that_does_not_belong_there_is_complained_about() {
        let mut server = ttr(Scenario::default());
        ask(
            &mut server,
            &[
                ("username", "alice"),
                ("password", "pw"),
                ("authToken", "x"),
            ],
            0,
        );
        assert_eq!(server.complaints().len(), 1);
    }
}
