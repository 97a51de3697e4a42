//! In line and at the door, as the program shows it.

use serde_json::{Value, json};

use crate::harness::{Ended, Home, Reaction, Scripted};

const POST: &str = "POST /api/login?format=json HTTP/1.1";
const KNOCK: &str = "GET /api/status HTTP/1.1";
const CREDENTIALS: &str = "username=alice&password=hunter2-pw";
const CLOSED: &str = r#"{"open":false,"banner":"Closed for \u001b[1mmaintenance\u001b[0m."}"#;

/// In line: the place, and the token if one is told.
fn delayed(position: u32, token: Option<&str>) -> Reaction {
    let mut answer = json!({ "success": "delayed", "eta": "60", "position": position.to_string() });
    if let Some(token) = token {
        answer["queueToken"] = token.into();
    }
    Reaction::json(answer.to_string())
}

fn refused(banner: &str) -> Reaction {
    Reaction::json(json!({ "success": "false", "banner": banner }).to_string())
}

fn let_in() -> Reaction {
    Reaction::json(r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#)
}

/// Each request's line and body.
fn sent(server: Scripted) -> Vec<(String, String)> {
    let seen = server.seen().into_iter();
    seen.map(|seen| (seen.line, seen.body)).collect()
}

/// The bodies of requests that were all part of a login.
#[track_caller]
fn posted(server: Scripted) -> Vec<String> {
    let sent = sent(server).into_iter();
    sent.map(|(line, body)| {
        assert_eq!(line, POST);
        body
    })
    .collect()
}

/// Events of these names, without what every event says.
fn told(ended: &Ended, names: &[&str]) -> Vec<Value> {
    let mut events = ended.events();
    events.retain(|event| names.contains(&event["event"].as_str().unwrap_or_default()));
    for event in &mut events {
        assert_eq!(event["game"], "ttr");
        assert_eq!(event["username"], "alice");
        let event = event.as_object_mut().expect("an object");
        for common in ["game", "account", "username"] {
            assert!(event.remove(common).is_some(), "no {common}: {event:?}");
        }
    }
    events
}

#[test]
fn the_newest_token_is_sent_and_outlives_an_answer_without_one() {
    let home = Home::new();
    let server = Scripted::new([
        delayed(3, Some("q1")),
        delayed(2, Some("q2")),
        delayed(1, None),
        let_in(),
    ]);
    let login = home.ttr("login", &server.root(), &["--json"]);
    let ended = login.run().exits(0).hides(&["q1", "q2"]);
    let queued = told(&ended, &["queued", "waiting"]);
    let place = |place| json!({ "event": "queued", "position": place, "eta": 60 });
    assert_eq!(queued, [place(3), place(2), place(1)]);
    let tokens = ["queueToken=q1", "queueToken=q2", "queueToken=q2"];
    assert_eq!(posted(server)[1..], tokens);
}

#[test]
fn lost_polls_are_told_and_the_place_in_line_is_kept() {
    let home = Home::new();
    let server = Scripted::new([
        delayed(3, Some("q1")),
        Reaction::Bytes(Vec::new()),
        Reaction::answer(503, "text/html", "<html>busy</html>"),
        let_in(),
    ]);
    let login = home.ttr("login", &server.root(), &["--json"]);
    let ended = login.run().exits(0);
    let waiting = told(&ended, &["waiting"]);
    let expected = [
        json!({ "event": "waiting", "reason": "network", "retry_in": 1.0 }),
        json!({ "event": "waiting", "reason": "server-error", "retry_in": 2.0 }),
    ];
    assert_eq!(waiting, expected);
    let names = ended.event_names();
    assert_eq!(names, ["login", "queued", "waiting", "waiting", "ready"]);
    assert_eq!(posted(server)[1..], ["queueToken=q1"; 3]);
}

#[test]
fn an_unknown_place_is_null() {
    let (home, delayed) = (Home::new(), r#"{"success":"delayed","queueToken":"q1"}"#);
    let server = Scripted::new([Reaction::json(delayed), let_in()]);
    let login = home.ttr("login", &server.root(), &["--json"]);
    let queued = told(&login.run().exits(0), &["queued"]);
    assert_eq!(
        queued,
        [json!({ "event": "queued", "position": null, "eta": null })]
    );
}

#[test]
fn a_refusal_in_line_is_the_end() {
    for (banner, status, reason) in [
        ("Your account has been banned.", 77, "account"),
        ("Incorrect username and/or password.", 77, "credentials"),
        ("The game is closed for maintenance.", 69, "closed"),
    ] {
        let home = Home::new();
        let server = Scripted::new([delayed(3, Some("q1")), refused(banner)]);
        let login = home.ttr("login", &server.root(), &["--json"]);
        let ended = login.run().fails(status, banner);
        assert_eq!(ended.error_event()["reason"], reason);
        assert_eq!(sent(server).len(), 2);
    }
}

#[test]
fn a_code_is_wanted_after_a_line_and_another_line_comes_after_the_code() {
    let home = Home::new();
    let partial = r#"{"success":"partial","banner":"Code?","responseToken":"t1"}"#;
    let server = Scripted::new([
        delayed(1, Some("q1")),
        Reaction::json(partial),
        delayed(2, Some("q2")),
        let_in(),
    ]);
    let login = home.ttr("login", &server.root(), &["--json", "--code", "123456"]);
    let ended = login.run().exits(0);
    let names = ended.event_names();
    assert_eq!(names, ["login", "queued", "question", "queued", "ready"]);
    let steps = [
        CREDENTIALS,
        "queueToken=q1",
        "appToken=123456&authToken=t1",
        "queueToken=q2",
    ];
    assert_eq!(posted(server), steps);
}

#[test]
fn the_line_is_left_when_the_time_for_it_is_over() {
    // The first pause in line takes 0.4 s, the second 1 s; these are 0.3 s and 0.6 s.
    for (minutes, requests) in [("0.005", 1), ("0.01", 2)] {
        let home = Home::new();
        let in_line = (0..requests).map(|_| delayed(3, Some("q1")));
        let server = Scripted::new(in_line);
        let options = ["--json", "--queue-timeout", minutes];
        let ended = home.ttr("login", &server.root(), &options).run();
        let ended = ended.fails(75, "did not come in time");
        assert_eq!(ended.error_event()["reason"], "try-later");
        assert_eq!(sent(server).len(), requests);
    }
}

#[test]
fn a_place_is_one_line_until_it_changes() {
    let home = Home::new();
    let server = Scripted::new([delayed(2, Some("q1")), delayed(2, Some("q1")), let_in()]);
    let ended = home.ttr("login", &server.root(), &[]).run().exits(0);
    let lines: Vec<_> = ended.stderr.lines().collect();
    let [logging_in, in_line] = lines[..] else {
        panic!("{ended:#?}");
    };
    assert!(logging_in.ends_with("logging in as alice"), "{logging_in}");
    assert!(in_line.contains("in queue, position 2"), "{in_line}");
    assert!(!ended.stderr.contains('\u{1b}'), "{ended:#?}");
}

#[test]
fn quietly_nothing_is_said_of_a_line() {
    let home = Home::new();
    let server = Scripted::new([delayed(2, Some("q1")), let_in()]);
    let ended = home.ttr("login", &server.root(), &["-q"]).run().exits(0);
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.stdout.lines().count(), 2);
}

#[test]
fn no_password_is_sent_until_the_game_is_open() {
    let home = Home::new();
    let server = Scripted::new([
        Reaction::json(CLOSED),
        Reaction::json(r#"{"open":true}"#),
        let_in(),
    ]);
    let options = ["--json", "--wait-for-server"];
    let login = home.ttr("login", &server.root(), &options);
    let ended = login.run().exits(0);
    assert_eq!(ended.event_names(), ["login", "waiting", "ready"]);
    let waiting = json!({ "event": "waiting", "reason": "closed", "retry_in": 5.0 });
    assert_eq!(told(&ended, &["waiting"]), [waiting]);
    let requests = [(KNOCK, ""), (KNOCK, ""), (POST, CREDENTIALS)];
    let requests = requests.map(|(line, body)| (line.to_owned(), body.to_owned()));
    assert_eq!(sent(server), requests);
}

#[test]
fn a_game_that_stays_closed_is_told_in_the_servers_words_once_patience_is_over() {
    let (home, server) = (Home::new(), Scripted::always(Reaction::json(CLOSED)));
    let login = home.ttr("login", &server.root(), &["--wait-for-server=0.01"]);
    let ended = login.run().fails(69, "\"Closed for maintenance.\"");
    assert!(ended.stderr.contains("trying again in"), "{ended:#?}");
    for (line, body) in sent(server) {
        assert_eq!((line.as_str(), body.as_str()), (KNOCK, ""));
    }
}

#[test]
fn a_door_that_closes_behind_the_question_is_told_too() {
    let home = Home::new();
    let closed = refused("The game is closed for maintenance.");
    let server = Scripted::new([Reaction::json(r#"{"open":"true"}"#), closed]);
    let login = home.ttr("login", &server.root(), &["--wait-for-server=0"]);
    login.run().fails(69, "closed for maintenance");
}

#[test]
fn a_door_that_is_not_understood_is_not_knocked_at_again() {
    for (answer, status) in [
        (Reaction::json(r#"{"open":"perhaps"}"#), 76),
        (Reaction::answer(404, "text/html", "<html>"), 76),
        (Reaction::with_headers(302, &[("Location", "/")], ""), 76),
    ] {
        let (home, server) = (Home::new(), Scripted::new([answer]));
        let login = home.ttr("login", &server.root(), &["--wait-for-server"]);
        login.run().fails(status, "alice");
        assert_eq!(sent(server), [(KNOCK.to_owned(), String::new())]);
    }
}

#[test]
fn without_the_option_a_login_is_tried_exactly_once() {
    for (answer, status, reason) in [
        (refused("The game is closed."), 69, "closed"),
        (
            Reaction::answer(503, "text/html", "<html>"),
            69,
            "server-error",
        ),
        (
            Reaction::answer(429, "text/html", "<html>"),
            75,
            "try-later",
        ),
        (Reaction::Bytes(Vec::new()), 68, "network"),
    ] {
        let (home, server) = (Home::new(), Scripted::new([answer]));
        let login = home.ttr("login", &server.root(), &["--json"]);
        let ended = login.run().exits(status);
        assert_eq!(ended.error_event()["reason"], reason);
        assert_eq!(posted(server), [CREDENTIALS]);
    }
}

#[test]
fn the_place_after_a_code_is_told_even_when_it_is_the_one_before() {
    let partial = r#"{"success":"partial","banner":"Code?","responseToken":"t1"}"#;
    for (option, told) in [
        ("--json", r#""position":1,"#),
        ("--code-command=echo 1", "position 1"),
    ] {
        let home = Home::new();
        let server = Scripted::new([
            delayed(1, Some("q1")),
            Reaction::json(partial),
            delayed(1, Some("q2")),
            let_in(),
        ]);
        let login = home.ttr("login", &server.root(), &[option]);
        let ended = login.env("PLAYCOOKIE_CODE", "1").run().exits(0);
        let said = [ended.stdout.as_str(), ended.stderr.as_str()].concat();
        assert_eq!(said.matches(told).count(), 2, "{ended:#?}");
        assert_eq!(server.count(), 4);
    }
}
