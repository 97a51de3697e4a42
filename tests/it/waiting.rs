//! Waiting in the queue and for a closed game.

use serde_json::{Value, json};

use crate::harness::{Home, Reaction, RunOutput, Scripted};

const POST: &str = "POST /api/login?format=json HTTP/1.1";
const STATUS: &str = "GET /api/status HTTP/1.1";
const CREDENTIALS: &str = "username=alice&password=hunter2-pw";
const CLOSED: &str = r#"{"open":false,"banner":"Closed for \u001b[1mmaintenance\u001b[0m."}"#;

/// Returns an answer of the queue with a position and an optional token.
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

fn granted() -> Reaction {
    Reaction::json(r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#)
}

/// Returns the line and body of each request.
fn sent(server: Scripted) -> Vec<(String, String)> {
    let requests = server.finish().into_iter();
    requests
        .map(|request| (request.line, request.body))
        .collect()
}

/// Returns the bodies of the requests. Asserts that all are login requests.
#[track_caller]
fn posted(server: Scripted) -> Vec<String> {
    let sent = sent(server).into_iter();
    sent.map(|(line, body)| {
        assert_eq!(line, POST);
        body
    })
    .collect()
}

/// Returns the events of these names without their common keys.
fn events_named(ended: &RunOutput, names: &[&str]) -> Vec<Value> {
    let mut events = ended.events();
    events.retain(|event| names.contains(&event["event"].as_str().unwrap_or_default()));
    for event in &mut events {
        assert_eq!(event["game"], "ttr");
        assert_eq!(event["username"], "alice");
        let event = event.as_object_mut().expect("an object");
        for common in ["time", "game", "account", "username"] {
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
        granted(),
    ]);
    let login = home.ttr("login", &server.root(), &["--json"]);
    let ended = login.run().exits(0).hides(&["q1", "q2"]);
    let queued = events_named(&ended, &["queued", "waiting"]);
    let place = |place| json!({ "event": "queued", "position": place, "eta": 60 });
    assert_eq!(queued, [place(3), place(2), place(1)]);
    let tokens = ["queueToken=q1", "queueToken=q2", "queueToken=q2"];
    assert_eq!(posted(server)[1..], tokens);
}

#[test]
fn lost_polls_are_reported_and_the_queue_continues() {
    let home = Home::new();
    let server = Scripted::new([
        delayed(3, Some("q1")),
        Reaction::Bytes(Vec::new()),
        Reaction::answer(503, "text/html", "<html>busy</html>"),
        granted(),
    ]);
    let login = home.ttr("login", &server.root(), &["--json"]);
    let ended = login.run().exits(0);
    let waiting = events_named(&ended, &["waiting"]);
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
fn an_unknown_position_is_null() {
    let (home, delayed) = (Home::new(), r#"{"success":"delayed","queueToken":"q1"}"#);
    let server = Scripted::new([Reaction::json(delayed), granted()]);
    let login = home.ttr("login", &server.root(), &["--json"]);
    let queued = events_named(&login.run().exits(0), &["queued"]);
    assert_eq!(
        queued,
        [json!({ "event": "queued", "position": null, "eta": null })]
    );
}

#[test]
fn a_refusal_in_the_queue_ends_the_login() {
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
fn a_code_can_be_asked_for_between_two_queues() {
    let home = Home::new();
    let partial = r#"{"success":"partial","banner":"Code?","responseToken":"t1"}"#;
    let server = Scripted::new([
        delayed(1, Some("q1")),
        Reaction::json(partial),
        delayed(2, Some("q2")),
        granted(),
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
fn the_queue_timeout_ends_the_login() {
    // The pauses in the queue are 0.4 s and 1 s. These timeouts are 0.3 s and 0.6 s.
    for (minutes, requests) in [("0.005", 1), ("0.01", 2)] {
        let home = Home::new();
        let queued = (0..requests).map(|_| delayed(3, Some("q1")));
        let server = Scripted::new(queued);
        let options = ["--json", "--queue-timeout", minutes];
        let ended = home.ttr("login", &server.root(), &options).run();
        let ended = ended.fails(75, "was not admitted from the queue in time");
        assert_eq!(ended.error_event()["reason"], "try-later");
        assert_eq!(sent(server).len(), requests);
    }
}

#[test]
fn a_position_is_printed_once_until_it_changes() {
    let home = Home::new();
    let server = Scripted::new([delayed(2, Some("q1")), delayed(2, Some("q1")), granted()]);
    let ended = home.ttr("login", &server.root(), &[]).run().exits(0);
    let lines: Vec<_> = ended.stderr.lines().collect();
    let [logging_in, queued] = lines[..] else {
        panic!("{ended:#?}");
    };
    assert!(logging_in.ends_with("logging in as alice"), "{logging_in}");
    assert!(queued.contains("in queue, position 2"), "{queued}");
    assert!(!ended.stderr.contains('\u{1b}'), "{ended:#?}");
}

#[test]
fn with_quiet_the_queue_is_not_reported() {
    let home = Home::new();
    let server = Scripted::new([delayed(2, Some("q1")), granted()]);
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
        granted(),
    ]);
    let options = ["--json", "--wait-for-server"];
    let login = home.ttr("login", &server.root(), &options);
    let ended = login.run().exits(0);
    assert_eq!(ended.event_names(), ["login", "waiting", "ready"]);
    let waiting = json!({ "event": "waiting", "reason": "closed", "retry_in": 5.0 });
    assert_eq!(events_named(&ended, &["waiting"]), [waiting]);
    let requests = [(STATUS, ""), (STATUS, ""), (POST, CREDENTIALS)];
    let requests = requests.map(|(line, body)| (line.to_owned(), body.to_owned()));
    assert_eq!(sent(server), requests);
}

#[test]
fn when_the_wait_is_over_a_closed_game_is_reported_in_the_servers_words() {
    let (home, server) = (Home::new(), Scripted::always(Reaction::json(CLOSED)));
    let login = home.ttr("login", &server.root(), &["--wait-for-server=0.01"]);
    let ended = login.run().fails(69, "\"Closed for maintenance.\"");
    assert!(ended.stderr.contains("trying again in"), "{ended:#?}");
    for (line, body) in sent(server) {
        assert_eq!((line.as_str(), body.as_str()), (STATUS, ""));
    }
}

#[test]
fn a_game_that_closes_after_the_status_request_is_reported() {
    let home = Home::new();
    let closed = refused("The game is closed for maintenance.");
    let server = Scripted::new([Reaction::json(r#"{"open":"true"}"#), closed]);
    let login = home.ttr("login", &server.root(), &["--wait-for-server=0"]);
    login.run().fails(69, "closed for maintenance");
}

#[test]
fn a_status_answer_that_is_not_understood_is_a_warning_and_the_login_is_tried() {
    for answer in [
        Reaction::json(r#"{"open":"perhaps"}"#),
        Reaction::answer(404, "text/html", "<html>"),
        Reaction::with_headers(302, &[("Location", "/")], ""),
    ] {
        let (home, server) = (Home::new(), Scripted::new([answer, granted()]));
        let login = home.ttr("login", &server.root(), &["--wait-for-server"]);
        let ended = login.run().exits(0);
        let warnings = ended.stderr.matches("warning: ").count();
        assert_eq!(warnings, 1, "{ended:#?}");
        let lines: Vec<_> = sent(server).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [STATUS, "POST /api/login?format=json HTTP/1.1"]);
    }
}

#[test]
fn a_status_server_that_fails_until_the_limit_does_not_prevent_the_login() {
    let failed = Reaction::answer(503, "text/html", "<html>");
    let (home, server) = (Home::new(), Scripted::new([failed, granted()]));
    let login = home.ttr("login", &server.root(), &["--wait-for-server=0"]);
    let ended = login.run().exits(0);
    assert!(
        ended.stderr.contains("the login is tried all the same"),
        "{ended:#?}"
    );
}

#[test]
fn without_wait_for_server_a_login_is_tried_once() {
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
fn the_position_after_a_code_is_printed_even_if_unchanged() {
    let partial = r#"{"success":"partial","banner":"Code?","responseToken":"t1"}"#;
    for (option, expected) in [
        ("--json", r#""position":1,"#),
        ("--code-command=echo 1", "position 1"),
    ] {
        let home = Home::new();
        let server = Scripted::new([
            delayed(1, Some("q1")),
            Reaction::json(partial),
            delayed(1, Some("q2")),
            granted(),
        ]);
        let login = home.ttr("login", &server.root(), &[option]);
        let ended = login.env("PLAYCOOKIE_CODE", "1").run().exits(0);
        let output = [ended.stdout.as_str(), ended.stderr.as_str()].concat();
        assert_eq!(output.matches(expected).count(), 2, "{ended:#?}");
        assert_eq!(server.count(), 4);
    }
}
