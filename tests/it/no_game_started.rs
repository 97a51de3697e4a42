//! A failed login starts no game.

use crate::harness::failures::{Exit, answers, verb_fails};
use crate::harness::{Engine, Home, Reaction};

const NOT_UNDERSTOOD: Exit = (76, "not-understood");

/// Asserts that `play` against a server with these reactions fails and starts no game.
#[track_caller]
fn assert_starts_nothing(reactions: &[Reaction], exit: Exit, words: &str) {
    let home = Home::new();
    let engine = Engine::new(&home, "game/TTREngine");
    verb_fails("play", reactions, &["--exe", engine.exe()], exit, words);
    assert!(!engine.was_started());
}

#[test]
fn a_refused_login_starts_no_game() {
    let refusal = Reaction::json(r#"{"success":"false"}"#);
    assert_starts_nothing(&[refusal], (77, "credentials"), "alice");
}

#[test]
fn an_html_page_starts_no_game() {
    let page = Reaction::answer(200, "text/html", "<p>ck-5ec7e7</p>");
    assert_starts_nothing(&[page], NOT_UNDERSTOOD, "not JSON");
}

#[test]
fn control_characters_in_variables_start_no_game() {
    for granted in [
        r#"{"success":"true","gameserver":"gs","cookie":"ck-5ec7e7\u0000"}"#,
        r#"{"success":"true","gameserver":"gs\nA=b","cookie":"ck-5ec7e7"}"#,
    ] {
        assert_starts_nothing(&answers([granted]), NOT_UNDERSTOOD, "control character");
    }
}

#[test]
fn a_lost_connection_starts_no_game() {
    let nothing = Reaction::Bytes(Vec::new());
    assert_starts_nothing(&[nothing], (68, "network"), "connection was lost");
}
