//! Supercell ID: each verb with both interfaces.

mod login;
#[cfg(unix)]
mod play;
#[cfg(target_os = "linux")]
mod stored_tokens;

use serde_json::Value;

use crate::harness::{Home, RunOutput};

/// The address of the Supercell ID in tests.
const EMAIL: &str = "alice@example.com";

/// Returns the JSON object on standard output.
#[track_caller]
fn object(ended: &RunOutput) -> Value {
    let mut events = ended.events();
    assert_eq!(events.len(), 1, "{ended:#?}");
    events.remove(0)
}

/// Returns the PIN that the stand-in server shows.
#[track_caller]
fn shown_pin(ended: &RunOutput) -> String {
    let (_, rest) = ended.stderr.split_once("PIN is ").expect("a PIN is shown");
    rest.chars().take(6).collect()
}

#[test]
fn tags_and_ids_are_converted_into_each_other() {
    let home = Home::new();
    for typed in ["14-961148", "#8PRLVC0J", "8prlvcoj"] {
        let ended = home.program(&["scid", "tag", typed]).run().exits(0);
        assert_eq!(ended.stdout, "#8PRLVC0J 14-961148\n");
    }
    let ended = home
        .program(&["scid", "tag", "0-1", "--json"])
        .run()
        .exits(0);
    assert_eq!(
        object(&ended),
        serde_json::json!({ "tag": "#2PP", "pid": "0-1" })
    );
}

#[test]
fn an_invalid_tag_is_a_usage_error() {
    let home = Home::new();
    for typed in [
        "256-1",
        "#ABC",
        "",
        "-",
        "1-2-3",
        "9999999999999999999999-1",
    ] {
        home.program(&["scid", "tag", typed])
            .run()
            .fails(64, "not a player tag");
    }
}

#[test]
fn the_games_are_listed_with_their_codes_and_packages() {
    let home = Home::new();
    let ended = home.program(&["scid", "games"]).run().exits(0);
    assert_eq!(ended.stdout.lines().count(), 6);
    assert!(ended.stdout.contains("com.supercell.clashroyale"));
    let ended = home.program(&["scid", "games", "--json"]).run().exits(0);
    let games = object(&ended)["games"].clone();
    assert_eq!(games[3]["code"], "scroll");
    assert_eq!(games[3]["aliases"], serde_json::json!(["cr"]));
}

#[test]
fn the_help_has_the_fan_content_notice() {
    let ended = Home::new().program(&["scid", "--help"]).run().exits(0);
    assert!(
        ended.stdout.contains("not affiliated with"),
        "{}",
        ended.stdout
    );
}

#[test]
fn without_stored_tokens_an_address_is_needed() {
    let home = Home::new();
    for verb in ["whoami", "links", "settings", "token"] {
        home.program(&["scid", verb])
            .run()
            .fails(66, "no address was named");
    }
    let ended = home.program(&["scid", "logout"]).run().exits(0);
    assert_eq!(ended.stderr, "no tokens are stored\n");
}
