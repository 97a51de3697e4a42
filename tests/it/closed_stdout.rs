//! A closed reader of standard output is no error and does not end a game.

use std::process::{Output, Stdio};

use playcookie::stand_in::Scenario;

use crate::harness::{Home, Program, Reaction, Scripted, StandInServer};

fn server() -> Scripted {
    let ticket = r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#;
    Scripted::new([Reaction::json(ticket)])
}

fn ttr(home: &Home, server: &Scripted, arguments: &[&str]) -> Program {
    let root = server.root();
    let program = home.program(&["ttr", arguments[0], "-u", "alice", "--api", &root]);
    program
        .args(&arguments[1..])
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
}

/// Runs a program with standard output connected to a closed pipe.
fn run_with_closed_stdout(program: Program) -> Output {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = program.into_command();
    command.stdin(Stdio::null()).stdout(writer);
    command.stderr(Stdio::piped()).output().expect("it runs")
}

#[test]
fn an_unread_result_is_no_error() {
    for more in [&[][..], &["--json"], &["--format", "json"]] {
        let (home, server) = (Home::new(), server());
        let quiet = [&["login", "-q"], more].concat();
        let output = run_with_closed_stdout(ttr(&home, &server, &quiet));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(server.finish().len(), 1);
    }
}

#[test]
fn unread_public_data_is_no_error() {
    for verb in ["districts", "fieldoffices", "sillymeter", "doodles"] {
        for more in [&[][..], &["--json"]] {
            let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
            let root = server.root();
            let words = [&["ttr", verb, "--api", &root], more].concat();
            let output = run_with_closed_stdout(home.program(&words));
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{verb}");
        }
    }
}

#[test]
fn unread_help_and_version_are_no_error() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["ttr", "--help"],
        &["completions", "bash"],
        &["man"],
        &["man", "ttr", "login"],
    ] {
        let output = run_with_closed_stdout(Home::new().program(arguments));
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn an_unread_watch_ends_with_status_0() {
    let home = Home::new();
    for more in [&[][..], &["--json"]] {
        let words = [&["rehearse", "ttr", "districts", "-q"], more].concat();
        let output = run_with_closed_stdout(home.program(&words));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn a_failure_keeps_its_status_when_its_event_is_not_read() {
    let (home, server) = (
        Home::new(),
        Scripted::new([Reaction::answer(503, "text/html", "")]),
    );
    let output = run_with_closed_stdout(ttr(&home, &server, &["login", "--json"]));
    assert_eq!(output.status.code(), Some(69), "{output:?}");
}

#[cfg(unix)]
#[test]
fn an_unread_queue_and_an_unread_update_end_with_status_0() {
    let queued = r#"{"success":"delayed","eta":"60","position":"3","queueToken":"q1"}"#;
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(queued)]));
    let output = run_with_closed_stdout(ttr(&home, &server, &["login"]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.ends_with("left the queue at position 3\n"), "{text}");
    let (home, server) = (Home::new(), Scripted::untouched());
    let update = home.program(&["ttr", "update", "--api", &server.root()]);
    let output = run_with_closed_stdout(update.args(["--game-dir", "game"]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("error:"));
}

#[cfg(unix)]
#[test]
fn a_game_continues_when_its_events_are_not_read() {
    use crate::harness::Engine;

    let (home, server) = (Home::new(), server());
    let engine = Engine::with_script(&home, "engine", "exit 7");
    let arguments = ["play", "--no-update", "--json", "--exe", engine.exe()];
    let output = run_with_closed_stdout(ttr(&home, &server, &arguments));
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert!(engine.was_started());
}

#[cfg(unix)]
#[test]
fn games_and_commands_start_with_the_default_sigpipe() {
    use crate::harness::Engine;

    // SIGPIPE is neither ignored nor blocked, as Unix programs expect.
    let (home, server) = (Home::new(), server());
    let engine = Engine::with_script(&home, "engine", "echo x; echo x; exit 7");
    let arguments = ["play", "--no-update", "--exe", engine.exe()];
    let output = run_with_closed_stdout(ttr(&home, &server, &arguments));
    assert_eq!(output.status.code(), Some(128 + 13), "{output:?}");
}
