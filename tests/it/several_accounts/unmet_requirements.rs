//! A problem of one account is found before anything is sent for any account.

use super::*;

/// Asserts that this fails before anything is sent or started, with these words in its error or hint.
#[track_caller]
fn fails(fixture: &Fixture, words: &[&str], status: i32, text: &str) -> RunOutput {
    let ended = fixture.program(words).run().exits(status);
    assert!(ended.stderr.contains(text), "{text:?}: {ended:#?}");
    let games = ["alice", "bob", "carol", "dora"].map(|name| format!("{name}.started"));
    assert!(!games.iter().any(|game| fixture.has(game)), "{ended:#?}");
    ended
}

#[test]
fn an_unknown_account_prevents_all_logins() {
    let fixture = Fixture::new("", []);
    fails(&fixture, &["ttr", "alice", "nobody"], 64, "remembered");
    fails(&fixture, &["play", "alice", "nobody"], 64, "remembered");
    fails(
        &fixture,
        &["ttr", "alice", "dora"],
        64,
        "playcookie play dora",
    );
    fails(&fixture, &["play", "alice", "@nowhere"], 64, "group");
    fails(&fixture, &["tlopo", "@pair"], 64, "pair");
    fails(&fixture, &["play"], 64, "");
}

#[test]
fn a_group_with_an_unknown_account_is_a_configuration_error() {
    let fixture = Fixture::new("", []);
    fixture.change("pair = [\"alice\"", "pair = [\"nobody\"");
    fails(&fixture, &["ttr", "@pair"], 78, "pair");
}

#[test]
fn a_missing_game_prevents_all_logins() {
    let fixture = Fixture::new("", []);
    let exe = format!("[tlopo]\nexe = \"{}\"", fixture.exe());
    let gone = fixture.home.path().join("gone");
    fixture.change(&exe, &format!("[tlopo]\nexe = \"{}\"", gone.display()));
    let play = ["play", "alice", "dora", "--json"];
    let ended = fails(&fixture, &play, 72, "gone");
    let error = error_of(&ended, "dora");
    assert_eq!(error["reason"], "game-missing");
}

#[test]
fn a_missing_password_prevents_all_logins() {
    let fixture = Fixture::new("", []);
    fixture.change("password-command = \"echo pw-of-bob\"", "");
    let play = fixture.program(&["ttr", "alice", "bob", "--json"]);
    let ended = play.env("PLAYCOOKIE_PASSWORD", "hunter2-pw").run();
    let ended = ended.exits(66).hides(&["hunter2-pw"]);
    let error = error_of(&ended, "bob");
    assert_eq!(error["reason"], "input-needed");
    let hint = error["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("playcookie accounts edit bob"), "{hint}");
    assert!(!fixture.has("alice.started"));
}

#[test]
fn a_missing_store_prevents_all_logins() {
    let fixture = Fixture::new("", []);
    fixture.change(
        "password-command = \"echo pw-of-bob\"",
        "kept = [\"password\"]",
    );
    let ended = fails(&fixture, &["ttr", "@pair", "--json"], 78, "no secret store");
    assert_eq!(error_of(&ended, "bob")["reason"], "secret-store");
}

#[test]
fn password_and_code_in_the_environment_are_not_used_for_several_accounts() {
    let wants = r#"{"success":"partial","banner":"A code.","responseToken":"t"}"#;
    let fixture = Fixture::new("", [wants, wants].map(Reaction::json));
    let play = fixture.program(&["ttr", "@pair", "--json"]);
    let play = play
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .env("PLAYCOOKIE_CODE", "739154");
    let ended = play.run().exits(66);
    for name in ["alice", "bob"] {
        assert_eq!(error_of(&ended, name)["reason"], "input-needed");
    }
    assert_eq!(fixture.logins(), ["alice", "bob"]);
}

#[test]
fn options_for_one_account_are_usage_errors_with_several() {
    let fixture = Fixture::new("", []);
    let pair = |more: &[&str], said: &str| {
        fails(&fixture, &[&["ttr", "@pair"], more].concat(), 64, said);
    };
    pair(&["--log", "log.txt"], "{account}");
    pair(&["--password-stdin"], "--password-stdin");
    pair(&["--code", "739154"], "code");
    pair(&["--code-command", "echo 739154"], "code");
    pair(&["--save=ally"], "--save=NAME");
    let exe = fixture.exe();
    let root = fixture.server.root();
    for more in [["--exe", exe], ["--game-dir", "/"], ["--api", &root]] {
        let words = [&["play", "@evening"], &more[..]].concat();
        fails(&fixture, &words, 64, "playcookie config edit");
    }
    assert!(!fixture.has("log.txt"));
}

#[test]
fn a_configured_log_of_several_accounts_needs_the_account_in_its_name() {
    let fixture = Fixture::new("", []);
    fixture.change("[ttr]\n", "[ttr]\nlog = \"~/log.txt\"\n");
    fails(&fixture, &["ttr", "@pair"], 64, "{account}");
}
