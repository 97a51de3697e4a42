//! The progress of an update: events, lines, and a line that is redrawn on a terminal.

use serde_json::Value;

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::serving::Serving;

#[test]
fn events_have_these_keys_and_reach_the_total() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = installation.update(&publisher, &["--json"]).run().exits(0);
    assert_eq!(ended.stderr, "");
    let first = ended.stdout.lines().next().expect("an event");
    let keys = [
        "event",
        "game",
        "account",
        "username",
        "files",
        "bytes",
        "done_files",
        "done_bytes",
    ];
    let mut rest = first;
    for key in keys {
        let (_, after) = rest.split_once(&format!("\"{key}\":")).expect(key);
        rest = after;
    }
    let events = ended.events();
    for event in &events {
        assert_eq!(event.as_object().expect("an object").len(), keys.len());
        assert_eq!(
            (&event["event"], &event["files"]),
            (&"update".into(), &4.into())
        );
        assert_eq!(
            (&event["game"], &event["account"]),
            (&"ttr".into(), &Value::Null)
        );
    }
    let first = &events[0];
    assert_eq!(
        (&first["bytes"], &first["done_bytes"]),
        (&Value::Null, &0.into())
    );
    let done: Vec<_> = events
        .iter()
        .map(|event| event["done_files"].as_u64())
        .collect();
    assert_eq!(done, [0, 1, 2, 3, 4].map(Some));
    let last = events.last().expect("an event");
    let packed: usize = publisher
        .contents()
        .keys()
        .map(|name| publisher.mirror.size(&publisher.path(name)))
        .sum();
    assert_eq!(
        (&last["bytes"], &last["done_bytes"]),
        (&packed.into(), &packed.into())
    );
}

#[test]
fn an_update_without_outdated_files_and_a_check_have_one_event() {
    let publisher = game();
    let (empty, installation) = (Installation::new(), Installation::of(&publisher));
    let ended = installation.update(&publisher, &["--json"]).run().exits(0);
    let events = ended.events();
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["files"], &events[0]["done_files"]),
        (&0.into(), &0.into())
    );
    assert_eq!(events[0]["bytes"], 0);
    let ended = empty
        .update(&publisher, &["--check", "--json"])
        .run()
        .exits(0);
    let events = ended.events();
    assert_eq!((events.len(), &events[0]["files"]), (1, &4.into()));
    assert_eq!(events[0]["bytes"], Value::Null);
}

#[test]
fn a_failure_is_the_last_event() {
    let (publisher, installation) = (game(), Installation::new());
    publisher
        .mirror
        .always(&publisher.path("winter_snow.mf"), Serving::status(404));
    let ended = installation.update(&publisher, &["--json"]).run().exits(69);
    let error = ended.error_event();
    assert_eq!(
        (&error["reason"], &error["exit"]),
        (&"server-error".into(), &69.into())
    );
}

#[test]
fn bytes_that_are_downloaded_twice_count_once() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher
        .mirror
        .next(&path, [Serving::Flipped(30_000), Serving::Cut(9_000)]);
    let ended = installation.update(&publisher, &["--json"]).run().exits(0);
    let last = ended.events().pop().expect("an event");
    let size = publisher.mirror.size(&path);
    assert_eq!(
        (&last["bytes"], &last["done_bytes"]),
        (&size.into(), &size.into())
    );
}

#[test]
fn without_a_terminal_each_file_has_a_line() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = installation
        .update(&publisher, &[])
        .run()
        .exits(0)
        .stays_plain();
    assert_eq!(ended.stdout, "");
    for name in publisher.contents().keys() {
        let lines = ended.stderr.lines();
        let count = lines
            .filter(|line| line.starts_with(&format!("{name}: fetched, ")))
            .count();
        assert_eq!(count, 1, "{name}: {ended:#?}");
    }
    assert!(ended.stderr.lines().count() <= 6, "{ended:#?}");
    let ended = installation.update(&publisher, &["-q"]).run().exits(0);
    assert_eq!((&ended.stdout[..], &ended.stderr[..]), ("", ""));
}

#[test]
fn on_a_terminal_one_line_is_redrawn_and_removed() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let (held, release) = Serving::held(9_000);
    publisher.mirror.next(&publisher.path("a.mf"), [held]);
    // No timeout within the test, so that no further event occurs.
    let patient = ["--timeout", "600"];
    let mut pty = installation.update(&publisher, &patient).on_a_terminal();
    pty.expect("0 of 1 files, ");
    pty.expect(": a.mf");
    drop(release);
    pty.expect("1 of 1 files brought up to date");
    let ended = pty.wait().exits(0);
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    let last = ended.stderr.rsplit("\u{1b}[2K").next().expect("a line");
    assert!(
        last.starts_with("Toontown Rewritten: 1 of 1 files"),
        "{last:?}"
    );
}

#[test]
fn on_a_terminal_an_error_has_its_own_line() {
    let (publisher, installation) = (one(40_000), Installation::new());
    publisher
        .mirror
        .always(&publisher.path("a.mf"), Serving::Flipped(20_000));
    let pty = installation.update(&publisher, &[]).on_a_terminal();
    let ended = pty.wait().exits(65);
    let shown: Vec<_> = ended.stderr.split("\u{1b}[2K").collect();
    let last = shown.last().expect("a line").trim_start_matches('\r');
    assert!(
        last.starts_with("error: a.mf could not be fetched"),
        "{ended:#?}"
    );
}
