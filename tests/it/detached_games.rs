//! Games that continue without the launcher.

use std::fs;

use playcookie::stand_in::Scenario;

use crate::harness::{Engine, Home, StandInServer, wait_until};

#[test]
fn a_detached_game_continues_without_the_launchers_streams() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::long_running(&home, "TTREngine", 0);
    let options = ["--json", "--detach", "--exe", engine.exe()];
    // This returns when both streams are closed. A game that inherited them would keep them open.
    let ended = home.ttr("play", &server.root(), &options).run().exits(0);
    assert_eq!(ended.event_names(), ["login", "ready", "started"]);
    assert_eq!(ended.events()[2]["pid"], engine.pid());
    let pid = rustix::process::Pid::from_raw(engine.pid()).expect("a process id");
    rustix::process::test_kill_process(pid).expect("the game goes on");
    engine.finish();
}

#[cfg(target_os = "linux")]
#[test]
fn a_detached_game_is_in_a_session_of_its_own() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::long_running(&home, "TTREngine", 0);
    let options = ["--detach", "--exe", engine.exe()];
    let started = home.ttr("play", &server.root(), &options).run().exits(0);
    let lines = format!(
        "Toontown Rewritten: started\nToontown Rewritten: runs on as process {}\n",
        engine.pid()
    );
    assert!(started.stderr.ends_with(&lines), "{started:#?}");
    // The process id and the session id; the name between them contains no space.
    let stat = fs::read_to_string(format!("/proc/{}/stat", engine.pid())).expect("its state");
    let fields: Vec<_> = stat.split(' ').collect();
    assert_eq!(fields[5], fields[0], "{stat}");
    engine.finish();
}

#[test]
fn a_detached_game_reads_nothing_and_its_output_is_discarded() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(
        &home,
        "TTREngine",
        "echo to output; echo to errors >&2; cat >heard",
    );
    let ended = home
        .program(&[
            "ttr",
            "-u",
            "alice",
            "--api",
            &server.root(),
            "--detach",
            "--exe",
            engine.exe(),
        ])
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .stdin("not for the game")
        .run()
        .exits(0);
    assert!(
        !ended.stdout.contains("to ") && !ended.stderr.contains("to errors"),
        "{ended:?}"
    );
    assert_eq!(
        fs::read_to_string(home.path().join("heard")).expect("a note"),
        ""
    );
}

#[test]
fn the_log_of_a_detached_game_is_complete() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let linger = "while [ -d . ] && [ ! -e over ]; do sleep 0.01; done";
    let engine = Engine::with_script(
        &home,
        "game/TTREngine",
        &format!("echo first; {linger}; echo last >&2"),
    );
    let options = ["--detach", "--log", "game.log", "--exe", engine.exe()];
    home.ttr("play", &server.root(), &options).run().exits(0);
    let log = || fs::read_to_string(home.path().join("game.log")).expect("a log");
    assert_eq!(log(), "first\n");
    home.write("game/over", "");
    wait_until("the game has ended", || log() == "first\nlast\n");
}

#[test]
fn a_detached_game_that_fails_at_once_is_a_failure_to_start() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "TTREngine", "exit 3");
    let options = ["--json", "--detach", "--exe", engine.exe()];
    let ended = home.ttr("play", &server.root(), &options).run();
    let ended = ended.fails(72, "ended with status 3");
    assert_eq!(ended.event_names(), ["login", "ready", "started", "error"]);
    assert_eq!(ended.error_event()["reason"], "game-start");
}

#[test]
fn a_detached_game_that_exits_at_once_with_0_is_no_failure() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::new(&home, "TTREngine");
    let options = ["--json", "--detach", "--exe", engine.exe()];
    let ended = home.ttr("play", &server.root(), &options).run().exits(0);
    assert_eq!(ended.event_names()[..3], ["login", "ready", "started"]);
}
