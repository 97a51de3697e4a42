//! `--notify`: a desktop notification, or else the bell.

use super::{QUIET, TTCC};
use crate::harness::{Engine, Home, Program, Reaction, Scripted, SendSignal};
use rustix::process::Signal;

const NOTIFY_SEND: &str = "bin/notify-send";

/// Returns a watch with `--notify` whose `PATH` has `bin` of the home first.
fn watch_with_notify(home: &Home, server: &Scripted, more: &[&str]) -> Program {
    let words = ["ttcc", "districts", "--notify", "--watch=0.1", "--api"];
    let bin = home.path().join("bin");
    let path = std::env::join_paths([bin.as_path(), "/usr/bin".as_ref(), "/bin".as_ref()]);
    let program = home.program(&words).args([server.root()]).args(more);
    program.env("PATH", path.expect("a PATH"))
}

/// Returns the same with an empty `PATH`.
fn without_programs(home: &Home, server: &Scripted) -> Program {
    watch_with_notify(home, server, &["--until", "invasion"]).env("PATH", home.path().join("empty"))
}

#[test]
fn the_condition_is_announced_on_the_desktop() {
    let home = Home::new();
    let desktop = Engine::new(&home, NOTIFY_SEND).executable();
    let server = Scripted::new([Reaction::json(TTCC)]);
    let program = watch_with_notify(&home, &server, &["--until", "invasion"]);
    let ended = program.env("PLAYCOOKIE_PASSWORD", "hunter2-pw").run();
    ended.exits(0).prints_plain_text();
    assert_eq!(
        desktop.arguments(),
        [
            "--app-name=playcookie",
            "--",
            "Middleman in Kazoo Kanyon, about 35 minutes left",
            "Toontown: Corporate Clash"
        ]
    );
    assert_eq!(desktop.variable("PLAYCOOKIE_PASSWORD"), None);
}

#[test]
fn server_text_in_a_notification_is_no_option_and_no_control_character() {
    let home = Home::new();
    let desktop = Engine::new(&home, NOTIFY_SEND).executable();
    let hostile = TTCC.replace("\"Middleman\"", r#""--icon=/x\u001b[31m $(id)""#);
    let server = Scripted::new([Reaction::json(hostile)]);
    let program = watch_with_notify(&home, &server, &["--until", "invasion"]);
    program.run().exits(0).prints_plain_text();
    let arguments = desktop.arguments();
    assert_eq!(arguments[1], "--");
    assert_eq!(
        arguments[2],
        "--icon=/x $(id) in Kazoo Kanyon, about 35 minutes left"
    );
}

#[test]
fn without_until_each_new_invasion_is_announced() {
    let home = Home::new();
    let desktop = Engine::new(&home, NOTIFY_SEND).executable();
    let silence = Reaction::Silence(Vec::new());
    let server = Scripted::new([Reaction::json(QUIET), Reaction::json(TTCC), silence]);
    let watch = watch_with_notify(&home, &server, &[]).start();
    // The third request is sent after the notification.
    server.wait_for(3);
    watch.signal(Signal::TERM);
    watch.wait().dies_of(Signal::TERM);
    let words = "Middleman in Kazoo Kanyon, about 35 minutes left";
    assert_eq!(desktop.arguments()[2], words);
}

#[test]
fn a_continuing_invasion_is_not_announced() {
    let home = Home::new();
    let desktop = Engine::new(&home, NOTIFY_SEND).executable();
    let silence = Reaction::Silence(Vec::new());
    let server = Scripted::new([Reaction::json(TTCC), Reaction::json(TTCC), silence]);
    let watch = watch_with_notify(&home, &server, &[]).start();
    server.wait_for(3);
    watch.signal(Signal::TERM);
    watch.wait().dies_of(Signal::TERM);
    assert!(!desktop.was_started());
}

#[test]
fn the_bell_rings_without_notify_send() {
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(TTCC)]));
    let mut pty = without_programs(&home, &server).on_a_terminal();
    pty.expect("35 minutes left\r\n\u{7}");
    pty.wait().exits(0);
}

#[test]
fn the_bell_rings_when_the_notification_fails() {
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(TTCC)]));
    Engine::with_script(&home, NOTIFY_SEND, "echo no bus >&2; exit 1").executable();
    let program = watch_with_notify(&home, &server, &["--until", "invasion"]);
    let mut pty = program.on_a_terminal();
    pty.expect("35 minutes left\r\n\u{7}");
    pty.wait().exits(0).hides(&["no bus"]);
}

#[test]
fn no_bell_is_written_to_a_file() {
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(TTCC)]));
    without_programs(&home, &server)
        .run()
        .exits(0)
        .prints_plain_text();
}

#[test]
fn a_hanging_notification_is_not_waited_for() {
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(TTCC)]));
    let desktop = Engine::with_script(&home, NOTIFY_SEND, "exec sleep 600").executable();
    let program = watch_with_notify(&home, &server, &["--until", "invasion"]);
    program.run().exits(0);
    assert!(desktop.was_started());
}
