//! Failed logins, which revoke their token.

use super::*;

#[test]
fn a_login_that_fails_after_the_registration_revokes_the_token() {
    for (answers, status) in [
        (&[REGISTERED, METADATA, CLOSED, REVOKED][..], 69),
        (&[REGISTERED, METADATA, "<html>", REVOKED][..], 76),
        (&[REGISTERED, "{}", r#"{"status":true}"#, REVOKED][..], 76),
    ] {
        let server = Scripted::new(answers.iter().map(Reaction::json));
        login(&server, &[]).exits(status);
        assert_eq!(request_paths(server), LOGIN_PATHS);
    }
}

#[test]
fn a_connection_that_is_lost_ends_the_login_and_the_token_is_revoked() {
    let lost = || Reaction::Bytes(Vec::new());
    let server = Scripted::new([Reaction::json(REGISTERED), lost(), Reaction::json(REVOKED)]);
    login(&server, &[]).exits(68);
    assert_eq!(
        request_paths(server),
        [LOGIN_PATHS[0], LOGIN_PATHS[1], LOGIN_PATHS[3]]
    );
    let server = Scripted::new([
        Reaction::json(REGISTERED),
        Reaction::json(METADATA),
        lost(),
        Reaction::json(REVOKED),
    ]);
    login(&server, &[]).exits(68);
    assert_eq!(request_paths(server), LOGIN_PATHS);
}

#[test]
fn a_token_that_cannot_be_revoked_is_a_warning() {
    let server = Scripted::new([
        Reaction::json(REGISTERED),
        Reaction::json(METADATA),
        Reaction::json(GRANTED),
        Reaction::answer(503, "text/html", "<html>"),
    ]);
    let ended = login(&server, &[]).exits(0);
    assert!(ended.stderr.contains("warning: "), "{ended:?}");
}

#[test]
fn the_answer_to_the_revocation_is_shown_without_the_tokens() {
    for token in [LAUNCHER_TOKEN, GAME_TOKEN] {
        let revoked = format!(r#"{{"status":true,"reason":"{token}"}}"#);
        let server = Scripted::new([REGISTERED, METADATA, GRANTED, &revoked].map(Reaction::json));
        let ended = login(&server, &[]).exits(0);
        assert!(ended.stderr.contains(r#""reason":"•••""#), "{ended:#?}");
    }
}

#[test]
fn a_password_at_the_end_of_a_truncated_message_with_a_number_is_redacted() {
    for length in 340..400 {
        let message = format!("{}{PASSWORD}", ".".repeat(length));
        let refused = format!(r#"{{"status":false,"reason":7,"message":"{message}"}}"#);
        let server = Scripted::new([Reaction::json(refused)]);
        login(&server, &[]).hides(&[PASSWORD, &PASSWORD[..4]]);
    }
}

#[test]
fn every_result_of_the_registration_has_its_status() {
    for (answer, status, reason) in [
        (r#""reason":2"#, 77, "credentials"),
        (r#""reason":3"#, 77, "account"),
        (r#""reason":"1003""#, 77, "account"),
        (r#""reason":1004"#, 69, "closed"),
        (r#""reason":429"#, 75, "try-later"),
        (r#""reason":7"#, 77, "credentials"),
        (r#""toonstep":true"#, 77, "approval"),
        (r#""message":"A lot of Toons!""#, 75, "try-later"),
        (r#""bad_token":true"#, 77, "signed-out"),
    ] {
        let answer = format!(r#"{{"status":false,{answer}}}"#);
        ends_as("ttcc", "current", &[&answer], status, reason);
    }
    for odd in ["{}", "null", r#"{"status":true,"token":""}"#, "<html>"] {
        ends_as("ttcc", "current", &[odd], 76, "not-understood");
    }
}

#[test]
fn every_result_of_the_login_has_its_status() {
    for (answer, status, reason) in [
        (r#""reason":4"#, 77, "account"),
        (r#""reason":1004"#, 69, "closed"),
        (r#""reason":429"#, 75, "try-later"),
        (r#""reason":9"#, 77, "credentials"),
        (r#""toonstep":true"#, 77, "approval"),
        (r#""bad_token":true"#, 77, "signed-out"),
    ] {
        let answer = format!(r#"{{"status":false,{answer}}}"#);
        let answers = [REGISTERED, METADATA, &answer, REVOKED];
        ends_as("ttcc", "current", &answers, status, reason);
    }
    let bad = r#"{"bad_token":true}"#;
    ends_as(
        "ttcc",
        "current",
        &[REGISTERED, bad, REVOKED],
        77,
        "signed-out",
    );
}

#[test]
fn every_result_of_the_documented_login_has_its_status() {
    for (number, status, reason) in [
        (2, 77, "credentials"),
        (3, 77, "account"),
        (4, 77, "account"),
        (5, 77, "credentials"),
        (429, 75, "try-later"),
        (1002, 77, "account"),
        (1003, 77, "account"),
        (1004, 69, "closed"),
        (1005, 77, "credentials"),
        (1006, 77, "credentials"),
    ] {
        let answer = format!(r#"{{"status":false,"reason":{number},"friendlyreason":"Hm."}}"#);
        ends_as("ttcc", "documented", &[&answer], status, reason);
    }
    let sample = r#"{"status": true, "reason": 0, "friendlyreason": "", "token": ""}"#;
    ends_as("ttcc", "documented", &[sample], 76, "not-understood");
}

#[test]
fn each_reason_without_a_message_has_a_sentence_and_its_number_in_the_event() {
    let sentences = [2, 3, 4, 5, 429, 1002, 1003, 1004, 1005].map(|reason| {
        let answer = format!(r#"{{"status":false,"reason":{reason}}}"#);
        let server = Scripted::new([Reaction::json(answer)]);
        let root = format!("documented@{}", server.root());
        let ended = Home::new().game("ttcc", "login", &root, &["--json"]).run();
        let error = ended.error_event();
        assert_eq!(error["code"], reason);
        error["message"].as_str().expect("a message").to_owned()
    });
    let all: std::collections::BTreeSet<_> = sentences.iter().collect();
    assert_eq!(all.len(), sentences.len(), "{sentences:#?}");
    let token = "does not accept the player token of alice: the player token is unknown or damaged";
    assert!(sentences[3].ends_with(token), "{sentences:#?}");
}

#[test]
fn an_unknown_reason_is_shown_with_its_number_and_message() {
    let answer = r#"{"status":false,"reason":1006,"friendlyreason":"Not today."}"#;
    let server = Scripted::new([Reaction::json(answer)]);
    let root = format!("documented@{}", server.root());
    Home::new()
        .game("ttcc", "login", &root, &[])
        .run()
        .fails(77, "Not today. (reason 1006)");
}

#[test]
fn a_401_is_read_by_its_json_and_plain_text_is_not_understood() {
    let gone = r#"{"error":"Unauthorized","bad_token":true}"#;
    for (body, status) in [(gone, 77), ("Unauthorized", 76)] {
        let server = Scripted::new([
            Reaction::json(REGISTERED),
            Reaction::json(METADATA),
            Reaction::answer(401, "text/plain", body),
            Reaction::json(REVOKED),
        ]);
        login(&server, &[]).exits(status);
    }
}

#[test]
fn an_invalid_toon_slot_is_a_usage_error() {
    let server = Scripted::untouched();
    let with = |game: &str, slot: &str| {
        let home = Home::new();
        let more = ["--toon-slot", slot];
        home.game(game, "login", &server.root(), &more)
            .run()
            .exits(64);
    };
    with("ttcc", "6");
    with("ttcc", "-1");
    with("ttr", "1");
}
