//! The exit status of a game.
#![cfg(unix)]

use crate::harness::failures::{GRANTED, SECRETS, answers};
use crate::harness::{Engine, Home, RunOutput, Scripted};

/// Runs `ttr play` with a game that runs this script, after a successful login.
fn play(script: &str, more: &[&str]) -> RunOutput {
    let (home, server) = (Home::new(), Scripted::new(answers([GRANTED])));
    let engine = Engine::with_script(&home, "game/TTREngine", script);
    let more = [&["--exe", engine.exe()], more].concat();
    home.ttr("play", &server.root(), &more).run()
}

#[test]
fn the_exit_status_of_the_game_is_passed_on() {
    for status in [0, 1, 7, 64, 77, 126, 127, 130, 255] {
        let ended = play(&format!("exit {status}"), &["--json"]).exits(status);
        assert_eq!(ended.event_names(), ["login", "ready", "started", "exited"]);
        assert_eq!(ended.events()[3]["status"], status);
        let command = ended.events()[2]["command"][0].to_string();
        assert!(command.ends_with("game/TTREngine\""), "{command}");
        assert!(!ended.stderr.contains("error:"), "{ended:#?}");
        ended.hides(&SECRETS);
    }
}

#[test]
fn a_game_killed_by_a_signal_gives_128_plus_its_number() {
    for (signal, status) in [("KILL", 137), ("TERM", 143), ("SEGV", 139), ("INT", 130)] {
        let ended = play(&format!("kill -{signal} $$"), &["--json"]).exits(status);
        assert_eq!(ended.events()[3]["status"], status);
    }
}

#[test]
fn a_failed_game_is_reported_without_an_error() {
    let ended = play("exit 7", &[]).exits(7);
    assert!(ended.stderr.contains("ended with status 7"), "{ended:#?}");
    assert!(!ended.stderr.contains("error:"), "{ended:#?}");
}
