//! `--watch`: failed requests, pauses that a server asks for, and every end except that of `--until`.

use super::{QUIET, TTCC, districts};
#[cfg(unix)]
use crate::harness::{CTRL_C, Pty};
use crate::harness::{Home, Reaction, Scripted};

#[cfg(unix)]
fn on_a_terminal(server: &Scripted, every: &str) -> Pty {
    let words = ["ttcc", "districts", every, "--api", &server.root()];
    Home::new().program(&words).on_a_terminal()
}

#[test]
fn a_failed_first_request_ends_the_watch() {
    let server = Scripted::new([Reaction::answer(503, "text/html", "<html>")]);
    districts("ttcc", &server, &["--watch"]).fails(69, "HTTP 503");
}

#[test]
fn the_interval_has_a_minimum_per_game() {
    for (game, often) in [("ttr", "10 s"), ("ttcc", "15 s"), ("tlopo", "10 s")] {
        let api = ["--api", "https://game.example"];
        let words = [&[game, "districts", "--watch=1"][..], &api].concat();
        let home = Home::new();
        let program = home.program(&words);
        // A proxy that refuses connections, so that nothing leaves this machine.
        let program = program.env("HTTPS_PROXY", "http://127.0.0.1:1");
        let ended = program.run().fails(68, "cannot be asked");
        let expected = format!("is not asked more often than every {often}\n");
        assert!(ended.stderr.contains(&expected), "{ended:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_watch_draws_the_table_and_ends_with_ctrl_c() {
    let server = Scripted::new([Reaction::json(TTCC)]);
    let mut pty = on_a_terminal(&server, "--watch");
    pty.expect("Kazoo Kanyon");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);
}

#[cfg(unix)]
#[test]
fn a_shell_gets_130_after_ctrl_c() {
    let server = Scripted::new([Reaction::json(TTCC)]);
    let words = ["ttcc", "districts", "--watch", "--api", &server.root()];
    let mut shell = Home::new().program(&words).under_a_shell();
    shell.pty.expect("1 invasion");
    shell.pty.keys(&[CTRL_C]);
    assert_eq!(shell.wait().0, 130);
}

#[test]
fn a_failed_request_is_reported_with_the_age_of_the_data() {
    let failing = || Reaction::answer(500, "text/html", "<html>");
    let closing = || Reaction::Bytes(Vec::new());
    for (lost, why) in [
        (failing as fn() -> Reaction, "(HTTP 500)"),
        (closing, "lost"),
    ] {
        let reactions = || [Reaction::json(QUIET), lost(), Reaction::json(TTCC)];
        let words = ["--watch=0.1", "--until", "invasion"];
        let server = Scripted::new(reactions());
        let ended = districts("ttcc", &server, &words).exits(0);
        let note = ended.stdout.lines().find(|line| line.contains(" old, "));
        let note = note.expect("a note");
        assert!(
            note.contains(" s old, looking again in 0.2 s: ") && note.contains(why),
            "{note}"
        );
        assert_eq!(ended.stdout.matches("DISTRICT").count(), 3, "{ended:#?}");

        let server = Scripted::new(reactions());
        let ended = districts("ttcc", &server, &[&words[..], &["--json"]].concat()).exits(0);
        assert_eq!(ended.events().len(), 2);
        assert!(
            ended.stderr.contains(" s old, looking again in 0.2 s: "),
            "{ended:#?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_retry_after_extends_the_pause() {
    let asking = Reaction::with_headers(429, &[("Retry-After", "42")], "");
    let server = Scripted::new([Reaction::json(QUIET), asking]);
    let mut pty = on_a_terminal(&server, "--watch=0.1");
    pty.expect("looking again in 42 s: ");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);
    assert_eq!(server.finish().len(), 2);
}

#[test]
fn a_closed_reader_ends_the_watch_at_the_first_line() {
    let server = Scripted::new([Reaction::json(QUIET)]);
    let words = ["ttcc", "districts", "--watch", "--api", &server.root()];
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let home = Home::new();
    let mut command = home.program(&words).into_command();
    let status = command.stdout(writer).status().expect("it runs");
    assert_eq!(status.code(), Some(0));
}

/// A process that is killed when it is dropped.
#[cfg(target_os = "linux")]
struct KillOnDrop(std::process::Child);

#[cfg(target_os = "linux")]
impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_closes_during_a_pause_ends_the_watch() {
    use std::io::Read;

    let server = Scripted::new([Reaction::json(QUIET)]);
    let words = ["ttcc", "districts", "--watch=3600", "--api", &server.root()];
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let home = Home::new();
    let mut command = home.program(&words).into_command();
    let mut child = KillOnDrop(command.stdout(writer).spawn().expect("it starts"));
    // The command has a copy of the pipe's writing end.
    drop(command);
    reader.read_exact(&mut [0; 8]).expect("a heading");
    assert!(child.0.try_wait().expect("a look").is_none());
    drop(reader);
    let mut status = None;
    crate::harness::wait_until("its end", || {
        status = child.0.try_wait().expect("it can be waited for");
        status.is_some()
    });
    assert_eq!(status.and_then(|status| status.code()), Some(0));
}

/// An answer for both requests of Toontown Rewritten that is valid for one of them only.
const PARTIAL_DATA: &str = r#"{"totalPopulation":5,"populationByDistrict":{"Gulp Gulch":5}}"#;

fn partial_server() -> Scripted {
    Scripted::always(Reaction::json(PARTIAL_DATA))
}

#[test]
fn missing_data_is_reported() {
    let why = "the invasions are not known: ";
    let once = districts("ttr", &partial_server(), &[]).exits(0);
    let warning = format!("warning: {why}");
    assert!(once.stderr.starts_with(&warning), "{once:#?}");
    assert!(!once.stdout.contains(why), "{once:#?}");

    let until = ["--until", "online"];
    let watched = districts("ttr", &partial_server(), &until).exits(0);
    let note = watched.stdout.lines().nth(3);
    assert!(note.is_some_and(|it| it.starts_with(why)), "{watched:#?}");
    let scripts = districts(
        "ttr",
        &partial_server(),
        &[&until[..], &["--json"]].concat(),
    )
    .exits(0);
    assert!(scripts.stderr.starts_with(&warning), "{scripts:#?}");
}

#[cfg(unix)]
#[test]
fn partial_data_replaces_the_table() {
    let server = partial_server();
    let words = ["ttr", "districts", "--watch=0.1", "--api", &server.root()];
    let mut pty = Home::new().program(&words).on_a_terminal();
    pty.expect("DISTRICT");
    let first = pty.expect("DISTRICT");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);
    let (drawn, over) = first.split_once("\u{1b}[J").expect("a drawing");
    let up = format!("\u{1b}[{}A", drawn.lines().count());
    assert!(over.starts_with(&up), "{first:?}");
}
