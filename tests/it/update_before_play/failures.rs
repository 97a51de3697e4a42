//! A failed update ends the run before the login.

use serde_json::json;

use super::{GAMES, default_dir, installed, play, published, version};
use crate::harness::{ClosedPort, Home, Reaction, Scripted};
use playcookie::stand_in::Version;

#[test]
fn a_failed_update_has_its_status_and_a_hint_to_play_without() {
    let home = installed();
    let hostile = json!({ "../evil": { "hash": "0".repeat(40), "dl": "evil.bz2" } });
    for (reaction, status, reason) in [
        (Reaction::answer(429, "text/plain", ""), 75, "try-later"),
        (Reaction::answer(500, "text/plain", ""), 69, "server-error"),
        (
            Reaction::answer(404, "text/plain", ""),
            76,
            "not-understood",
        ),
        (Reaction::json("[]"), 76, "not-understood"),
        (Reaction::json(hostile.to_string()), 65, "verification"),
    ] {
        let server = Scripted::new([reaction]);
        let ended = home.ttr("play", &server.root(), &["--json"]).run();
        let ended = ended.exits(status);
        assert_eq!(ended.event_names(), ["error"]);
        let error = ended.error_event();
        assert_eq!(error["reason"], reason);
        let hint = error["hint"].as_str().unwrap_or_default();
        assert!(hint.contains("--no-update starts the game"), "{hint}");
        assert_eq!(server.finish().len(), 1);
    }
    assert_eq!(version(&default_dir(&home)), Some(1));
    let port = ClosedPort::new();
    let ended = home.ttr("play", &port.root(), &[]).run();
    ended.fails(68, "the list of files of Toontown Rewritten");
}

#[test]
fn without_a_game_the_hint_does_not_suggest_to_play() {
    let (home, server) = (Home::new(), Scripted::new([Reaction::json("[]")]));
    let ended = home.ttr("play", &server.root(), &["--update"]).run();
    let ended = ended.fails(76, "the list of files");
    assert!(!ended.hint().contains("--no-update"), "{ended:#?}");
}

#[test]
fn a_game_without_its_program_after_the_update_is_missing() {
    let home = Home::new();
    home.write(&format!("{GAMES}/ttr/readme.txt"), "");
    let readme = json!({ "readme.txt": {
        "hash": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "dl": "readme.bz2",
    } });
    let server = Scripted::new([Reaction::json(readme.to_string())]);
    let ended = home.ttr("play", &server.root(), &["--update"]).run();
    ended.fails(72, "was not found");
}

#[test]
fn the_option_of_the_hint_works() {
    let home = installed();
    play(&home, &published(Version::Second), &["--no-update"])
        .run()
        .exits(0);
    assert_eq!(version(&default_dir(&home)), Some(1));
}
