//! The stand-in server for Toontown Rewritten.

pub(super) mod files;
mod public;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::json;

use super::authenticator::Authenticator;
use super::play_cookies::PlayCookies;
use super::simulation::respond;
use super::{
    CLOSED, LoginRefusal, Scenario, ServerRequest, ServerResponse, StandIn, digits, token,
};
use crate::base::clock;

/// The minimum time between two polls of the queue.
const POLL_INTERVAL: Duration = Duration::from_millis(300);
/// The path where the stand-in game sends its play cookie.
const GAME_SERVER: &str = "/gameserver/ttr";

/// The state of the stand-in server.
#[derive(Debug)]
pub struct Ttr {
    scenario: Scenario,
    gameserver: String,
    /// Logins that wait for a code, by response token.
    codes: HashMap<String, PendingCode>,
    authenticator: Authenticator,
    /// Logins in the queue, by queue token.
    queue: HashMap<String, QueueEntry>,
    play_cookies: PlayCookies,
    violations: Vec<String>,
}

/// A login that waits for a code.
#[derive(Debug, Clone)]
struct PendingCode {
    username: String,
    code: String,
}

/// A login in the queue.
#[derive(Debug, Clone)]
struct QueueEntry {
    username: String,
    /// When the login is admitted.
    admitted: Duration,
    polled: Duration,
}

impl Ttr {
    /// Creates a server for a scenario, whose game server is at `gameserver`.
    pub fn new(scenario: Scenario, gameserver: String) -> Self {
        let (codes, queue, play_cookies) = Default::default();
        Self {
            scenario,
            gameserver,
            codes,
            authenticator: Authenticator::new(),
            queue,
            play_cookies,
            violations: Vec::new(),
        }
    }

    fn log_in(&mut self, request: &ServerRequest, now: Duration) -> ServerResponse {
        if request.query != "format=json" {
            return self.reject("the login did not ask for JSON");
        }
        if request.content_type != "application/x-www-form-urlencoded" {
            return self.reject("the login was not a form");
        }
        if let Some([username, password]) = request.exact_fields(["username", "password"]) {
            self.begin(username.to_owned(), password, now)
        } else if let Some([code, token]) = request.exact_fields(["appToken", "authToken"]) {
            self.check_code(code, token, now)
        } else if let Some([token]) = request.exact_fields(["queueToken"]) {
            self.poll(token, now)
        } else {
            self.reject("the fields were not those of any step")
        }
    }

    fn begin(&mut self, username: String, password: &str, now: Duration) -> ServerResponse {
        if username.is_empty() || password.is_empty() {
            return self.reject("a name or a password was empty");
        }
        match self.scenario.refuse {
            None => {}
            Some(LoginRefusal::Password) => return refuse("Incorrect username and/or password."),
            Some(LoginRefusal::Banned) => return refuse("This account has been banned."),
            Some(LoginRefusal::Closed) => return refuse(CLOSED),
            Some(LoginRefusal::Busy) => return ServerResponse::error(429, "Too many requests."),
        }
        if self.scenario.two_factor {
            self.ask_for_code(username, "")
        } else {
            self.admit(username, now)
        }
    }

    /// Asks for a code, and shows one in the message, since the player may have no authenticator.
    fn ask_for_code(&mut self, username: String, before: &str) -> ServerResponse {
        let code = digits();
        let banner = format!(
            "{before}Please enter an authenticator token. (This rehearsal's code is {code}.)"
        );
        let response_token = token();
        self.codes
            .insert(response_token.clone(), PendingCode { username, code });
        ServerResponse::json(
            &json!({ "success": "partial", "banner": banner, "responseToken": response_token }),
        )
    }

    fn check_code(&mut self, code: &str, token: &str, now: Duration) -> ServerResponse {
        match self.codes.remove(token) {
            None => self.reject("a code was sent with a token that is not the latest"),
            Some(login) if login.code == code || self.is_valid(&login.username, code) => {
                self.admit(login.username, now)
            }
            Some(login) => self.ask_for_code(login.username, "That code was wrong. "),
        }
    }

    /// Whether a code is one of the authenticator, which is accepted like the one in the message.
    fn is_valid(&mut self, username: &str, code: &str) -> bool {
        self.authenticator
            .accept(username, code, clock::since_epoch())
    }

    /// Puts a login into the queue of the scenario, if there is one.
    fn admit(&mut self, username: String, now: Duration) -> ServerResponse {
        match self.scenario.queue {
            None => self.grant(&username, now),
            Some(in_front) => {
                // One player is admitted each second.
                let admitted = now + Duration::from_secs(in_front.into());
                self.enqueue(QueueEntry {
                    username,
                    admitted,
                    polled: now,
                })
            }
        }
    }

    fn enqueue(&mut self, entry: QueueEntry) -> ServerResponse {
        let queue_token = token();
        let left = entry.admitted.saturating_sub(entry.polled);
        // Rounded up, so that nobody is in front only when the login is admitted.
        let in_front = left.as_millis().div_ceil(1000);
        let answer = json!({
            "success": "delayed",
            "eta": in_front.to_string(),
            "position": in_front.to_string(),
            "queueToken": queue_token,
        });
        self.queue.insert(queue_token, entry);
        ServerResponse::json(&answer)
    }

