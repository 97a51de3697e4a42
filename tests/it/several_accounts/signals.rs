//! Signals while several log in, and while they play.

use rustix::process::Signal;

use super::*;
use crate::harness::{CTRL_C, Signalled, until};

/// Plays on until there is `over`, and leaves a note of each signal.
const LASTING: &str = "trap 'note int' INT; trap 'note term' TERM; trap 'note hup' HUP; note ready\n\
    wait_for over; exit 0";
/// Ends of its own accord when a signal comes.
const OBEDIENT: &str =
    "trap 'exit 7' INT; trap 'exit 8' TERM; trap 'exit 9' HUP; note ready; wait_for over";

/// Alice plays, and the server does not answer Bob.
fn stuck(script: &str) -> Stage {
    let reactions = let_in("alice").into_iter();
    Stage::new(script, reactions.chain([Reaction::Silence(Vec::new())]))
}

fn both(script: &str) -> Stage {
    Stage::new(script, all_in(&["alice", "bob"]))
}

#[test]
fn ctrl_c_ends_the_logging_in_and_the_game_that_runs_is_waited_for() {
    let stage = stuck(LASTING);
    let mut shell = stage
        .program(&["ttr", "alice", "bob", "eve"])
        .under_a_shell();
    stage.server.wait_for(2);
    stage.wait_for(&["alice.ready"]);
    shell.pty.keys(&[CTRL_C]);
    // The launcher goes on: its connection to the server is gone, the game and it are not.
    shell.pty.expect("^C");
    assert!(!stage.has("alice.int"));
    stage.note("over");
    let (status, pty) = shell.wait();
    assert_eq!(status, 130);
    assert!(pty.is_as_it_was());
    assert!(!stage.has("alice.int"));
    assert_eq!(stage.entrants(), ["alice", "bob"]);
}

#[test]
fn an_interrupt_of_the_launcher_alone_does_the_same() {
    let stage = stuck(LASTING);
    let run = stage.program(&["ttr", "alice", "bob", "--json"]).start();
    stage.server.wait_for(2);
    stage.wait_for(&["alice.ready"]);
    run.signal(Signal::INT);
    stage.note("over");
    let ended = run.wait().dies_of(Signal::INT);
    assert_eq!(
        events_of(&ended, "alice"),
        ["login", "ready", "started", "exited"]
    );
    assert!(!stage.has("alice.int"));
}

#[test]
fn a_second_interrupt_goes_to_the_game_that_runs() {
    let stage = stuck(LASTING);
    let run = stage.program(&["ttr", "alice", "bob"]).start();
    stage.server.wait_for(2);
    stage.wait_for(&["alice.ready"]);
    // Signals of one kind that come at once are one.
    until("the game hears of it", || {
        run.signal(Signal::INT);
        std::thread::sleep(std::time::Duration::from_millis(20));
        stage.has("alice.int")
    });
    stage.note("over");
    run.wait().dies_of(Signal::INT);
}

#[test]
fn ctrl_c_reaches_every_game_once_all_play() {
    let stage = both(OBEDIENT);
    let mut pty = stage.program(&["ttr", "@pair"]).on_a_terminal();
    stage.wait_for(&["alice.ready", "bob.ready"]);
    pty.keys(&[CTRL_C]);
    pty.wait().exits(7);
}

#[test]
fn a_signal_to_the_launcher_reaches_every_game() {
    for (signal, status) in [(Signal::INT, 7), (Signal::TERM, 8), (Signal::HUP, 9)] {
        let stage = both(OBEDIENT);
        let run = stage.program(&["ttr", "@pair", "--json"]).start();
        stage.wait_for(&["alice.ready", "bob.ready"]);
        run.signal(signal);
        let ended = run.wait().exits(status);
        let exited = ended.events().into_iter();
        let exited = exited.filter(|event| event["event"] == "exited");
        let statuses: Vec<_> = exited.map(|event| event["status"].clone()).collect();
        assert_eq!(statuses, [status, status]);
    }
}

#[test]
fn games_that_a_signal_ends_have_the_status_of_a_shell() {
    let stage = both("note ready; wait_for over");
    let run = stage.program(&["ttr", "@pair"]).start();
    stage.wait_for(&["alice.ready", "bob.ready"]);
    run.signal(Signal::TERM);
    run.wait().exits(143);
}

#[test]
fn a_terminate_while_logging_in_reaches_the_game_that_runs() {
    let stage = stuck(OBEDIENT);
    let run = stage.program(&["ttr", "alice", "bob", "--json"]).start();
    stage.server.wait_for(2);
    stage.wait_for(&["alice.ready"]);
    run.signal(Signal::TERM);
    let ended = run.wait().dies_of(Signal::TERM);
    let exited = ended.events().into_iter();
    let mut exited = exited.filter(|event| event["event"] == "exited");
    assert_eq!(
        exited.next().map(|event| event["status"].clone()),
        Some(8.into())
    );
}

#[test]
fn a_game_that_ends_while_another_logs_in_is_told_of_at_once() {
    let (held, release) = let_in("bob").remove(0).held();
    let stage = Stage::new("exit 3", let_in("alice").into_iter().chain([held]));
    let run = stage.program(&["ttr", "alice", "bob", "--json"]);
    let mut run = Conversation::start(run);
    let exited = run.event("exited");
    assert_eq!(exited["account"], "alice");
    drop(release);
    assert_eq!(run.event("started")["account"], "bob");
    assert_eq!(run.ended().code(), Some(3));
}
