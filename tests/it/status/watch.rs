//! `status --watch`.

use super::{POPULATION, TTR_OPEN, home, ttr};
#[cfg(unix)]
use crate::harness::{CTRL_C, SendSignal};
use crate::harness::{ClosedPort, Home, InteractiveRun, Pages, Reaction, Scripted, StandInServer};
use playcookie::stand_in::Scenario;

/// An answer that is valid for every request of Toontown Rewritten.
const UNCHANGED: &str =
    r#"{"open":true,"totalPopulation":5,"populationByDistrict":{"Gulp Gulch":5},"invasions":{}}"#;

fn watch(home: &Home, api: &str, more: &[&str]) -> crate::harness::Program {
    let words = [&["status", "ttr", "--watch=0.1", "--api", api], more].concat();
    home.program(&words)
}

#[test]
fn each_change_is_one_object() {
    let server = StandInServer::new(Scenario::default());
    let home = Home::new();
    let run = InteractiveRun::start(watch(&home, &server.root(), &["--json"]));
    // The invasions go on between two requests.
    let [first, second] = [(); 2].map(|()| run.line());
    assert_ne!(first, second);
    for line in [first, second] {
        let shown: serde_json::Value = serde_json::from_str(&line).expect("one object a line");
        assert_eq!(shown["games"][0]["game"], "ttr");
    }
}

#[cfg(unix)]
#[test]
fn an_unchanged_status_is_printed_once() {
    use rustix::process::Signal;

    for (more, lines) in [(&["--json"][..], 1), (&[], 3)] {
        let server = Scripted::always(Reaction::json(UNCHANGED));
        let home = Home::new();
        let run = watch(&home, &server.root(), more).start();
        server.wait_for(10);
        run.signal(Signal::TERM);
        let ended = run.wait().dies_of(Signal::TERM);
        assert_eq!(ended.stdout.lines().count(), lines, "{ended:#?}");
    }
}

#[test]
fn an_unreachable_game_is_a_row_and_asked_again() {
    let port = ClosedPort::new();
    let home = Home::new();
    let run = InteractiveRun::start(watch(&home, &port.root(), &["--json"]));
    let shown: serde_json::Value = serde_json::from_str(&run.line()).expect("an object");
    assert_eq!(shown["games"][0]["reason"], "network");
}

#[test]
fn the_interval_has_the_longest_minimum_of_the_games() {
    let home = home([]);
    home.configure("[ttr]\napi = \"https://game.example\"\n");
    let program = home.program(&["status", "ttr", "--watch=1"]);
    // A proxy that refuses connections, so that nothing leaves this machine.
    let program = program.env("HTTPS_PROXY", "http://127.0.0.1:1");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = program.into_command();
    let output = command.stdout(writer).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let warning = "Toontown Rewritten is not asked more often than every 10 s";
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(printed.contains(warning), "{printed}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_closes_during_a_pause_ends_the_watch() {
    use std::io::Read;

    let server = ttr(Reaction::json(TTR_OPEN));
    let home = Home::new();
    let program = home.program(&["status", "ttr", "--watch=3600", "--api", &server.root()]);
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let mut command = program.into_command();
    let mut child = command.stdout(writer).spawn().expect("it starts");
    // The command has a copy of the pipe's writing end.
    drop(command);
    reader.read_exact(&mut [0; 8]).expect("a heading");
    drop(reader);
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_narrower_terminal_is_drawn_again_at_once() {
    let server = Pages::new([
        ("/api/status", Reaction::json(TTR_OPEN)),
        ("/api/population", Reaction::json(POPULATION)),
        ("/api/invasions", Reaction::json(r#"{"invasions":{}}"#)),
    ]);
    let home = Home::new();
    let program = home.program(&["status", "ttr", "--watch=3600", "--api", &server.root()]);
    let mut pty = program.on_a_terminal();
    pty.expect("INVASIONS  AGE");
    pty.expect("Toontown Rewritten");
    pty.expect("\u{1b}[J");
    pty.resize(46);
    let before = pty.expect("INVASIONS");
    // Both lines were wrapped.
    assert!(before.contains("\u{1b}[4A"), "{before:?}");
    let after = pty.expect("\u{1b}[J");
    assert!(!after.contains("AGE"), "{after:?}");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);
}
