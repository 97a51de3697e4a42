//! `scid login` without a secret store: PINs, throttling and the meaning of each answer.

use playcookie::stand_in::Scenario;

use super::{EMAIL, shown_pin};
use crate::harness::{Home, Program, Reaction, Scripted, StandInServer};

const REQUESTED: &str = r#"{"ok":true}"#;
const VALID: &str = r##"{"ok":true,"data":{"email":"alice@example.com","isValid":true,"isBound":true,"application":
    {"application":"scroll-prod","account":"#8PRLVC0J","username":"OJ","progress":["5","820"]}}}"##;

/// Returns `scid login EMAIL --no-save --api ROOT …`.
fn login(home: &Home, root: &str, more: &[&str]) -> Program {
    let typed = ["scid", "login", EMAIL, "--no-save", "--api", root];
    home.program(&[&typed[..], more].concat())
}

/// Requests a code for Clash Royale and returns the PIN that the stand-in server shows.
#[track_caller]
fn request(home: &Home, root: &str) -> String {
    let ended = login(home, root, &["--game", "cr", "--request-only"])
        .run()
        .exits(0);
    assert!(ended.stderr.contains("code requested"), "{ended:#?}");
    assert!(!ended.stderr.contains("code sent"), "{ended:#?}");
    shown_pin(&ended)
}

