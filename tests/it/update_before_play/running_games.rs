//! Running games and running updates exclude each other.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use playcookie::stand_in::Version;

use super::{LIST, default_dir, installed, list_requests, play, published, request_paths, version};
use crate::harness::{Engine, Home, InteractiveRun, Program, StandInServer, wait_until};

/// Creates a wrapper that does not exit, and a run with it.
fn long_game(home: &Home, server: &StandInServer, more: &[&str]) -> (Engine, Program) {
    let engine = Engine::long_running(home, "wrapper", 0).executable();
    let wrapped = [&["--json", "--wrapper", engine.exe()], more].concat();
    let run = play(home, server, &wrapped);
    (engine, run)
}

#[test]
fn a_running_game_is_not_updated_and_can_be_played_twice() {
    let home = installed();
    let (first, second) = (published(Version::First), published(Version::Second));
    let (engine, run) = long_game(&home, &first, &[]);
    let mut run = InteractiveRun::start(run);
    run.answer("hunter2-pw");
    run.event("started");
    engine.wait_until_started();
    let update = |server: &StandInServer| {
        let root = server.root();
        home.program(&["ttr", "update", "--api", &root]).run()
    };
    update(&second).fails(75, "is running");

    // With nothing to replace, nothing is reported.
    let ended = play(&home, &first, &["--update"]).run().exits(0);
    assert!(!ended.stderr.contains("replaced"), "{ended:#?}");
    // With files to replace, a default update is skipped with a warning, and `--update` is an error.
    let ended = play(&home, &second, &[]).run().exits(0);
    assert!(
        ended
            .stderr
            .contains("5 files are missing or outdated, and not replaced while the game runs"),
        "{ended:#?}"
    );
    let before = list_requests(&second);
    let ended = play(&home, &second, &["--update"]).run();
    let ended = ended.fails(75, "is running");
    assert!(ended.hint().contains("--no-update"), "{ended:#?}");
    assert_eq!(list_requests(&second), before + 1);
    assert_eq!(version(&default_dir(&home)), Some(1));

    engine.finish();
    assert_eq!(run.ended().code(), Some(0));
    update(&second).exits(0);
    assert_eq!(version(&default_dir(&home)), Some(2));
}

#[test]
fn a_configured_update_does_not_prevent_playing_while_the_game_runs() {
    let home = installed();
    home.configure("[ttr]\nupdate = true\n");
    let running = File::open(default_dir(&home)).expect("a folder");
    running.lock_shared().expect("nobody updates it");
    let server = published(Version::Second);
    let ended = play(&home, &server, &[]).run().exits(0);
    let words = "5 files are missing or outdated, and not replaced while the game runs";
    assert!(ended.stderr.contains(words), "{ended:#?}");
    assert_eq!(
        request_paths(&server),
        [LIST, "/api/login", "/gameserver/ttr"]
    );
    assert_eq!(version(&default_dir(&home)), Some(1));
}

#[test]
fn a_detached_game_is_not_waited_for_and_keeps_its_files() {
    let home = installed();
    let first = published(Version::First);
    let (engine, run) = long_game(&home, &first, &["--detach"]);
    run.run().exits(0);
    engine.wait_until_started();
    let second = published(Version::Second);
    let root = second.root();
    let update = || home.program(&["ttr", "update", "--api", &root]).run();
    update().fails(75, "is running");
    assert_eq!(version(&default_dir(&home)), Some(1));
    engine.finish();
    wait_until("the game has ended", || update().status.success());
    assert_eq!(version(&default_dir(&home)), Some(2));
}

#[test]
fn a_post_exit_hook_can_update_the_game() {
    let home = installed();
    let second = published(Version::Second);
    let program = env!("CARGO_BIN_EXE_playcookie");
    let root = second.root();
    home.configure(format!(
        "[ttr]\nupdate = false\npost-exit = \"'{program}' ttr update --api {root} 2>said\"\n"
    ));
    play(&home, &published(Version::First), &[]).run().exits(0);
    let output = std::fs::read_to_string(home.path().join("said"));
    assert_eq!(version(&default_dir(&home)), Some(2), "{output:?}");
}

#[test]
fn play_waits_for_a_running_update_and_reports_it_once() {
    for typed in [&[][..], &["--no-update"]] {
        let home = installed();
        let server = published(Version::First);
        let held = File::open(default_dir(&home)).expect("a folder");
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
        assert!(!request_paths(&server).contains(&"/api/login".to_owned()));
        held.unlock().expect("it was locked");
        let output: Vec<_> = lines.map(|line| line.expect("UTF-8")).collect();
        assert!(!output.iter().any(waits), "{output:?}");
        assert!(child.wait().expect("it ends").success(), "{output:?}");
    }
}
