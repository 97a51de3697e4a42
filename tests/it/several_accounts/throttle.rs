//! The spacing of logins within a run and between runs.

use std::time::{Duration, Instant};

use super::*;

/// The shortest wait of a second login of the same game, less the inaccuracy of clocks.
const SPACING: Duration = Duration::from_millis(1_900);

#[test]
fn a_second_login_waits_and_reports_it() {
    let fixture = Fixture::new("", grant_all(&["dora", "dan"]));
    let start = Instant::now();
    let play = ["tlopo", "dora", "dan", "--json"];
    let ended = fixture.program(&play).run().exits(0);
    assert!(start.elapsed() >= SPACING, "{:?}", start.elapsed());
    let events = ended.events();
    // After a slow first login the second one does not wait.
    for waiting in events.iter().filter(|event| event["event"] == "waiting") {
        assert_eq!(waiting["account"], "dan");
        let left = waiting["retry_in"].as_f64().expect("a number");
        assert!(0.0 < left && left <= 2.0, "{waiting}");
    }
    assert_eq!(fixture.logins(), ["dora", "dan"]);
}

#[test]
fn logins_of_two_processes_wait_for_each_other() {
    let fixture = Fixture::new("", grant_all(&["dora", "dora", "dora"]));
    let start = Instant::now();
    let runs =
        ["dora", "dan", "dora"].map(|name| fixture.program(&["tlopo", "login", name]).start());
    for run in runs {
        run.wait().exits(0);
    }
    assert!(start.elapsed() >= 2 * SPACING, "{:?}", start.elapsed());
}

#[test]
fn a_retry_after_applies_to_the_next_run() {
    let wait = r#"{"status":"10","message":"Too many attempts."}"#;
    for (game, name, reaction) in [
        ("tlopo", "dora", Reaction::json(wait)),
        ("tlopo", "dora", too_many()),
        ("ttr", "alice", too_many()),
    ] {
        let fixture = Fixture::new("", [reaction]);
        let login = [game, "login", name, "--json"];
        let first = fixture.program(&login).run().exits(75);
        assert_eq!(first.error_event()["reason"], "try-later");
        let second = fixture.program(&login).run().exits(75);
        assert_eq!(second.error_event()["reason"], "try-later");
        let (error, hint) = second.error_and_hint();
        assert!(error.contains(" s are left"), "{error}");
        assert!(hint.contains("nothing was sent"), "{hint}");
        assert_eq!(fixture.server.count(), 1);
    }
}

#[test]
fn a_retry_after_does_not_apply_to_another_game() {
    let fixture = Fixture::new("", [vec![too_many()], granted("dora")].concat());
    fixture.program(&["ttr", "login", "alice"]).run().exits(75);
    fixture.program(&["tlopo", "login", "dora"]).run().exits(0);
    assert_eq!(fixture.server.count(), 2);
}

#[test]
fn with_wait_for_server_a_retry_after_is_waited_for() {
    let soon = Reaction::with_headers(429, &[("Retry-After", "2")], "");
    let open = Reaction::json(r#"{"open":true}"#);
    let fixture = Fixture::new("", [vec![soon, open], granted("alice")].concat());
    let login = ["ttr", "login", "alice"];
    fixture.program(&login).run().exits(75);
    let login = [&login[..], &["--wait-for-server", "--json"]].concat();
    fixture.program(&login).run().exits(0);
    // The first request asks for the game's status and is no login.
    let requests = fixture.server.finish();
    assert!(requests[1].line.starts_with("GET "), "{requests:#?}");
}

#[test]
fn a_retry_after_is_reported_before_the_password_prompt() {
    let fixture = Fixture::new("", [too_many()]);
    fixture.program(&["ttr", "login", "alice"]).run().exits(75);
    let pty = fixture
        .program(&["ttr", "login", "-u", "x"])
        .on_a_terminal();
    let ended = pty.wait().fails(75, " s are left");
    assert!(!ended.stderr.contains("Password"), "{ended:#?}");
}
