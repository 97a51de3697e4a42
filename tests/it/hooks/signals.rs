//! Signals while a command of the player runs: none is held up by it.

use rustix::process::Signal;

use super::{LASTING, set};
use crate::harness::fixture::{Stage, let_in};
use crate::harness::{CTRL_C, Signalled};

fn both() -> Vec<crate::harness::Reaction> {
    [let_in("alice"), let_in("bob")].concat()
}

#[test]
fn a_command_after_one_game_holds_up_no_signal_to_another() {
    let stage = Stage::new(
        "[ $me = alice ] && exit 0; trap 'note term; exit 8' TERM; note ready; wait_for never",
        both(),
    );
    let hook = format!("post-exit = \"[ $PLAYCOOKIE_ACCOUNT = bob ] || {{ {LASTING}; }}\"\n");
    set(&stage, &["ttr"], &hook);
    let run = stage.program(&["ttr", "@pair"]).start();
    stage.wait_for(&["bob.ready", "hook"]);
    run.signal(Signal::TERM);
    stage.wait_for(&["bob.term"]);
    stage.note("over");
    run.wait();
}

#[test]
fn a_signal_before_the_first_of_several_starts_ends_it_all() {
    for signal in [Signal::INT, Signal::TERM] {
        let stage = Stage::new("", let_in("alice"));
        set(&stage, &["ttr"], &format!("pre-launch = \"{LASTING}\"\n"));
        let run = stage.program(&["ttr", "@pair"]).start();
        stage.wait_for(&["hook"]);
        run.signal(signal);
        run.wait().dies_of(signal);
        assert!(!stage.has("alice.started"));
        assert_eq!(stage.entrants(), ["alice"]);
    }
}

#[test]
fn ctrl_c_before_the_last_of_several_starts_leaves_the_others_their_games() {
    let stage = Stage::new("note ready; wait_for over", both());
    let hook = format!("[accounts.bob]\npre-launch = \"{LASTING}\"\n");
    stage.change("[accounts.bob]\n", &hook);
    let mut shell = stage.program(&["ttr", "@pair"]).under_a_shell();
    stage.wait_for(&["hook", "alice.ready"]);
    shell.pty.keys(&[CTRL_C]);
    shell.pty.expect("^C");
    stage.note("over");
    let (status, pty) = shell.wait();
    assert_eq!(status, 130);
    assert!(pty.is_as_it_was());
    assert!(!stage.has("bob.started"));
}

#[test]
fn a_signal_after_the_game_ends_the_command_and_the_launcher() {
    for signal in [Signal::INT, Signal::TERM] {
        let stage = Stage::new("exit 3", let_in("alice"));
        set(&stage, &["ttr"], &format!("post-exit = \"{LASTING}\"\n"));
        let run = stage.program(&["ttr", "alice"]).start();
        stage.wait_for(&["hook"]);
        run.signal(signal);
        run.wait().dies_of(signal);
    }
}
