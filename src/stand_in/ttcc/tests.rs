//! Violations and answers of the stand-in server.

use serde_json::Value;

use super::*;

fn ttcc(scenario: Scenario) -> Ttcc {
    Ttcc::new(scenario, "127.0.0.1:1".to_owned())
}

fn plain() -> Ttcc {
    ttcc(Scenario::default())
}

/// A request to the launcher interface.
fn request(path: &str, token: &str, realm: &str) -> ServerRequest {
    let method = if path == "metadata" { "GET" } else { "POST" };
    ServerRequest {
        method: method.to_owned(),
        path: format!("/api/launcher/v1/{path}"),
        content_type: "application/json".to_owned(),
        user_agent: "playcookie/0 (+https://example.com)".to_owned(),
        authorization: format!("Bearer {token}"),
        realm: realm.to_owned(),
        ..ServerRequest::default()
    }
}

fn ask(server: &mut Ttcc, request: &ServerRequest) -> (u16, Value) {
    let answer = server.answer(request, Duration::ZERO);
    let body = serde_json::from_str(&answer.body).expect("JSON");
    (answer.status, body)
}

fn text(answer: &Value, key: &str) -> String {
    let value = answer.get(key).and_then(Value::as_str);
    value.unwrap_or_default().to_owned()
}

fn flag(answer: &Value, key: &str) -> Option<bool> {
    answer.get(key).and_then(Value::as_bool)
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn register(server: &mut Ttcc, friendly: &str) -> Value {
    let request = ServerRequest {
        authorization: String::new(),
        fields: fields(&[
            ("username", "alice"),
            ("password", "pw"),
            ("friendly", friendly),
        ]),
        ..request("register", "", "")
    };
    ask(server, &request).1
}

/// Returns the game server's response to the cookie of a login in `realm`, and the violations.
fn redeemed(realm: &str) -> (u16, Vec<String>) {
    let mut server = plain();
    let launcher = text(&register(&mut server, "playcookie-1"), "token");
    let (_, granted) = ask(&mut server, &request("login", &launcher, realm));
    assert_eq!(flag(&granted, "status"), Some(true), "{granted}");
    let request = ServerRequest {
        path: GAME_SERVER.to_owned(),
        fields: fields(&[("cookie", &text(&granted, "token"))]),
        ..ServerRequest::default()
    };
    let (status, _) = ask(&mut server, &request);
    (status, server.violations().to_vec())
}

#[test]
fn the_cookie_of_a_login_with_the_right_realm_is_accepted() {
    assert_eq!(redeemed("production"), (200, Vec::new()));
}

#[test]
fn the_cookie_of_a_login_without_the_right_realm_is_refused() {
    let refused = "the play cookie of a game was from a login without the right realm";
    for realm in ["", "test", "PRODUCTION"] {
        assert_eq!(redeemed(realm), (400, vec![refused.to_owned()]), "{realm}");
    }
}

#[test]
fn a_revoked_token_is_refused_and_no_violation() {
    let mut server = plain();
    let launcher = text(&register(&mut server, "playcookie-1"), "token");
    let (status, _) = ask(&mut server, &request("revoke_self", &launcher, ""));
    assert_eq!(status, 200);
    for path in ["metadata", "login", "revoke_self"] {
        let (status, answer) = ask(&mut server, &request(path, &launcher, "production"));
        assert_eq!((status, flag(&answer, "bad_token")), (401, Some(true)));
    }
    assert_eq!(server.violations(), Vec::<String>::new());
}

#[test]
fn an_unknown_token_is_a_violation() {
    let mut server = plain();
    for path in ["metadata", "login", "revoke_self"] {
        let (status, _) = ask(&mut server, &request(path, "made-up", "production"));
        assert_eq!(status, 401);
    }
    assert_eq!(server.violations().len(), 3);
}

#[test]
fn a_friendly_name_is_unique_until_its_launcher_is_revoked() {
    let mut server = plain();
    let launcher = text(&register(&mut server, "playcookie-1"), "token");
    register(&mut server, "playcookie-1");
    assert_eq!(server.violations().len(), 1);
    ask(&mut server, &request("revoke_self", &launcher, ""));
    let again = register(&mut server, "playcookie-1");
    assert_eq!(flag(&again, "status"), Some(true));
}

#[test]
fn a_friendly_name_has_3_to_100_printable_characters() {
    for name in ["", "ab", "a\tb", "näme", &"x".repeat(101)] {
        let mut server = plain();
        register(&mut server, name);
        assert_eq!(server.violations().len(), 1, "{name:?}");
    }
}

#[test]
fn with_players_in_front_the_server_is_busy_a_few_times() {
    for (queue, busy) in [(0, 0), (2, 2), (1000, MAX_BUSY)] {
        let mut server = ttcc(Scenario {
            queue: Some(queue),
            ..Scenario::default()
        });
        let launcher = text(&register(&mut server, "playcookie-1"), "token");
        for _ in 0..busy {
            let (_, answer) = ask(&mut server, &request("login", &launcher, "production"));
            assert!(text(&answer, "message").contains("A lot of Toons"));
        }
        let (_, answer) = ask(&mut server, &request("login", &launcher, "production"));
        assert_eq!(flag(&answer, "status"), Some(true), "{queue}");
    }
}

#[test]
fn approval_and_refusal_give_no_token() {
    for (two_factor, refuse) in [(true, None), (false, Some(LoginRefusal::Password))] {
        let mut server = ttcc(Scenario {
            two_factor,
            refuse,
            ..Scenario::default()
        });
        let answer = register(&mut server, "playcookie-1");
        assert_eq!(flag(&answer, "status"), Some(false));
        assert_eq!(flag(&answer, "toonstep"), Some(two_factor));
        assert_eq!(text(&answer, "token"), "");
    }
}

#[test]
fn a_login_that_is_not_json_or_has_other_fields_is_complained_about() {
    let mut server = plain();
    let good = ServerRequest {
        path: "/api/v1/login/".to_owned(),
        fields: fields(&[("username", "alice"), ("password", "pw")]),
        ..request("", "", "")
    };
    let (_, answer) = ask(&mut server, &good);
    assert_eq!(flag(&answer, "status"), Some(true));
    for bad in [
        ServerRequest {
            content_type: "application/x-www-form-urlencoded".to_owned(),
            ..good.clone()
        },
        ServerRequest {
            fields: fields(&[("username", "alice")]),
            ..good.clone()
        },
        ServerRequest {
            fields: fields(&[("username", "alice"), ("password", "")]),
            ..good.clone()
        },
    ] {
        ask(&mut server, &bad);
    }
    assert_eq!(server.violations().len(), 3);
}
