//! Signals while a hook runs.

use rustix::process::Signal;

use super::{SLEEPER, set};
use crate::harness::fixture::{Fixture, granted};
use crate::harness::{CTRL_C, SendSignal};

fn both() -> Vec<crate::harness::Reaction> {
    [granted("alice"), granted("bob")].concat()
}

#[test]
fn a_post_exit_hook_does_not_delay_a_signal_to_another_game() {
    let fixture = Fixture::new(
        "[ $me = alice ] && exit 0; trap 'note term; exit 8' TERM; note ready; wait_for never",
        both(),
    );
    let hook = format!("post-exit = \"[ $PLAYCOOKIE_ACCOUNT = bob ] || {{ {SLEEPER}; }}\"\n");
    set(&fixture, &["ttr"], &hook);
    let run = fixture.program(&["ttr", "@pair"]).start();
    fixture.wait_for(&["bob.ready", "hook"]);
    run.signal(Signal::TERM);
    fixture.wait_for(&["bob.term"]);
    fixture.note("over");
    run.wait();
}

#[test]
fn a_signal_during_the_first_pre_launch_hook_ends_all_logins() {
    for signal in [Signal::INT, Signal::TERM] {
        let fixture = Fixture::new("", []);
        set(&fixture, &["ttr"], &format!("pre-launch = \"{SLEEPER}\"\n"));
        let run = fixture.program(&["ttr", "@pair"]).start();
        fixture.wait_for(&["hook"]);
        run.signal(signal);
        run.wait().dies_of(signal);
        assert!(!fixture.has("alice.started"));
        assert!(fixture.logins().is_empty());
    }
}

#[test]
fn ctrl_c_during_a_later_pre_launch_hook_leaves_running_games_alone() {
    let fixture = Fixture::new("note ready; wait_for over", granted("alice"));
    let hook = format!("[accounts.bob]\npre-launch = \"{SLEEPER}\"\n");
    fixture.change("[accounts.bob]\n", &hook);
    let mut shell = fixture.program(&["ttr", "@pair"]).under_a_shell();
    fixture.wait_for(&["hook", "alice.ready"]);
    shell.pty.keys(&[CTRL_C]);
    shell.pty.expect("^C");
    fixture.note("over");
    let (status, pty) = shell.wait();
    assert_eq!(status, 130);
    assert!(pty.is_restored());
    assert!(!fixture.has("bob.started"));
}

#[test]
fn a_signal_during_the_post_exit_hook_ends_hook_and_launcher() {
    for signal in [Signal::INT, Signal::TERM] {
        let fixture = Fixture::new("exit 3", granted("alice"));
        set(&fixture, &["ttr"], &format!("post-exit = \"{SLEEPER}\"\n"));
        let run = fixture.program(&["ttr", "alice"]).start();
        fixture.wait_for(&["hook"]);
        run.signal(signal);
        run.wait().dies_of(signal);
    }
}
