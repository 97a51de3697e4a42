//! `play`, with an update in the middle of the login.

use std::fs::File;

use rustix::process::Signal;

use super::*;
use crate::harness::games::wine;
use crate::harness::{Signalled, until};

/// The list of the programs for this system.
const PROGRAMS: &str = if cfg!(target_os = "macos") {
    "/api/v1/launcher/manifest/v3/production/macos"
} else {
    "/api/v1/launcher/manifest/v3/production/windows"
};

/// `ttcc play -u alice --password-stdin --game-dir game …`, with a Wine at hand that takes anything for a program.
fn play(home: &Home, root: &str, more: &[&str]) -> Program {
    let (_, path) = wine(home);
    let more = [&["--game-dir", "game"], more].concat();
    home.game("ttcc", "play", root, &more).env("PATH", path)
}

/// The login succeeded, and then its token was revoked; nothing came after that.
#[track_caller]
fn login_is_undone(server: &StandInServer) {
    let asked = paths(server);
    assert_eq!(asked[asked.len() - 2..], WHOLE[2..], "{asked:?}");
    let bearers = bearers(server);
    assert_eq!(bearers, vec![bearers[0].clone(); 3]);
}

#[test]
fn play_updates_in_the_middle_of_the_login_when_that_is_asked_for() {
    let (home, server) = (Home::new(), plain());
    let play = |more: &[&str]| play(&home, &server.root(), more).run();
    play(&[]).fails(72, "");
    assert_eq!(paths(&server), [""; 0], "nothing by itself");

    let ended = play(&["--update", "--json"]).exits(0);
    let asked = paths(&server);
    assert_eq!(asked[..2], BEFORE);
    let login = asked.iter().position(|path| path == WHOLE[2]);
    let files = |path: &String| path.starts_with(BY_PATH) || path.starts_with(BY_KEY);
    let last_file = asked.iter().rposition(files);
    assert!(last_file.is_some() && last_file < login, "{asked:?}");
    assert!(ended.stdout.contains(r#""event":"exited""#), "{ended:#?}");
    assert_eq!(installed(&home).len(), 8);

    // Installed by this program, and still only updated when it is asked for.
    let before = paths(&server).len();
    play(&[]).exits(0);
    let asked = paths(&server);
    assert!(
        !asked[before..].iter().any(|path| path.starts_with(LISTS)),
        "{asked:?}"
    );
}

#[test]
fn ctrl_c_while_another_update_is_waited_for_after_the_login_revokes_the_token() {
    let home = Home::new();
    let game = home.path().join("game");
    // The update of this run is over when it logs in; then another one begins.
    let mut other = Vec::new();
    let server = behind(move |_| Instead {
        path: WHOLE[2],
        answer: move || {
            let folder = File::open(&game).expect("a folder");
            folder.try_lock().expect("nobody updates it");
            other.push(folder);
            ServerResponse::new(200, GRANTED.to_owned())
        },
    });
    let run = play(&home, &server.root(), &["--update"]);
    let run = run.through_a_shell(r#"exec "$@" 2>said"#).start();
    let said = || std::fs::read_to_string(home.path().join("said")).unwrap_or_default();
    until("the other update is waited for", || {
        said().contains("another run is updating it")
    });
    run.signal(Signal::INT);
    run.wait().dies_of(Signal::INT);
    login_is_undone(&server);
}

#[test]
fn a_game_that_does_not_have_its_program_after_the_login_is_missing_and_the_token_revoked() {
    let home = Home::new();
    let server = behind(|_| Instead {
        path: PROGRAMS,
        answer: || ServerResponse::json(&json!({ "files": [] })),
    });
    let run = play(&home, &server.root(), &["--update"]).run();
    run.fails(72, "was not found");
    assert_eq!(installed(&home).len(), 7, "all but the program");
    login_is_undone(&server);
}

#[test]
fn a_game_that_runs_is_played_without_an_update_unless_that_was_typed() {
    let (home, server) = (Home::new(), plain());
    update(&home, &server.root(), &[]).run().exits(0);
    home.write("game/readme.txt", "older");
    home.configure("[ttcc]\nupdate = true\n");
    let running = File::open(home.path().join("game")).expect("a folder");
    running.lock_shared().expect("nobody updates it");

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
