//! Hooks do not affect other accounts or the game's input.

use super::{SLEEPER, set};
use crate::harness::fixture::{Fixture, granted};

#[test]
fn a_post_exit_hook_does_not_delay_the_login_of_another_account() {
    let (held, release) = granted("bob").remove(0).held();
    let fixture = Fixture::new("", granted("alice").into_iter().chain([held]));
    let hook = format!("post-exit = \"[ $PLAYCOOKIE_ACCOUNT = bob ] || {{ {SLEEPER}; }}\"\n");
    set(&fixture, &["ttr"], &hook);
    let run = fixture.program(&["ttr", "@pair"]).start();
    fixture.wait_for(&["hook"]);
    drop(release);
    fixture.wait_for(&["bob.started"]);
    fixture.note("over");
    run.wait().exits(0);
}

#[test]
fn hooks_do_not_read_the_input_of_the_game() {
    let fixture = Fixture::new("read line; echo \"heard $line\"", granted("alice"));
    set(&fixture, &["ttr"], "pre-launch = \"true\"\n");
    let play = fixture.program(&["ttr", "alice"]).stdin("for the game\n");
    assert_eq!(play.run().exits(0).stdout, "heard for the game\n");
}
