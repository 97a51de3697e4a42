//! What is missing or wrong for one of several: nothing is sent for any.

use super::*;

/// This fails before anything is sent or started, and these words are in its error or hint.
#[track_caller]
fn fails(stage: &Stage, words: &[&str], status: i32, said: &str) -> Ended {
    let ended = stage.program(words).run().exits(status);
    assert!(ended.stderr.contains(said), "{said:?}: {ended:#?}");
    let games = ["alice", "bob", "carol", "dora"].map(|name| format!("{name}.started"));
    assert!(!games.iter().any(|game| stage.has(game)), "{ended:#?}");
    ended
}

#[test]
fn with_an_unknown_account_nobody_plays() {
    let stage = Stage::new("", []);
    fails(
        &stage,
        &["ttr", "alice", "frank"],
        64,
        "\"frank\" is neither",
    );
    fails(
        &stage,
        &["play", "alice", "frank"],
        64,
        "\"frank\" is no remembered",
    );
    fails(
        &stage,
        &["ttr", "alice", "dora"],
        64,
        "playcookie play dora",
    );
    fails(&stage, &["play", "alice", "@nowhere"], 64, "group");
    fails(&stage, &["tlopo", "@pair"], 64, "pair");
    fails(&stage, &["play"], 64, "");
}

#[test]
fn a_group_that_names_a_stranger_is_a_broken_configuration() {
    let stage = Stage::new("", []);
    stage.change("pair = [\"alice\"", "pair = [\"nobody\"");
    fails(&stage, &["ttr", "@pair"], 78, "pair");
}

#[test]
fn without_one_of_the_games_nobody_plays() {
    let stage = Stage::new("", []);
    let exe = format!("[tlopo]\nexe = \"{}\"", stage.exe());
    let gone = stage.home.path().join("gone");
    stage.change(&exe, &format!("[tlopo]\nexe = \"{}\"", gone.display()));
    let play = ["play", "alice", "dora", "--json"];
    let ended = fails(&stage, &play, 72, "gone");
    let error = error_of(&ended, "dora");
    assert_eq!(error["reason"], "game-missing");
}

#[test]
fn without_one_of_the_passwords_nobody_plays() {
    let stage = Stage::new("", []);
    stage.change("password-command = \"echo pw-of-bob\"", "");
    let play = stage.program(&["ttr", "alice", "bob", "--json"]);
    let ended = play.env("PLAYCOOKIE_PASSWORD", "hunter2-pw").run();
    let ended = ended.exits(66).hides(&["hunter2-pw"]);
    let error = error_of(&ended, "bob");
    assert_eq!(error["reason"], "input-needed");
    let hint = error["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("playcookie accounts edit bob"), "{hint}");
    assert!(!stage.has("alice.started"));
}

#[test]
fn without_the_store_that_one_of_them_needs_nobody_plays() {
    let stage = Stage::new("", []);
    stage.change(
        "password-command = \"echo pw-of-bob\"",
        "kept = [\"password\"]",
    );
    let ended = fails(&stage, &["ttr", "@pair", "--json"], 78, "no secret store");
    assert_eq!(error_of(&ended, "bob")["reason"], "secret-store");
}

#[test]
fn the_environments_password_and_code_are_for_one_login_alone() {
    let wants = r#"{"success":"partial","banner":"A code.","responseToken":"t"}"#;
    let stage = Stage::new("", [wants, wants].map(Reaction::json));
    let play = stage.program(&["ttr", "@pair", "--json"]);
    let play = play
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .env("PLAYCOOKIE_CODE", "739154");
    let ended = play.run().exits(66);
    for name in ["alice", "bob"] {
        assert_eq!(error_of(&ended, name)["reason"], "input-needed");
    }
    assert_eq!(stage.entrants(), ["alice", "bob"]);
}

#[test]
fn what_several_cannot_share_is_a_usage_error() {
    let stage = Stage::new("", []);
    let pair = |more: &[&str], said: &str| {
        fails(&stage, &[&["ttr", "@pair"], more].concat(), 64, said);
    };
    pair(&["--log", "log.txt"], "{account}");
    pair(&["--password-stdin"], "--password-stdin");
    pair(&["--code", "739154"], "code");
    pair(&["--code-command", "echo 739154"], "code");
    pair(&["--save=ally"], "--save=NAME");
    let exe = stage.exe();
    let root = stage.server.root();
    for more in [["--exe", exe], ["--game-dir", "/"], ["--api", &root]] {
        let words = [&["play", "@evening"], &more[..]].concat();
        fails(&stage, &words, 64, "playcookie config edit");
    }
    assert!(!stage.has("log.txt"));
}

#[test]
fn a_log_of_the_configuration_has_to_tell_several_apart_as_well() {
    let stage = Stage::new("", []);
    stage.change("[ttr]\n", "[ttr]\nlog = \"~/log.txt\"\n");
    fails(&stage, &["ttr", "@pair"], 64, "{account}");
}
