//! `rehearse GAME districts`: a watch of the stand-in server, whose data change.

use std::fs;

#[cfg(unix)]
use serde_json::Value;

use crate::harness::Home;
#[cfg(unix)]
use crate::harness::InteractiveRun;

const GAMES: [&str; 3] = ["ttr", "ttcc", "tlopo"];

#[track_caller]
fn assert_no_files(home: &Home) {
    let left: Vec<_> = fs::read_dir(home.path()).expect("a home").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn options_without_a_rehearsal_are_usage_errors() {
    let home = Home::new();
    for (arguments, message) in [
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
        home.program(arguments).run().fails(64, message);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_watch_and_no_file_is_left() {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, Signal, kill_process};

    for game in GAMES {
        let home = Home::new();
        let arguments = ["rehearse", game, "districts", "--json", "--invasions"];
        let mut watch = InteractiveRun::start(home.program(&arguments));
        let shown: Value = serde_json::from_str(&watch.line()).expect("one object a line");
        assert_eq!(shown["game"], game);
        let rows = shown["districts"].as_array().expect("rows");
        assert!(!rows.is_empty(), "{shown}");
        assert!(rows.iter().all(|row| !row["invasion"].is_null()), "{shown}");
        let id = watch.pid().try_into().expect("a process id");
        let id = Pid::from_raw(id).expect("a process id");
        kill_process(id, Signal::INT).expect("it is there");
        assert_eq!(watch.ended().signal(), Some(Signal::INT.as_raw()));
        assert_no_files(&home);
    }
}

#[cfg(unix)]
#[test]
fn the_interval_has_no_minimum_at_the_stand_in() {
    let home = Home::new();
    let arguments = ["rehearse", "ttcc", "districts", "--json", "--watch=0.1"];
    let watch = InteractiveRun::start(home.program(&arguments));
    let [first, second] = [(); 2].map(|()| watch.line());
    assert_ne!(first, second);
    let second: Value = serde_json::from_str(&second).expect("one object a line");
    assert_eq!(second["game"], "ttcc");
    assert_no_files(&home);
}

#[cfg(unix)]
#[test]
fn stored_request_times_and_configuration_are_ignored() {
    use crate::harness::CTRL_C;

    let home = Home::new();
    let state = home.write("state/playcookie/looks.json", "kept");
    let program = home.program(&["rehearse", "tlopo", "districts", "--watch=1"]);
    let program = program.env("XDG_STATE_HOME", home.path().join("state"));
    // Other commands fail when the configuration cannot be read.
    let mut pty = program
        .env("PLAYCOOKIE_CONFIG", "/dev/null/config")
        .on_a_terminal();
    pty.expect("districts are invented");
    pty.expect("The Legend of Pirates Online is not asked more often than every 5 s");
    pty.expect("Abassa");
    pty.keys(&[CTRL_C]);
    pty.wait().dies_of(rustix::process::Signal::INT);
    assert_eq!(fs::read_to_string(state).expect("a file"), "kept");
}
