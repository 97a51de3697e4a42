//! Signals during the logins and games of several accounts.

use rustix::process::Signal;

use super::*;
use crate::harness::{CTRL_C, SendSignal, wait_until};

/// A game that runs until there is a file `over` and records each signal.
const SIGNAL_RECORDER: &str = "trap 'note int' INT; trap 'note term' TERM; trap 'note hup' HUP; note ready\n\
    wait_for over; exit 0";
/// A game that exits by itself on a signal.
const ENDS_BY_SIGNAL: &str =
    "trap 'exit 7' INT; trap 'exit 8' TERM; trap 'exit 9' HUP; note ready; wait_for over";

/// Creates a fixture whose server lets Alice in and does not answer Bob.
fn blocked_login(script: &str) -> Fixture {
    let reactions = granted("alice").into_iter();
    Fixture::new(script, reactions.chain([Reaction::Silence(Vec::new())]))
}

fn grant_both(script: &str) -> Fixture {
    Fixture::new(script, grant_all(&["alice", "bob"]))
}

#[test]
fn ctrl_c_ends_the_logins_and_waits_for_the_running_game() {
    let fixture = blocked_login(SIGNAL_RECORDER);
    let mut shell = fixture
        .program(&["ttr", "alice", "bob", "eve"])
        .under_a_shell();
    fixture.server.wait_for(2);
    fixture.wait_for(&["alice.ready"]);
    shell.pty.keys(&[CTRL_C]);
    // The launcher closes its connection to the server and waits for the game.
    shell.pty.expect("^C");
    assert!(!fixture.has("alice.int"));
    fixture.note("over");
    let (status, pty) = shell.wait();
    assert_eq!(status, 130);
    assert!(pty.is_restored());
    assert!(!fixture.has("alice.int"));
    assert_eq!(fixture.logins(), ["alice", "bob"]);
}

#[test]
fn an_interrupt_of_the_launcher_alone_ends_the_logins() {
    let fixture = blocked_login(SIGNAL_RECORDER);
    let run = fixture.program(&["ttr", "alice", "bob", "--json"]).start();
    fixture.server.wait_for(2);
    fixture.wait_for(&["alice.ready"]);
    run.signal(Signal::INT);
    fixture.note("over");
    let ended = run.wait().dies_of(Signal::INT);
    assert_eq!(
        events_of(&ended, "alice"),
        ["login", "ready", "started", "exited"]
    );
    assert!(!fixture.has("alice.int"));
}

#[test]
fn a_second_interrupt_is_passed_to_the_running_game() {
    let fixture = blocked_login(SIGNAL_RECORDER);
    let run = fixture.program(&["ttr", "alice", "bob"]).start();
    fixture.server.wait_for(2);
    fixture.wait_for(&["alice.ready"]);
    // Pending signals of one kind are merged.
    wait_until("the game gets the signal", || {
        run.signal(Signal::INT);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fixture.has("alice.int")
    });
    fixture.note("over");
    run.wait().dies_of(Signal::INT);
}

#[test]
fn ctrl_c_reaches_every_game_once_all_play() {
    let fixture = grant_both(ENDS_BY_SIGNAL);
    let mut pty = fixture.program(&["ttr", "@pair"]).on_a_terminal();
    fixture.wait_for(&["alice.ready", "bob.ready"]);
    pty.keys(&[CTRL_C]);
    pty.wait().exits(7);
}

#[test]
fn a_signal_to_the_launcher_reaches_every_game() {
    for (signal, status) in [(Signal::INT, 7), (Signal::TERM, 8), (Signal::HUP, 9)] {
        let fixture = grant_both(ENDS_BY_SIGNAL);
        let run = fixture.program(&["ttr", "@pair", "--json"]).start();
        fixture.wait_for(&["alice.ready", "bob.ready"]);
        run.signal(signal);
        let ended = run.wait().exits(status);
        let exited = ended.events().into_iter();
        let exited = exited.filter(|event| event["event"] == "exited");
        let statuses: Vec<_> = exited.map(|event| event["status"].clone()).collect();
        assert_eq!(statuses, [status, status]);
    }
}

#[test]
fn games_killed_by_a_signal_give_128_plus_its_number() {
    let fixture = grant_both("note ready; wait_for over");
    let run = fixture.program(&["ttr", "@pair"]).start();
    fixture.wait_for(&["alice.ready", "bob.ready"]);
    run.signal(Signal::TERM);
    run.wait().exits(143);
}

#[test]
fn sigterm_during_a_login_is_passed_to_the_running_game() {
    let fixture = blocked_login(ENDS_BY_SIGNAL);
    let run = fixture.program(&["ttr", "alice", "bob", "--json"]).start();
    fixture.server.wait_for(2);
    fixture.wait_for(&["alice.ready"]);
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
fn a_game_that_ends_during_another_login_is_reported_at_once() {
    let (held, release) = granted("bob").remove(0).held();
    let fixture = Fixture::new("exit 3", granted("alice").into_iter().chain([held]));
    let run = fixture.program(&["ttr", "alice", "bob", "--json"]);
    let mut run = InteractiveRun::start(run);
    let exited = run.event("exited");
    assert_eq!(exited["account"], "alice");
    drop(release);
    assert_eq!(run.event("started")["account"], "bob");
    assert_eq!(run.ended().code(), Some(3));
}
