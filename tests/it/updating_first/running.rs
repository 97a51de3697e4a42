//! A game that runs, and an update that is under way, stand in each other's way.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use playcookie::stand_in::Version;

use super::{LIST, asked, installed, looks, play, published, usual, version};
use crate::harness::{Conversation, Engine, Home, Program, StandInServer};

/// A run that goes on as long as its wrapper does.
fn lingering(home: &Home, server: &StandInServer, more: &[&str]) -> (Engine, Program) {
    let engine = Engine::lingering(home, "wrapper", 0).executable();
    let wrapped = [&["--json", "--wrapper", engine.exe()], more].concat();
    let run = play(home, server, &wrapped);
    (engine, run)
}

#[test]
fn the_files_of_a_game_that_runs_are_not_replaced_and_others_may_play_it() {
    let home = installed();
    let (first, second) = (published(Version::First), published(Version::Second));
    let (engine, run) = lingering(&home, &first, &[]);
    let mut run = Conversation::start(run);
    run.answer("hunter2-pw");
    run.event("started");
    engine.wait_until_started();
    let update = |server: &StandInServer| {
        let root = server.root();
        home.program(&["ttr", "update", "--api", &root]).run()
    };
    update(&second).fails(75, "is running");

    // Nothing is to be replaced, and nothing is said of it.
    let ended = play(&home, &first, &["--update"]).run().exits(0);
    assert!(!ended.stderr.contains("replaced"), "{ended:#?}");
    // Something is: a standing wish is no reason not to play, and a typed one is.
    let ended = play(&home, &second, &[]).run().exits(0);
    assert!(
        ended
            .stderr
            .contains("5 files are not the newest, and not replaced while the game runs"),
        "{ended:#?}"
    );
    let before = looks(&second);
    let ended = play(&home, &second, &["--update"]).run();
    let ended = ended.fails(75, "is running");
    assert!(ended.told().1.contains("--no-update"), "{ended:#?}");
    assert_eq!(looks(&second), before + 1);
    assert_eq!(version(&usual(&home)), Some(1));

    engine.finish();
    assert_eq!(run.ended().code(), Some(0));
    update(&second).exits(0);
    assert_eq!(version(&usual(&home)), Some(2));
}

#[test]
fn a_wish_in_the_configuration_keeps_nobody_from_playing_while_the_game_runs() {
    let home = installed();
    home.configure("[ttr]\nupdate = true\n");
    let running = File::open(usual(&home)).expect("a folder");
    running.lock_shared().expect("nobody updates it");
    let server = published(Version::Second);
    let ended = play(&home, &server, &[]).run().exits(0);
    let words = "5 files are not the newest, and not replaced while the game runs";
    assert!(ended.stderr.contains(words), "{ended:#?}");
    assert_eq!(asked(&server), [LIST, "/api/login", "/gameserver/ttr"]);
    assert_eq!(version(&usual(&home)), Some(1));
}

#[test]
fn a_game_that_was_detached_is_not_waited_for() {
    let home = installed();
    let first = published(Version::First);
    let (engine, run) = lingering(&home, &first, &["--detach"]);
    run.run().exits(0);
    engine.wait_until_started();
    let second = published(Version::Second);
    let update = ["ttr", "update", "--api", &second.root()];
    home.program(&update).run().exits(0);
    engine.finish();
}

#[test]
fn what_comes_after_a_game_may_update_it() {
    let home = installed();
    let second = published(Version::Second);
    let program = env!("CARGO_BIN_EXE_playcookie");
    let root = second.root();
    home.configure(format!(
        "[ttr]\nupdate = false\npost-exit = \"'{program}' ttr update --api {root} 2>said\"\n"
    ));
    play(&home, &published(Version::First), &[]).run().exits(0);
    let said = std::fs::read_to_string(home.path().join("said"));
    assert_eq!(version(&usual(&home)), Some(2), "{said:?}");
}

#[test]
fn play_waits_for_an_update_that_is_temporary_and_says_so_once() {
    for typed in [&[][..], &["--no-update"]] {
        let home = installed();
        let server = published(Version::First);
        let held = File::open(usual(&home)).expect("a folder");
        held.lock().expect("nobody updates it");
        let mut command = play(&home, &server, typed).into_command();
        command
            .env("PLAYCOOKIE_PASSWORD", "pw")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("its input");
        std::io::Write::write_all(&mut stdin, b"hunter2-pw\n").expect("it reads");
        let mut lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        let waits = |line: &String| line.contains("another run is updating it");
        let is_waiting = lines
            .by_ref()
            .map(|line| line.expect("UTF-8"))
            .any(|line| waits(&line));
        assert!(is_waiting, "{typed:?}");
        assert!(!asked(&server).contains(&"/api/login".to_owned()));
        held.unlock().expect("it was locked");
        let said: Vec<_> = lines.map(|line| line.expect("UTF-8")).collect();
        assert!(!said.iter().any(waits), "{said:?}");
        assert!(child.wait().expect("it ends").success(), "{said:?}");
    }
}