    /// Answers a poll.
    fn poll(&mut self, token: &str, now: Duration) -> ServerResponse {
        let Some(entry) = self.queue.remove(token) else {
            return self.reject("a poll was sent with a token that is not the latest");
        };
        if now.saturating_sub(entry.polled) < POLL_INTERVAL {
            self.reject("a poll was sent too soon");
        }
        if entry.admitted <= now {
            return self.grant(&entry.username, now);
        }
        self.enqueue(QueueEntry {
            polled: now,
            ..entry
        })
    }

    fn grant(&mut self, username: &str, now: Duration) -> ServerResponse {
        let cookie = self.play_cookies.issue(username, now);
        ServerResponse::json(&json!({
            "success": "true",
            "gameserver": self.gameserver,
            "cookie": cookie,
            "manifest": "/content/patchmanifest.txt",
            "ip": null,
        }))
    }

    fn reject(&mut self, what: &str) -> ServerResponse {
        self.violations.push(what.to_owned());
        ServerResponse::error(400, what)
    }
}

fn refuse(banner: &str) -> ServerResponse {
    ServerResponse::json(&json!({ "success": "false", "banner": banner }))
}

impl StandIn for Ttr {
    fn serves(&self, path: &str) -> bool {
        matches!(path, GAME_SERVER | "/api/login" | "/api/status") || public::page(path).is_some()
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
        let page = public::page(&request.path).filter(|_| request.method == "GET");
        if let Some(page) = page {
            return respond(page, now);
        }
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/api/login") => self.log_in(request, now),
            ("GET", "/api/status") if self.scenario.is_closed() => {
                ServerResponse::json(&json!({ "open": false, "banner": CLOSED }))
            }
            ("GET", "/api/status") => ServerResponse::json(&json!({ "open": true })),
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

    fn ttr(scenario: Scenario) -> Ttr {
        Ttr::new(scenario, "127.0.0.1:1".to_owned())
    }

    fn ask(server: &mut Ttr, fields: &[(&str, &str)], seconds: u64) -> Value {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = ServerRequest {
            method: "POST".to_owned(),
            path: "/api/login".to_owned(),
            query: "format=json".to_owned(),
            content_type: "application/x-www-form-urlencoded".to_owned(),
            user_agent: "playcookie/0 (+https://example.com)".to_owned(),
            fields,
            ..ServerRequest::default()
        };
        let answer = server.answer(&request, Duration::from_secs(seconds));
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn text<'v>(answer: &'v Value, key: &str) -> &'v str {
        answer.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    const ALICE: [(&str, &str); 2] = [("username", "alice"), ("password", "pw")];

    #[test]
    fn a_wrong_code_leads_to_a_new_token_and_the_old_one_is_refused() {
        let mut server = ttr(Scenario {
            two_factor: true,
            ..Scenario::default()
        });
        let first = ask(&mut server, &ALICE, 0);
        let token = text(&first, "responseToken").to_owned();
        let second = ask(&mut server, &[("appToken", "no"), ("authToken", &token)], 1);
        assert_eq!(text(&second, "success"), "partial");
        ask(&mut server, &[("appToken", "no"), ("authToken", &token)], 2);
        assert_eq!(server.violations().len(), 1);
    }

    #[test]
    fn the_queue_lasts_as_many_seconds_as_it_has_players_and_each_token_is_valid_once() {
        let mut server = ttr(Scenario {
            queue: Some(300),
            ..Scenario::default()
        });
        let first = ask(&mut server, &ALICE, 0);
        let place = |answer| ["position", "eta"].map(|key| text(answer, key).to_owned());
        assert_eq!(place(&first), ["300", "300"]);
        let second = ask(
            &mut server,
            &[("queueToken", text(&first, "queueToken"))],
            299,
        );
        assert_eq!(place(&second), ["1", "1"]);
        let third = ask(
            &mut server,
            &[("queueToken", text(&second, "queueToken"))],
            300,
        );
        assert_eq!(text(&third, "success"), "true");
        assert!(server.violations().is_empty());
        ask(
            &mut server,
            &[("queueToken", text(&first, "queueToken"))],
            301,
        );
        assert_eq!(server.violations().len(), 1);
    }

    #[test]
    fn an_immediate_poll_is_a_violation() {
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
        assert_eq!(server.violations(), ["a poll was sent too soon"]);
    }

    #[test]
    fn a_cookie_is_valid_once_and_for_a_minute() {
        let mut server = ttr(Scenario::default());
        let mut redeem = |seconds_between: u64| {
            let granted = ask(&mut server, &ALICE, 0);
            let request = ServerRequest {
                path: GAME_SERVER.to_owned(),
                fields: vec![("cookie".to_owned(), text(&granted, "cookie").to_owned())],
                ..ServerRequest::default()
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
        assert_eq!(redeem(1), (200, 400));
        assert_eq!(redeem(61), (400, 400));
    }

    #[test]
    fn additional_fields_are_violations() {
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
        assert_eq!(server.violations().len(), 1);
    }
}
