//! `rehearse GAME districts`: a watch of the stand-in, whose data move.

use std::fs;

#[cfg(unix)]
use serde_json::Value;

#[cfg(unix)]
use crate::harness::Conversation;
use crate::harness::Home;

const GAMES: [&str; 3] = ["ttr", "ttcc", "tlopo"];

#[track_caller]
fn wrote_nothing(home: &Home) {
    let left: Vec<_> = fs::read_dir(home.path()).expect("a home").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_cannot_be_rehearsed_is_a_usage_error() {
    let home = Home::new();
    for (arguments, words) in [
        (
            &["rehearse", "scid", "districts"][..],
            "Supercell ID has no districts",
        ),
        (&["rehearse", "districts"], "provided: <GAME>"),
        (&["rehearse", "--serve", "districts"], "--serve is in front"),
        (
            &["rehearse", "ttr", "--queue", "1", "districts"],
            "--queue is in front",
        ),
        (
            &[
                "rehearse",
                "ttr",
                "districts",
                "--api",
                "http://localhost:1",
            ],
            "its own stand-in",
        ),
        (
            &["rehearse", "ttr", "districts", "--refuse"],
            "unexpected argument '--refuse'",
        ),
    ] {
        home.program(arguments).run().fails(64, words);
    }
}

#[cfg(unix)]
#[test]
fn it_is_watched_until_ctrl_c_and_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, Signal, kill_process};

    for game in GAMES {
        let home = Home::new();
        let words = ["rehearse", game, "districts", "--json", "--invasions"];
        let mut watch = Conversation::start(home.program(&words));
        let shown: Value = serde_json::from_str(&watch.line()).expect("one object a line");
        assert_eq!(shown["game"], game);
        let rows = shown["districts"].as_array().expect("rows");
        assert!(!rows.is_empty(), "{shown}");
        assert!(rows.iter().all(|row| !row["invasion"].is_null()), "{shown}");
        let id = watch.pid().try_into().expect("a process id");
        let id = Pid::from_raw(id).expect("a process id");
        kill_process(id, Signal::INT).expect("it is there");
        assert_eq!(watch.ended().signal(), Some(Signal::INT.as_raw()));
        wrote_nothing(&home);
    }
}

#[cfg(unix)]
#[test]
fn the_next_look_comes_soon_and_is_not_refused() {
    let home = Home::new();
    let words = ["rehearse", "ttcc", "districts", "--json", "--watch=0.1"];
    let watch = Conversation::start(home.program(&words));
    let [first, second] = [(); 2].map(|()| watch.line());
    assert_ne!(first, second);
    let second: Value = serde_json::from_str(&second).expect("one object a line");
    assert_eq!(second["game"], "ttcc");
    wrote_nothing(&home);
}

#[cfg(unix)]
#[test]
fn what_is_remembered_of_looks_is_left_alone_and_no_configuration_is_read() {
    use crate::harness::CTRL_C;

    let home = Home::new();
    let state = home.write("state/playcookie/looks.json", "kept");
    let program = home.program(&["rehearse", "tlopo", "districts", "--watch=1"]);
    let program = program.env("XDG_STATE_HOME", home.path().join("state"));
    // Anywhere else, a configuration that cannot be read is a failure.
    let mut pty = program
        .env("PLAYCOOKIE_CONFIG", "/dev/null/config")
        .on_a_terminal();
    pty.expect("nobody plays there");
    pty.expect(
        "the stand-in for The Legend of Pirates Online is not asked more often than every 5 s",
    );
    pty.expect("Abassa");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);
    assert_eq!(fs::read_to_string(state).expect("a file"), "kept");
}
