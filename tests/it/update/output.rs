//! The output of an update: events, lines and a redrawn line.

use serde_json::{Value, json};

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::response::Response;

/// Returns an event without its time. Asserts that the time is in UTC and has milliseconds.
fn without_time(mut event: Value) -> Value {
    let time = event.as_object_mut().and_then(|event| event.remove("time"));
    let time = time.as_ref().and_then(Value::as_str).expect("a time");
    let digits = time.replace(|character: char| character.is_ascii_digit(), "0");
    assert_eq!(digits, "0000-00-00T00:00:00.000Z");
    event
}

#[test]
fn events_have_their_keys_and_count_to_the_end() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = installation.update(&publisher, &["--json"]).run().exits(0);
    assert_eq!(ended.stderr, "");
    let mut events = ended.events();
    let updated = without_time(events.pop().expect("an event"));
    let first = ended.stdout.lines().next().expect("an event");
    let keys = [
        "event",
        "time",
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
    let expected = json!({
        "event": "updated", "game": "ttr", "account": null, "username": null,
        "directory": installation.game, "all_files": 4, "files": 4, "bytes": packed,
    });
    assert_eq!(updated, expected);
}

#[test]
fn events_of_an_up_to_date_game_and_of_a_check() {
    let publisher = game();
    let (empty, installation) = (Installation::new(), Installation::of(&publisher));
    let ended = installation.update(&publisher, &["--json"]).run().exits(0);
    let events = ended.events();
    assert_eq!(ended.event_names(), ["update", "updated"]);
    assert_eq!(
        (&events[1]["files"], &events[1]["bytes"]),
        (&0.into(), &0.into())
    );
    assert_eq!(
        (&events[0]["files"], &events[0]["done_files"]),
        (&0.into(), &0.into())
    );
    assert_eq!(events[0]["bytes"], 0);
    let ended = empty
        .update(&publisher, &["--check", "--json"])
        .run()
        .exits(10);
    let events = ended.events();
    assert_eq!(ended.event_names(), ["update", "checked"]);
    assert_eq!(events[0]["files"], 4);
    assert_eq!(events[0]["bytes"], Value::Null);
    let outdated = publisher
        .contents()
        .keys()
        .map(|name| json!({ "name": name, "size": null, "patch": false }));
    let expected = json!({
        "event": "checked", "game": "ttr", "account": null, "username": null,
        "directory": empty.game, "installed": false, "all_files": 4,
        "outdated": outdated.collect::<Vec<_>>(),
    });
    assert_eq!(without_time(events[1].clone()), expected);
}

#[test]
fn a_failure_is_the_last_event() {
    let (publisher, installation) = (game(), Installation::new());
    publisher
        .mirror
        .always(&publisher.path("winter_snow.mf"), Response::status(404));
    let ended = installation.update(&publisher, &["--json"]).run().exits(69);
    let error = ended.error_event();
    assert_eq!(
        (&error["reason"], &error["exit"]),
        (&"server-error".into(), &69.into())
    );
}

#[test]
fn bytes_fetched_twice_are_counted_once() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher
        .mirror
        .next(&path, [Response::Flipped(30_000), Response::Cut(9_000)]);
    let ended = installation.update(&publisher, &["--json"]).run().exits(0);
    let last = ended.events().into_iter().rev().nth(1);
    let last = last.expect("an event before the last");
    let size = publisher.mirror.size(&path);
    assert_eq!(
        (&last["bytes"], &last["done_bytes"]),
        (&size.into(), &size.into())
    );
}

#[test]
fn in_a_pipe_each_file_has_a_line() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = installation
        .update(&publisher, &[])
        .run()
        .exits(0)
        .prints_plain_text();
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
fn on_a_terminal_one_line_is_redrawn_and_cleared() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let (held, release) = Response::held(9_000);
    publisher.mirror.next(&publisher.path("a.mf"), [held]);
    // With a long timeout, the held response is not reported as a failure.
    let timeout = ["--timeout", "600"];
    let mut pty = installation.update(&publisher, &timeout).on_a_terminal();
    pty.expect(": ░░░░░░░░░░ 0 of 1 files, ");
    pty.expect(": a.mf");
    drop(release);
    pty.expect("1 of 1 files updated");
    let ended = pty.wait().exits(0);
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    let last = ended.stderr.rsplit("\u{1b}[2K").next().expect("a line");
    assert!(
        last.starts_with("Toontown Rewritten: 1 of 1 files"),
        "{last:?}"
    );
}

#[test]
fn on_a_terminal_an_error_starts_a_new_line() {
    let (publisher, installation) = (one(40_000), Installation::new());
    publisher
        .mirror
        .always(&publisher.path("a.mf"), Response::Flipped(20_000));
    let pty = installation.update(&publisher, &[]).on_a_terminal();
    let ended = pty.wait().exits(65);
    let shown: Vec<_> = ended.stderr.split("\u{1b}[2K").collect();
    let last = shown.last().expect("a line").trim_start_matches('\r');
    assert!(
        last.starts_with("error: a.mf could not be fetched"),
        "{ended:#?}"
    );
}
