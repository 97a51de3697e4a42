//! What a command of the player has nothing to do with: other accounts, and what is typed.

use super::{LASTING, set};
use crate::harness::fixture::{Stage, let_in};

#[test]
fn a_command_after_one_game_holds_up_no_login_of_another() {
    let (held, release) = let_in("bob").remove(0).held();
    let stage = Stage::new("", let_in("alice").into_iter().chain([held]));
    let hook = format!("post-exit = \"[ $PLAYCOOKIE_ACCOUNT = bob ] || {{ {LASTING}; }}\"\n");
    set(&stage, &["ttr"], &hook);
    let run = stage.program(&["ttr", "@pair"]).start();
    stage.wait_for(&["hook"]);
    drop(release);
    stage.wait_for(&["bob.started"]);
    stage.note("over");
    run.wait().exits(0);
}

#[test]
fn what_is_for_the_game_is_left_to_it() {
    let stage = Stage::new("read line; echo \"heard $line\"", let_in("alice"));
    set(&stage, &["ttr"], "pre-launch = \"true\"\n");
    let play = stage.program(&["ttr", "alice"]).stdin("for the game\n");
    assert_eq!(play.run().exits(0).stdout, "heard for the game\n");
}
