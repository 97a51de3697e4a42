//! The Legend of Pirates Online with both interfaces.

#[cfg(unix)]
mod starting;

use playcookie::stand_in::Scenario;

use crate::harness::games::{PASSWORD, ends_as};
use crate::harness::tls::Authority;
use crate::harness::{Home, Reaction, Scripted, StandInServer};

const GRANTED: &str =
    r#"{"status":"7","message":"Have fun!","token":"12345678abcdefgh","gameserver":"gs.example"}"#;

/// Returns values of `--api` for both interfaces.
fn interfaces(root: &str) -> [String; 3] {
    [
        root.to_owned(),
        format!("current@{root}"),
        format!("documented@{root}"),
    ]
}

#[test]
fn a_login_is_one_form_through_either_interface() {
    let server = StandInServer::new(Scenario::default());
    for (root, number) in interfaces(&server.root()).iter().zip(1..) {
        let ended = Home::new().game("tlopo", "login", root, &[]).run().exits(0);
        let variables: Vec<_> = ended.stdout.lines().collect();
        let gameserver = format!("export TLOPO_GAMESERVER='{}'", server.gameserver());
        assert_eq!(variables.len(), 2, "{ended:?}");
        assert_eq!(variables[0], gameserver);
        assert!(variables[1].starts_with("export TLOPO_PLAYCOOKIE='"));
        assert_eq!(server.requests().len(), number);
    }
    for request in server.requests() {
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/login/")
        );
    }
}

#[test]
fn requests_are_as_documented() {
    let server = Scripted::new([Reaction::json(GRANTED)]);
    Home::new()
        .game("tlopo", "login", &server.root(), &[])
        .run()
        .exits(0);
    let [request] = &server.finish()[..] else {
        panic!("one request")
    };
    assert_eq!(request.line, "POST /login/ HTTP/1.1");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(request.body, format!("username=alice&password={PASSWORD}"));
}

#[test]
fn a_code_is_sent_with_username_and_password() {
    let asking = r#"{"status":3,"message":"A code, please."}"#;
    let server = Scripted::new([asking, GRANTED].map(Reaction::json));
    let more = ["--json", "--code", "739154", "-vv"];
    let ended = Home::new()
        .game("tlopo", "login", &server.root(), &more)
        .run()
        .exits(0)
        .hides(&[PASSWORD, "739154"]);
    assert_eq!(ended.event_names(), ["login", "question", "ready"]);
    let first = format!("username=alice&password={PASSWORD}");
    let bodies: Vec<_> = server
        .finish()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, [first.clone(), format!("{first}&gtoken=739154")]);
}

#[test]
fn a_refused_code_is_reported() {
    let scenario = Scenario {
        two_factor: true,
        ..Scenario::default()
    };
    let server = StandInServer::new(scenario);
    let login = |more: &[&str]| {
        let home = Home::new();
        home.game("tlopo", "login", &server.root(), more).run()
    };
    let ended = login(&["--json", "--code", "no"]).exits(77);
    assert_eq!(ended.error_event()["reason"], "code");
    let ended = login(&["--json"]).exits(66);
    assert_eq!(ended.error_event()["reason"], "input-needed");
}

#[test]
fn dist_is_a_variable_only_when_it_was_returned() {
    let with = GRANTED.replace("\"7\",", "7,\"dist\":\"win64\",");
    for (answer, names) in [
        (GRANTED, &["TLOPO_GAMESERVER", "TLOPO_PLAYCOOKIE"][..]),
        (
            with.as_str(),
            &["TLOPO_GAMESERVER", "TLOPO_PLAYCOOKIE", "TLOPO_DIST"][..],
        ),
    ] {
        let server = Scripted::new([Reaction::json(answer)]);
        let ended = Home::new()
            .game("tlopo", "login", &server.root(), &["--json"])
            .run()
            .exits(0);
        let ready = ended.events().pop().expect("ready");
        let variables: Vec<_> = ready["variables"].as_array().expect("names").clone();
        assert_eq!(variables, names);
    }
}

