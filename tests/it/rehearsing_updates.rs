//! `rehearse GAME --update` and `rehearse GAME update`: the stand-in's published game, in a folder that is gone afterwards.

use std::fs;

use rustix::process::Signal;

use crate::harness::{Home, Program, Signalled};

/// A rehearsal whose temporary folder is below its home.
fn rehearse(home: &Home, words: &[&str]) -> Program {
    let temporary = home.path().join("tmp");
    fs::create_dir_all(&temporary).expect("a folder");
    let run = home.program(&[&["rehearse"], words].concat());
    run.env("TMPDIR", temporary).stdin("anything\n")
}

/// Nothing is left, neither in the home nor in the temporary folder.
#[track_caller]
fn left_nothing(home: &Home) {
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
        assert!(program.contains("playcookie-rehearsal-"), "{program}");
        let mut names = ended.event_names();
        names.retain(|name| name != "queued");
        names.dedup();
        assert_eq!(names, ["update", "login", "ready", "started", "exited"]);
        left_nothing(&home);
    }
}

/// In the middle of a rehearsed login nobody but the stand-in is asked either.
#[test]
fn a_game_whose_servers_are_told_at_login_is_installed_from_the_stand_in() {
    let home = Home::new();
    let play = ["ttcc", "--update", "-u", "alice", "--password-stdin"];
    let ended = rehearse(&home, &play)
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .run()
        .exits(0);
    let words = "8 of 8 files brought up to date";
    assert!(ended.stderr.contains(words), "{ended:#?}");
    left_nothing(&home);
}

#[test]
fn an_update_of_the_small_game_can_be_watched() {
    for (game, how) in [("ttr", "TTREngine: patched"), ("tlopo", "tlopo: fetched")] {
        let home = Home::new();
        let ended = rehearse(&home, &[game, "update"]).run().exits(0);
        assert!(ended.stderr.contains(how), "{ended:#?}");
        for words in [
            "8 of 8 files brought up to date",
            "5 of 8 files brought up to date",
        ] {
            assert!(ended.stderr.contains(words), "{ended:#?}");
        }
        left_nothing(&home);
    }
}

#[test]
fn ctrl_c_leaves_nothing() {
    for words in [
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
        let run = rehearse(&home, words).start();
        crate::harness::until("a file arrives", || {
            let folder = fs::read_dir(home.path().join("tmp")).expect("a folder");
            let games = folder.map(|entry| entry.expect("an entry").path().join("game"));
            games
                .filter_map(|game| fs::read_dir(game).ok())
                .any(|mut files| files.next().is_some())
        });
        run.signal(Signal::INT);
        run.wait().dies_of(Signal::INT);
        left_nothing(&home);
    }
}

#[test]
fn what_makes_no_sense_of_a_rehearsed_update_is_a_usage_error() {
    let home = Home::new();
    for (words, said) in [
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
        rehearse(&home, words).run().fails(64, said);
    }
    left_nothing(&home);
}
