//! `rehearse GAME --update` and `rehearse GAME update`: the game of the stand-in server in a temporary folder.

use std::fs;

use rustix::process::Signal;

use crate::harness::{Home, Program, SendSignal};

/// Returns a rehearsal whose temporary folder is below its home.
fn rehearse(home: &Home, arguments: &[&str]) -> Program {
    let temporary = home.path().join("tmp");
    fs::create_dir_all(&temporary).expect("a folder");
    let run = home.program(&[&["rehearse"], arguments].concat());
    run.env("TMPDIR", temporary).stdin("anything\n")
}

/// Asserts that neither home nor temporary folder contains a file.
#[track_caller]
fn assert_no_files(home: &Home) {
    let names = |folder: &str| {
        let folder = fs::read_dir(home.path().join(folder)).expect("a folder");
        let names = folder.map(|entry| entry.expect("an entry").file_name());
        names.collect::<Vec<_>>()
    };
    assert_eq!((names(""), names("tmp")), (vec!["tmp".into()], vec![]));
}

#[test]
fn the_published_game_is_installed_and_started() {
    for game in ["ttr", "tlopo"] {
        let home = Home::new();
        let play = [
            game,
            "--update",
            "--json",
            "-u",
            "alice",
            "--password-stdin",
            "--queue",
            "0",
        ];
        let ended = rehearse(&home, &play).run().exits(0);
        let events = ended.events();
        let update = events.iter().rfind(|event| event["event"] == "update");
        let update = update.expect("an update");
        assert_eq!(
            (&update["files"], &update["done_files"]),
            (&8.into(), &8.into())
        );
        let started = events.iter().find(|event| event["event"] == "started");
        let program = started.expect("a start")["command"][0].to_string();
        // The published program is for Windows where the makers publish none for this system.
        let is_published = game == "ttr" || !cfg!(target_os = "linux");
        assert_eq!(
            program.contains("playcookie-rehearsal-"),
            is_published,
            "{program}"
        );
        let mut names = ended.event_names();
        names.retain(|name| name != "queued");
        names.dedup();
        let expected = ["update", "updated", "login", "ready", "started", "exited"];
        assert_eq!(names, expected);
        assert_no_files(&home);
    }
}

/// The proxy refuses connections, so that only the stand-in server is reachable.
#[test]
fn a_game_whose_login_names_the_servers_is_installed_from_the_stand_in() {
    let home = Home::new();
    let play = ["ttcc", "--update", "-u", "alice", "--password-stdin"];
    let ended = rehearse(&home, &play)
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .run()
        .exits(0);
    let summary = "8 of 8 files updated";
    assert!(ended.stderr.contains(summary), "{ended:#?}");
    assert_no_files(&home);
}

#[test]
fn an_update_of_the_small_game_shows_progress() {
    for (game, how) in [
        ("ttr", "TTREngine: patched"),
        ("tlopo", "tlopo.exe: fetched"),
    ] {
        let home = Home::new();
        let ended = rehearse(&home, &[game, "update"]).run().exits(0);
        assert!(ended.stderr.contains(how), "{ended:#?}");
        for summary in ["8 of 8 files updated", "5 of 8 files updated"] {
            assert!(ended.stderr.contains(summary), "{ended:#?}");
        }
        assert_no_files(&home);
    }
}

#[test]
fn a_failed_update_offers_no_game_to_play() {
    for arguments in [
        &["ttr", "update", "--corrupt", "100"][..],
        &["tlopo", "update", "--corrupt", "100"],
        &[
            "ttr",
            "--update",
            "--corrupt",
            "100",
            "-u",
            "alice",
            "--password-stdin",
        ],
        &[
            "tlopo",
            "--update",
            "--corrupt",
            "100",
            "-u",
            "alice",
            "--password-stdin",
        ],
    ] {
        let home = Home::new();
        let ended = rehearse(&home, arguments)
            .run()
            .fails(65, "could not be fetched");
        let hint = "give --corrupt a smaller number, or leave it out";
        assert_eq!(ended.hint(), hint, "{ended:#?}");
        assert_no_files(&home);
    }
}

#[test]
fn ctrl_c_leaves_no_files() {
    for arguments in [
        &["ttr", "update", "--slow", "1"][..],
        &[
            "ttr",
            "--slow",
            "1",
            "--update",
            "-u",
            "alice",
            "--password-stdin",
        ],
    ] {
        let home = Home::new();
        let run = rehearse(&home, arguments).start();
        crate::harness::wait_until("a file arrives", || {
            let folder = fs::read_dir(home.path().join("tmp")).expect("a folder");
            let games = folder.map(|entry| entry.expect("an entry").path().join("game"));
            games
                .filter_map(|game| fs::read_dir(game).ok())
                .any(|mut files| files.next().is_some())
        });
        run.signal(Signal::INT);
        let ended = run.wait().dies_of(Signal::INT);
        assert!(!ended.stderr.contains("next update"), "{ended:#?}");
        assert_no_files(&home);
    }
}

#[test]
fn contradictory_update_options_are_usage_errors() {
    let home = Home::new();
    for (arguments, expected) in [
        (
            &["ttr", "--update", "--game-dir", "x"][..],
            "temporary folder",
        ),
        (&["ttr", "--update", "--exe", "x"], "temporary folder"),
        (&["scid", "update"], "Supercell ID has no files"),
        (&["ttcc", "update"], "logged-in launchers only"),
        (&["scid", "--update"], "Supercell ID has no files"),
        (&["update"], "provided: <GAME>"),
    ] {
        rehearse(&home, arguments).run().fails(64, expected);
    }
    assert_no_files(&home);
}