#[test]
fn every_status_of_the_server_has_its_exit_status() {
    for (number, status, reason) in [
        (0, 69, "server-error"),
        (1, 77, "credentials"),
        (2, 69, "server-error"),
        (3, 66, "input-needed"),
        (4, 77, "account"),
        (5, 69, "closed"),
        (6, 77, "account"),
        (8, 77, "account"),
        (9, 77, "account"),
        (10, 75, "try-later"),
        (11, 77, "approval"),
        (12, 69, "server-error"),
    ] {
        let text = format!(r#"{{"status":"{number}","message":"Arr."}}"#);
        ends_as("tlopo", "current", &[&text], status, reason);
        let integer = format!(r#"{{"status":{number},"message":"Arr."}}"#);
        ends_as("tlopo", "documented", &[&integer], status, reason);
    }
    for odd in ["{}", "[]", r#"{"status":"7"}"#, "<html>"] {
        ends_as("tlopo", "current", &[odd], 76, "not-understood");
    }
}

#[test]
fn each_status_without_a_message_has_a_sentence_and_its_number_in_the_event() {
    let sentences = [0, 1, 2, 4, 5, 6, 8, 9, 10, 11].map(|number| {
        let server = Scripted::new([Reaction::json(format!(r#"{{"status":{number}}}"#))]);
        let home = Home::new();
        let ended = home.game("tlopo", "login", &server.root(), &["--json", "-v"]);
        let ended = ended.run();
        let error = ended.error_event();
        assert_eq!(error["code"], number);
        let code = format!("the server's own code is {number}\n");
        assert!(ended.stderr.contains(&code), "{ended:#?}");
        error["message"].as_str().expect("a message").to_owned()
    });
    let all: std::collections::BTreeSet<_> = sentences.iter().collect();
    assert_eq!(all.len(), sentences.len(), "{sentences:#?}");
    assert!(
        sentences[5].ends_with("alice: this IP address is banned"),
        "{sentences:#?}"
    );
}

#[test]
fn the_message_of_a_success_is_in_the_event_and_in_the_details() {
    let greeting = format!("Have fun, {PASSWORD}!");
    let granted = GRANTED.replace("Have fun!", &greeting);
    let server = Scripted::new([Reaction::json(granted)]);
    let home = Home::new();
    let ended = home.game("tlopo", "login", &server.root(), &["--json", "-v"]);
    let ended = ended.run().exits(0).hides(&[PASSWORD]);
    let ready = ended.events().pop().expect("ready");
    let masked = "Have fun, •••!";
    assert_eq!(ready["message"], masked);
    assert!(
        ended
            .stderr
            .contains(&format!("the server says: \"{masked}\"")),
        "{ended:#?}"
    );
}

#[test]
fn the_question_after_a_refused_code_says_so() {
    let asking = r#"{"status":3,"message":"A code, please."}"#;
    let server = Scripted::new([asking, asking, GRANTED].map(Reaction::json));
    let home = Home::new();
    let login = |more: &[&str]| home.game("tlopo", "login", &server.root(), more);
    let lines = format!("{PASSWORD}\n111111\n222222\n");
    let ended = login(&["--json"]).stdin(lines).run().exits(0);
    let events = ended.events();
    let again: Vec<_> = events
        .iter()
        .filter(|event| event["event"] == "question")
        .collect();
    assert_eq!(again[0].get("again"), None);
    assert_eq!(again[1]["again"], true);
    let server = Scripted::new([asking, asking, GRANTED].map(Reaction::json));
    let login = home.game("tlopo", "login", &server.root(), &[]);
    let lines = format!("{PASSWORD}\n111111\n222222\n");
    let ended = login.stdin(lines).run().exits(0);
    assert!(
        ended
            .stderr
            .contains("the code was refused: A code, please."),
        "{ended:#?}"
    );
}

#[test]
fn an_unknown_status_is_shown_with_its_number() {
    let server = Scripted::new([Reaction::json(r#"{"status":12,"message":"Avast."}"#)]);
    Home::new()
        .game("tlopo", "login", &server.root(), &[])
        .run()
        .fails(69, "Avast. (status 12)");
}

#[test]
fn a_game_that_is_closed_is_waited_for_without_a_password() {
    let closed = r#"{"status":3,"message":"Careening the ships."}"#;
    let server = Scripted::new([closed, r#"{"status":1}"#, GRANTED].map(Reaction::json));
    Home::new()
        .game(
            "tlopo",
            "login",
            &server.root(),
            &["--wait-for-server=0.02"],
        )
        .run()
        .exits(0);
    let lines: Vec<_> = server
        .finish()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert_eq!(
        lines,
        [
            "GET /system/status/ HTTP/1.1",
            "GET /system/status/ HTTP/1.1",
            "POST /login/ HTTP/1.1"
        ]
    );
}

#[test]
fn the_abandoned_host_name_causes_a_warning() {
    let home = Home::new();
    let authority = Authority::new().file(&home);
    let login = |api: &str| {
        // The proxy refuses connections, so that nothing leaves this machine.
        home.game("tlopo", "login", api, &[])
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .env("SSL_CERT_FILE", &authority)
            .run()
            .exits(68)
            .stderr
    };
    let stderr = login("documented");
    assert!(
        stderr.contains("warning: ") && stderr.contains("piratesonline.co"),
        "{stderr}"
    );
    assert!(!login("current").contains("warning: "));
    assert!(!login("documented@https://127.0.0.1:1").contains("warning: "));
}

#[test]
fn a_toon_slot_is_a_usage_error() {
    let server = Scripted::untouched();
    Home::new()
        .game("tlopo", "login", &server.root(), &["--toon-slot", "1"])
        .run()
        .fails(64, "--toon-slot");
}

#[test]
fn a_rehearsal_logs_in_and_starts_the_game() {
    let arguments = ["rehearse", "tlopo", "-u", "a", "--password-stdin"];
    let rehearse = |more: &[&str]| {
        let home = Home::new();
        let arguments = [&arguments[..], more].concat();
        home.program(&arguments).stdin("pw\n").run()
    };
    let ended = rehearse(&["--queue", "0"]).exits(0);
    assert!(ended.stdout.contains("the play cookie of a."), "{ended:?}");
    assert!(!ended.stderr.contains("wrong request"), "{ended:?}");
    let ended = rehearse(&["--refuse", "--json"]).exits(77);
    assert!(ended.stdout.contains(r#""reason":"credentials""#));
}

#[cfg(unix)]
#[test]
fn a_rehearsal_shows_the_code_in_its_prompt() {
    use std::process::Stdio;

    let home = Home::new();
    let events = home.path().join("events");
    let mut command = home
        .program(&["rehearse", "tlopo", "--json", "-u", "a"])
        .args(["--password-command", "echo pw"])
        .args([
            "--code-command",
            r"sed -n 's/.*code is \([0-9]*\).*/\1/p' events",
        ])
        .into_command();
    let status = command
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&events).expect("a file"))
        .stderr(Stdio::null())
        .status();
    let events = std::fs::read_to_string(&events).expect("events");
    assert!(status.expect("it ran").success(), "{events}");
    assert!(events.contains(r#""event":"exited""#), "{events}");
}
