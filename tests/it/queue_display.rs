//! What a terminal shows while a login is in the queue.

use rustix::process::Signal;

use crate::harness::ttr::{grant, partial};
use crate::harness::{CTRL_C, Home, Program, Prompt, Reaction, Scripted, SendSignal};

fn delayed(position: u32) -> Reaction {
    Reaction::json(format!(
        r#"{{"success":"delayed","eta":"60","position":"{position}","queueToken":"q1"}}"#
    ))
}

/// Starts a server with a queue that moves once and then answers with a long `Retry-After`.
fn queue() -> Scripted {
    let busy = Reaction::with_headers(429, &[("Retry-After", "100")], "");
    Scripted::new([delayed(3), delayed(2), busy])
}

fn login(home: &Home, server: &Scripted) -> Program {
    let login = home.program(&["ttr", "login", "-u", "alice", "--api", &server.root()]);
    login.env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
}

#[test]
fn a_queue_position_is_redrawn_on_one_line() {
    let (home, server) = (Home::new(), queue());
    let mut pty = login(&home, &server).on_a_terminal();
    pty.expect("in queue, position 3");
    pty.expect("in queue, position 2");
    pty.expect("too many requests");
    pty.signal(Signal::TERM);
    let ended = pty.wait().dies_of(Signal::TERM);
    let lines = ended.stderr.lines().count();
    assert_eq!(lines, 2, "one for the login, one redrawn: {ended:#?}");
    let last = ended.stderr.rsplit("\u{1b}[2K").next();
    assert_eq!(last, Some(""), "the line is taken away: {ended:#?}");
}

#[test]
fn with_quiet_or_json_no_line_is_redrawn() {
    for (option, lines) in [("-q", 0), ("--json", 4)] {
        let (home, server) = (Home::new(), queue());
        let pty = login(&home, &server).args([option]).on_a_terminal();
        server.wait_for(3);
        pty.signal(Signal::TERM);
        let ended = pty.wait().dies_of(Signal::TERM);
        assert!(!ended.stderr.contains('\u{1b}'), "{ended:#?}");
        assert!(ended.stderr.lines().count() <= lines, "{ended:#?}");
    }
}

#[test]
fn a_terminal_that_cannot_redraw_gets_a_line_per_change() {
    let (home, server) = (Home::new(), queue());
    let mut pty = login(&home, &server).env("TERM", "dumb").on_a_terminal();
    pty.expect("in queue, position 3");
    pty.expect("in queue, position 2");
    pty.expect("too many requests");
    pty.signal(Signal::TERM);
    let ended = pty.wait().dies_of(Signal::TERM);
    assert!(!ended.stderr.contains('\u{1b}'), "{ended:#?}");
}

#[test]
fn keys_typed_in_the_queue_are_not_echoed_and_answer_no_prompt() {
    let home = Home::new();
    let (held, release) = delayed(2).held();
    let server = Scripted::new([delayed(3), held, partial("t1"), grant("gs", "c00kie")]);
    let mut run = login(&home, &server).under_a_shell();
    run.pty.expect("in queue, position 3");
    run.pty.wait_until_hidden();
    run.pty.line("typed");
    drop(release);
    Prompt::Code.wait(&mut run.pty);
    run.pty.line("123456");
    let before = run.pty.expect("export TTR");
    assert!(!before.contains("typed"), "{before:?}");
    let (status, pty) = run.wait();
    assert_eq!(status, 0);
    assert!(pty.is_restored());
    assert!(server.finish()[3].body.contains("appToken=123456"));
}

#[test]
fn a_stop_in_the_queue_restores_the_terminal_until_the_program_continues() {
    const SHELL: &str =
        r#"trap : INT; set -m; "$@"; echo "stopped: $?."; read -r go; fg >fg; echo "status: $?.""#;
    let (home, server) = (Home::new(), queue());
    let mut pty = login(&home, &server).through_a_shell(SHELL).on_a_terminal();
    pty.expect("too many requests");
    pty.wait_until_hidden();
    pty.keys(b"\x1a");
    pty.expect("stopped: ");
    assert!(pty.is_restored());
    pty.line("go");
    pty.wait_until_hidden();
    pty.keys(&[CTRL_C]);
    pty.expect("status: 130.");
    assert!(pty.is_restored());
}

#[test]
fn ctrl_c_in_the_queue_says_what_was_left() {
    let (home, server) = (Home::new(), queue());
    let mut pty = login(&home, &server).on_a_terminal();
    pty.expect("too many requests");
    pty.keys(&[CTRL_C]);
    let ended = pty.wait().dies_of(Signal::INT);
    let last = "Toontown Rewritten: left the queue at position 2\n";
    assert!(ended.stderr.ends_with(last), "{ended:#?}");
}