#[test]
fn both_interfaces_show_the_identity_after_a_pin_with_a_separator() {
    for (interface, separator) in [("current", " "), ("documented", "-")] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let root = format!("{interface}@{}", server.root());
        let pin = request(&home, &root);
        let typed = [&pin[..3], &pin[3..]].join(separator);
        let ended = login(&home, &root, &["--pin-stdin"])
            .stdin(format!("{typed}\n"))
            .run()
            .exits(0);
        for shown in ["player tag:", "#8PRLVC0J", "OJ"] {
            assert!(ended.stdout.contains(shown), "{ended:#?}");
        }
        ended.hides(&[&pin, &typed]);
        let paths: Vec<_> = server
            .requests()
            .iter()
            .map(|request| request.path.clone())
            .collect();
        assert!(
            paths[1].ends_with("login.validate") && paths[2].ends_with("login.confirm"),
            "{paths:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_does_not_echo_the_pin_without_prompts() {
    let tokens = r#"{"ok":true,"data":{"scid":"a.b.c","scidToken":"a.b.c"}}"#;
    let server = Scripted::new([REQUESTED, VALID, tokens].map(Reaction::json));
    let typed = ["--game", "scroll", "--pin-stdin", "--no-input"];
    let mut pty = login(&Home::new(), &server.root(), &typed).on_a_terminal();
    pty.wait_until_hidden();
    pty.line("012345");
    pty.wait().exits(0).hides(&["012345", "PIN: "]);
    server.finish();
}

#[test]
fn an_invalid_pin_is_not_sent() {
    let server = Scripted::new([Reaction::json(REQUESTED)]);
    let home = Home::new();
    login(&home, &server.root(), &["--game", "soil", "--request-only"])
        .run()
        .exits(0);
    for typed in ["12345\n", "1234567\n", "abcdef\n", "١٢٣٤٥٦\n"] {
        let ended = login(&home, &server.root(), &["--pin-stdin"])
            .stdin(typed)
            .run();
        ended.fails(64, "").hides(&[typed.trim()]);
    }
    login(&home, &server.root(), &["--pin-stdin"])
        .run()
        .fails(66, "PIN");
    server.finish();
}

#[test]
fn a_second_request_within_a_minute_is_refused() {
    let server = Scripted::new([Reaction::json(REQUESTED)]);
    let home = Home::new();
    let only = ["--game", "soil", "--request-only"];
    login(&home, &server.root(), &only).run().exits(0);
    let ended = login(&home, &server.root(), &only).args(["--json"]).run();
    let ended = ended.fails(75, "less than a minute ago");
    assert_eq!(ended.error_event()["reason"], "try-later");
    server.finish();
}

#[test]
fn three_wrong_pins_end_a_request() {
    let wrong = Reaction::json(r#"{"ok":false,"error":"incorrect_pin"}"#);
    let server = Scripted::new([
        Reaction::json(REQUESTED),
        wrong.clone(),
        wrong.clone(),
        wrong,
    ]);
    let home = Home::new();
    login(&home, &server.root(), &["--game", "soil", "--request-only"])
        .run()
        .exits(0);
    for _ in 0..3 {
        let ended = login(&home, &server.root(), &["--pin-stdin", "--json"])
            .stdin("123456\n")
            .run();
        let ended = ended.exits(77).hides(&["123456"]);
        assert_eq!(ended.error_event()["reason"], "code");
    }
    login(&home, &server.root(), &["--pin-stdin"])
        .stdin("123456\n")
        .run()
        .fails(75, "less than a minute");
    server.finish();
}

#[test]
fn each_answer_to_a_pin_has_its_status_and_a_hint_for_supercell_id() {
    let json = |body: &str| Reaction::json(body);
    let refused = |word: &str| json(&format!(r#"{{"ok":false,"error":"{word}"}}"#));
    let answer = |status, body| Reaction::answer(status, "text/html", body);
    let mut codes = Vec::new();
    for (answer, status, reason, hint) in [
        (refused("incorrect_pin"), 77, "code", "the newest e-mail"),
        (
            json(r#"{"ok":true,"data":{"isValid":false,"isBound":true}}"#),
            77,
            "code",
            "the newest e-mail",
        ),
        (
            json(r#"{"ok":true,"data":{"isValid":true,"isBound":false}}"#),
            77,
            "account",
            "another game",
        ),
        (refused("binding_not_found"), 77, "account", "another game"),
        (refused("bad_request"), 76, "not-understood", "-vv"),
        (refused("odd_word"), 76, "not-understood", "-vv"),
        (refused("rate_limited"), 75, "try-later", "in a few minutes"),
        (refused("maintenance"), 69, "closed", "later"),
        (answer(401, "Unauthorized"), 76, "not-understood", "signs"),
        (answer(403, "<html>"), 76, "not-understood", "-vv"),
        (
            answer(503, "<html>"),
            69,
            "server-error",
            "in a few minutes",
        ),
        (answer(429, ""), 75, "try-later", "in a few minutes"),
        (Reaction::Bytes(Vec::new()), 68, "network", "try again"),
    ] {
        let server = Scripted::new([json(REQUESTED), answer]);
        let home = Home::new();
        let typed = ["--game", "scroll", "--pin-stdin", "--json", "-vv"];
        let ended = login(&home, &server.root(), &typed).stdin("012345\n").run();
        let ended = ended.exits(status).hides(&["012345", "--wait-for-server"]);
        let event = ended.error_event();
        assert_eq!(event["reason"], reason);
        assert!(
            event["hint"]
                .as_str()
                .is_some_and(|text| text.contains(hint)),
            "{ended:#?}"
        );
        codes.extend(event["code"].as_str().map(ToOwned::to_owned));
        server.finish();
    }
    let words = [
        "incorrect_pin",
        "binding_not_found",
        "bad_request",
        "odd_word",
        "rate_limited",
        "maintenance",
    ];
    assert_eq!(codes, words);
}

#[test]
fn a_login_that_is_unauthorized_says_that_requests_have_to_be_signed() {
    for answer in [
        Reaction::answer(401, "text/plain", "Unauthorized"),
        Reaction::json(r#"{"ok":false,"error":"unauthorized"}"#),
    ] {
        let server = Scripted::new([answer]);
        let typed = ["--game", "scroll", "--request-only"];
        let ended = login(&Home::new(), &server.root(), &typed).run();
        ended.fails(76, "the server wants signed requests");
        server.finish();
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_is_asked_for_a_missing_game() {
    let server =
        Scripted::new([REQUESTED, r#"{"ok":false,"error":"bad_request"}"#].map(Reaction::json));
    let mut pty = login(&Home::new(), &server.root(), &[]).on_a_terminal();
    pty.expect("Clash Royale");
    pty.expect("Game: ");
    pty.line("chess");
    pty.expect("none of these games");
    pty.expect("Game: ");
    pty.line("cr");
    pty.expect("PIN: ");
    pty.line("012345");
    pty.wait().exits(76);
    let requests = server.finish();
    assert!(requests[0].body.contains("game=scroll"), "{requests:?}");
}

#[test]
fn with_json_the_identity_is_one_object_after_the_events_and_no_token_is_printed() {
    let tokens = r#"{"ok":true,"data":{"scid":"a.s3cret-scid.b","scidToken":"a.s3cret-token.b"}}"#;
    let server = Scripted::new([REQUESTED, VALID, tokens].map(Reaction::json));
    let typed = ["--game", "scroll", "--pin-stdin", "--json", "-vv"];
    let ended = login(&Home::new(), &server.root(), &typed)
        .stdin("012345\n")
        .run()
        .exits(0)
        .hides(&["s3cret", "012345"]);
    let events = ended.events();
    assert_eq!(events[1]["kind"], "pin");
    assert_eq!(
        events
            .last()
            .map(|identity| &identity["application"]["username"]),
        Some(&"OJ".into())
    );
    server.finish();
}

#[test]
fn a_code_is_requested_for_known_games_only() {
    let (home, server) = (Home::new(), Scripted::untouched());
    login(&home, &server.root(), &["--pin-stdin"])
        .stdin("012345\n")
        .run()
        .fails(64, "for a game");
    login(&home, &server.root(), &["--game", "chess", "--pin-stdin"])
        .run()
        .fails(64, "--game");
    login(
        &home,
        &server.root(),
        &["--game", "hd", "--lang", "german", "--pin-stdin"],
    )
    .run()
    .fails(64, "--lang");
    let typed = [
        "scid",
        "login",
        "alice",
        "--no-save",
        "--pin-stdin",
        "--game",
        "hd",
    ];
    home.program(&typed).run().fails(64, "no e-mail address");
    server.finish();
}

#[test]
fn without_a_prompt_no_code_is_requested() {
    let server = Scripted::untouched();
    login(&Home::new(), &server.root(), &["--game", "hd"])
        .run()
        .fails(66, "PIN");
    server.finish();
}

#[cfg(unix)]
#[test]
fn without_a_store_a_code_is_requested_only_with_no_save() {
    let server = Scripted::untouched();
    let typed = [
        "scid",
        "login",
        EMAIL,
        "--game",
        "hd",
        "--pin-stdin",
        "--api",
    ];
    let home = Home::new();
    let ended = home
        .program(&typed)
        .args([server.root()])
        .args(["--json"])
        .run();
    let ended = ended.exits(78);
    assert_eq!(ended.error_event()["reason"], "secret-store");
    assert!(ended.hint().contains("--no-save"), "{ended:#?}");
    assert!(!ended.hint().contains("--password-command"), "{ended:#?}");
    let ended = home.program(&["scid", "whoami", EMAIL]).run().exits(78);
    assert!(!ended.hint().contains("--"), "{ended:#?}");
    server.finish();
}

#[test]
fn a_rehearsal_leaves_nothing_behind() {
    let home = Home::new();
    let typed = ["rehearse", "scid", "-u", EMAIL, "--pin-stdin"];
    // The run prints its PIN, so the one on standard input is wrong.
    home.program(&typed)
        .stdin("000000\n")
        .run()
        .fails(77, "refused the code");
    assert_eq!(std::fs::read_dir(home.path()).expect("a home").count(), 0);
}
