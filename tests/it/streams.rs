//! The input and output of a game.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use playcookie::stand_in::Scenario;

use crate::harness::{Engine, Home, Scripted, StandInServer};

const MUCH: usize = 10 * 1024 * 1024;
/// A script that prints that many bytes.
const PRINT_MUCH: &str = "head -c 10485760 /dev/zero | tr '\\0' x";
const TALK: &str = "echo to output; echo to errors >&2";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn the_game_reads_nothing_when_the_password_came_from_standard_input() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "TTREngine", "cat >heard");
    home.ttr("play", &server.root(), &["--exe", engine.exe()])
        // The input is larger than the launcher's buffer, so that some of it is left.
        .stdin(format!("hunter2-pw\n{}", "not for the game\n".repeat(8192)))
        .run()
        .exits(0);
    assert_eq!(
        fs::read_to_string(home.path().join("heard")).expect("a note"),
        ""
    );
}

#[test]
fn the_game_reads_standard_input_when_the_password_was_elsewhere() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "TTREngine", "cat >heard");
    home.program(&[
        "ttr",
        "-u",
        "alice",
        "--api",
        &server.root(),
        "--exe",
        engine.exe(),
    ])
    .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
    .stdin("for the game\nall of it")
    .run()
    .exits(0);
    let heard = fs::read_to_string(home.path().join("heard")).expect("a note");
    assert_eq!(heard, "for the game\nall of it");
}

#[test]
fn the_game_inherits_the_output_streams() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "TTREngine", TALK);
    let options = ["--exe", engine.exe()];
    let ended = home.ttr("play", &server.root(), &options).run().exits(0);
    assert_eq!(ended.stdout, "to output\n");
    assert!(ended.stderr.contains("to errors\n"), "{ended:?}");
}

#[test]
fn with_json_the_games_output_is_on_standard_error() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "TTREngine", TALK);
    let options = ["--json", "--exe", engine.exe()];
    let ended = home.ttr("play", &server.root(), &options).run().exits(0);
    assert_eq!(ended.event_names(), ["login", "ready", "started", "exited"]);
    assert_eq!(ended.stderr, "to output\nto errors\n");
}

#[test]
fn a_log_appends_both_streams_and_is_private() {
    for json in [&[][..], &["--json"]] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let engine = Engine::with_script(&home, "TTREngine", TALK);
        let options = [json, &["--log", "game.log", "--exe", engine.exe()]].concat();
        for run in 1..=2 {
            let ended = home.ttr("play", &server.root(), &options).run().exits(0);
            assert!(
                !ended.stdout.contains("to ") && !ended.stderr.contains("to errors"),
                "{ended:?}"
            );
            let log = home.path().join("game.log");
            let text = fs::read_to_string(&log).expect("a log");
            assert_eq!(text, "to output\nto errors\n".repeat(run));
            assert_eq!(mode(&log), 0o600);
            // Remove the record of the first run.
            fs::remove_dir_all(home.path().join("started")).expect("a record");
        }
    }
}

#[test]
fn a_game_with_much_output_is_not_blocked() {
    for (options, printed) in [
        (&[][..], MUCH),
        (&["--json"], 0),
        (&["--log", "game.log"], 0),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let engine = Engine::with_script(&home, "TTREngine", PRINT_MUCH);
        let options = [options, &["--exe", engine.exe()]].concat();
        let ended = home.ttr("play", &server.root(), &options).run();
        assert_eq!(ended.status.code(), Some(0), "{options:?}");
        let marks = |text: &str| text.bytes().filter(|byte| *byte == b'x').count();
        assert!(marks(&ended.stdout) >= printed, "{options:?}");
        match fs::read_to_string(home.path().join("game.log")) {
            Ok(log) => assert_eq!(log.len(), MUCH),
            Err(_) => assert!(
                marks(&ended.stdout) + marks(&ended.stderr) >= MUCH,
                "{options:?}"
            ),
        }
    }
}

#[test]
fn a_log_that_is_not_a_file_of_this_user_alone_is_refused_before_anything_is_sent() {
    use std::os::unix::fs::{chown, symlink};
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "TTREngine");
    let at = |name: &str| home.path().join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(at("pipe"))
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    home.write("own.txt", "kept");
    fs::hard_link(at("own.txt"), at("second-name")).expect("a link");
    symlink("own.txt", at("link")).expect("a link");
    symlink("not-there", at("dangling")).expect("a link");
    let refused = |log: &str, words: &str| {
        let options = ["--exe", engine.exe(), "--log", log];
        home.ttr("play", &server.root(), &options)
            .run()
            .fails(74, words);
    };
    refused("pipe", "it is not a file");
    refused("/dev/null", "it is not a file");
    refused("link", "it is a link");
    refused("dangling", "it is a link");
    refused("second-name", "it has another name");
    home.write("foreign", "");
    // Only a superuser can give a file away.
    if chown(at("foreign"), Some(1), None).is_ok() {
        refused("foreign", "it belongs to another user");
    }
    assert!(!at("not-there").exists());
    assert_eq!(fs::read_to_string(at("own.txt")).expect("a file"), "kept");
    server.finish();
}

#[test]
fn the_log_is_named_after_the_account() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "TTREngine", TALK);
    let options = ["--exe", engine.exe(), "--log", "{account}.log"];
    home.ttr("play", &server.root(), &options).run().exits(0);
    assert!(home.path().join("alice.log").exists());
}
