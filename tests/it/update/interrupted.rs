//! Interrupted and killed runs: the next run resumes, and every file is complete.

use std::os::unix::process::ExitStatusExt as _;

use rustix::process::Signal;

use super::{game, one};
use crate::harness::SendSignal as _;
use crate::harness::installation::Installation;
use crate::harness::publisher::{Publisher, noise};
use crate::harness::response::Response;
use crate::harness::wait_until;

/// Runs an update of a one-file game and sends a signal after 9,000 bytes.
#[track_caller]
fn ended_by(signal: Signal, publisher: &Publisher, installation: &Installation) {
    let path = publisher.path("a.mf");
    let (held, release) = Response::held(9_000);
    publisher.mirror.next(&path, [held]);
    let run = installation.update(publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    wait_until("9,000 bytes are kept", || {
        std::fs::metadata(&part).is_ok_and(|part| part.len() == 9_000)
    });
    run.signal(signal);
    let ended = run.wait();
    assert_eq!(
        ended.status.signal(),
        Some(signal.as_raw()),
        "a shell makes 130 of it"
    );
    if signal != Signal::KILL {
        let kept = "the update was stopped after 0 of 1 files; 9.0 kB are kept";
        assert!(ended.stderr.contains(kept), "{ended:#?}");
    }
    drop(release);
    publisher.mirror.take();
}

#[test]
fn an_interrupted_download_is_resumed_by_the_next_run() {
    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        let (publisher, installation) = (one(40_000), Installation::new());
        ended_by(signal, &publisher, &installation);
        let part = publisher.part("a.mf");
        if signal != Signal::KILL {
            assert_eq!(installation.names(), [&part[..]], "no draft is left");
        }
        let date = publisher.mirror.date(&publisher.path("a.mf"));
        installation.update(&publisher, &[]).run().exits(0);
        installation.assert_complete(&publisher);
        let request = publisher.mirror.take().pop().expect("a request");
        assert_eq!(request.path, publisher.path("a.mf"));
        assert_eq!((request.from, request.if_range), (Some(9_000), Some(date)));
    }
}

#[test]
fn an_interrupted_run_ends_by_the_signal_and_keeps_the_old_file() {
    let mut publisher = one(40_000);
    let installation = Installation::of(&publisher);
    let old = installation.content("a.mf");
    publisher.file("a.mf", &noise(2, 40_000));
    ended_by(Signal::INT, &publisher, &installation);
    assert!(installation.content("a.mf") == old);
    assert_eq!(installation.names(), [&publisher.part("a.mf"), "a.mf"]);
}

#[test]
fn the_part_of_another_version_is_not_used() {
    let (mut publisher, installation) = (one(40_000), Installation::new());
    ended_by(Signal::KILL, &publisher, &installation);
    let stale = publisher.part("a.mf");
    publisher.file("a.mf", &noise(2, 40_000));
    let path = publisher.path("a.mf");
    // The old part is removed before the new file is complete.
    let (held, release) = Response::held(100);
    publisher.mirror.next(&path, [held]);
    let run = installation.update(&publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    wait_until("there is a new part", || part.exists());
    assert!(!installation.path(&stale).exists());
    drop(release);
    run.wait().exits(0);
    installation.assert_complete(&publisher);
    let request = publisher.mirror.take().pop().expect("a request");
    assert_eq!(request.from, None);
}

#[test]
fn a_new_validator_restarts_the_download() {
    let (publisher, installation) = (one(40_000), Installation::new());
    ended_by(Signal::KILL, &publisher, &installation);
    let path = publisher.path("a.mf");
    let content = crate::harness::publisher::packed(&publisher.contents()["a.mf"]);
    publisher.mirror.put(&path, content);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    let requests = publisher.mirror.take();
    assert!(requests[2].if_range.is_some(), "{requests:?}");
    assert_ne!(requests[2].if_range, Some(publisher.mirror.date(&path)));
    assert_eq!(requests.len(), 3, "the server sends the whole at once");
}

#[test]
fn an_invalid_part_is_fetched_again() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let whole = crate::harness::publisher::packed(&publisher.contents()["a.mf"]);
    let longer = [&whole[..], b"more"].concat();
    for kept in [&whole[..], &longer, &noise(5, 90_000), &noise(6, 90), b""] {
        let installation = Installation::new();
        installation.write(&publisher.part("a.mf"), kept);
        installation.update(&publisher, &[]).run().exits(0);
        installation.assert_complete(&publisher);
    }
    drop(installation);
}

#[test]
fn temporary_files_of_a_killed_run_are_removed_and_nothing_else() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    let digits = "0123456789abcdef0123456789abcdef01234567";
    for name in [
        format!(".winter_snow.mf.{digits}.new"),
        format!(".winter_snow.mf.{digits}.part"),
        format!("resources/default/.phase_3.mf.{digits}.new"),
        format!("resources/default/.phase_3.mf.{digits}.part"),
        publisher.part("winter_snow.mf"),
    ] {
        installation.write(&name, "litter");
    }
    let mine: &[u8] = b"mine";
    let others = [
        (".winter_snow.mf.part", mine),
        (".winter_snow.mf.new", mine),
        (".winter_snow.mf.backup.new", mine),
        (".mine.mf.0123456.part", mine),
        ("winter_snow.mf.0123456.part", mine),
    ];
    for (name, content) in others {
        installation.write(name, content);
    }
    installation.update(&publisher, &["--check"]).run().exits(0);
    assert_eq!(installation.names().len(), 4 + 5 + 5);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete_with(&publisher, &others);
}
