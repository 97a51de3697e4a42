//! `play` with an update during the login.

use std::fs::File;

use rustix::process::Signal;

use super::*;
use crate::harness::games::wine;
use crate::harness::{SendSignal, wait_until};

/// The path of the list of programs for this system.
const PROGRAMS: &str = if cfg!(target_os = "macos") {
    "/api/v1/launcher/manifest/v3/production/macos"
} else {
    "/api/v1/launcher/manifest/v3/production/windows"
};

/// Returns `ttcc play -u alice --password-stdin --game-dir game …` with a Wine that accepts any program.
fn play(home: &Home, root: &str, more: &[&str]) -> Program {
    let (_, path) = wine(home);
    let more = [&["--game-dir", "game"], more].concat();
    home.game("ttcc", "play", root, &more).env("PATH", path)
}

/// Asserts that the last requests are a login and the revocation of its token.
#[track_caller]
fn assert_login_undone(server: &StandInServer) {
    let requested = paths(server);
    assert_eq!(
        requested[requested.len() - 2..],
        LOGIN_PATHS[2..],
        "{requested:?}"
    );
    let bearers = bearers(server);
    assert_eq!(bearers, vec![bearers[0].clone(); 3]);
}

#[test]
fn play_updates_during_the_login_on_request() {
    let (home, server) = (Home::new(), plain());
    let play = |more: &[&str]| play(&home, &server.root(), more).run();
    play(&[]).fails(72, "");
    assert_eq!(paths(&server), [""; 0], "nothing by itself");

    let ended = play(&["--update", "--json"]).exits(0);
    let requested = paths(&server);
    assert_eq!(requested[..2], BEFORE);
    let login = requested.iter().position(|path| path == LOGIN_PATHS[2]);
    let files = |path: &String| path.starts_with(BY_PATH) || path.starts_with(BY_KEY);
    let last_file = requested.iter().rposition(files);
    assert!(last_file.is_some() && last_file < login, "{requested:?}");
    assert!(ended.stdout.contains(r#""event":"exited""#), "{ended:#?}");
    assert_eq!(installed(&home).len(), 8);

    // Even a game that playcookie installed is updated only on request.
    let before = paths(&server).len();
    play(&[]).exits(0);
    let requested = paths(&server);
    assert!(
        !requested[before..]
            .iter()
            .any(|path| path.starts_with(LISTS)),
        "{requested:?}"
    );
}

#[test]
fn ctrl_c_while_another_update_is_waited_for_after_the_login_revokes_the_token() {
    let home = Home::new();
    let game = home.path().join("game");
    // The server takes the lock of another update when this run has updated and logs in.
    let mut other = Vec::new();
    let server = with_override(move |_| Override {
        path: LOGIN_PATHS[2],
        answer: move || {
            let folder = File::open(&game).expect("a folder");
            folder.try_lock().expect("no other update");
            other.push(folder);
            ServerResponse::new(200, GRANTED.to_owned())
        },
    });
    let run = play(&home, &server.root(), &["--update"]);
    let run = run.through_a_shell(r#"exec "$@" 2>said"#).start();
    let stderr = || std::fs::read_to_string(home.path().join("said")).unwrap_or_default();
    wait_until("the other update is waited for", || {
        stderr().contains("another run is updating it")
    });
    run.signal(Signal::INT);
    run.wait().dies_of(Signal::INT);
    assert_login_undone(&server);
}

#[test]
fn a_game_without_its_program_after_the_update_is_missing_and_the_token_revoked() {
    let home = Home::new();
    let server = with_override(|_| Override {
        path: PROGRAMS,
        answer: || ServerResponse::json(&json!({ "files": [] })),
    });
    let run = play(&home, &server.root(), &["--update"]).run();
    run.fails(72, "was not found");
    assert_eq!(installed(&home).len(), 7, "all but the program");
    assert_login_undone(&server);
}

#[test]
fn a_running_game_is_played_without_an_update_unless_requested() {
    let (home, server) = (Home::new(), plain());
    update(&home, &server.root(), &[]).run().exits(0);
    home.write("game/readme.txt", "older");
    home.configure("[ttcc]\nupdate = true\n");
    let running = File::open(home.path().join("game")).expect("a folder");
    running.lock_shared().expect("no other update");

    let before = fetched(&server).len();
    let run = play(&home, &server.root(), &["--json"]).run();
    let ended = run.exits(0);
    let words = "the game runs already, and its files are not updated meanwhile";
    assert!(ended.stderr.contains(words), "{ended:#?}");
    assert!(ended.stdout.contains(r#""event":"exited""#), "{ended:#?}");
    assert_eq!(fetched(&server).len(), before);

    let untouched = Scripted::untouched();
    let run = play(&home, &untouched.root(), &["--update"]).run();
    run.fails(75, "is running");
    assert_eq!(installed(&home)["readme.txt"], b"older");
}
