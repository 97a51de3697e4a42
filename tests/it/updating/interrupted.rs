//! Runs that are interrupted or killed: the next run resumes, and every file is the old or the new one.

use std::os::unix::process::ExitStatusExt as _;

use rustix::process::Signal;

use super::{game, one};
use crate::harness::Signalled as _;
use crate::harness::installation::Installation;
use crate::harness::publisher::{Publisher, noise};
use crate::harness::serving::Serving;
use crate::harness::until;

/// Starts an update of a game of one file, and sends the signal after 9,000 bytes.
#[track_caller]
fn ended_by(signal: Signal, publisher: &Publisher, installation: &Installation) {
    let path = publisher.path("a.mf");
    let (held, release) = Serving::held(9_000);
    publisher.mirror.next(&path, [held]);
    let run = installation.update(publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    until("9,000 bytes are kept", || {
        std::fs::metadata(&part).is_ok_and(|part| part.len() == 9_000)
    });
    run.signal(signal);
    let status = run.wait().status;
    assert_eq!(
        status.signal(),
        Some(signal.as_raw()),
        "a shell makes 130 of it"
    );
    drop(release);
    publisher.mirror.take();
}

#[test]
fn an_interrupted_download_is_resumed_in_the_next_run() {
    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        let (publisher, installation) = (one(40_000), Installation::new());
        ended_by(signal, &publisher, &installation);
        let part = publisher.part("a.mf");
        if signal != Signal::KILL {
            assert_eq!(installation.names(), [&part[..]], "no draft is left");
        }
        let date = publisher.mirror.date(&publisher.path("a.mf"));
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
        let asked = publisher.mirror.take().pop().expect("a request");
        assert_eq!(asked.path, publisher.path("a.mf"));
        assert_eq!((asked.from, asked.if_range), (Some(9_000), Some(date)));
    }
}

#[test]
fn an_interrupted_run_dies_of_the_signal_and_keeps_the_old_file() {
    let mut publisher = one(40_000);
    let installation = Installation::of(&publisher);
    let old = installation.content("a.mf");
    publisher.file("a.mf", &noise(2, 40_000));
    ended_by(Signal::INT, &publisher, &installation);
    assert!(installation.content("a.mf") == old);
    assert_eq!(installation.names(), [&publisher.part("a.mf"), "a.mf"]);
}

#[test]
fn the_partial_download_of_another_version_is_not_used() {
    let (mut publisher, installation) = (one(40_000), Installation::new());
    ended_by(Signal::KILL, &publisher, &installation);
    let stale = publisher.part("a.mf");
    publisher.file("a.mf", &noise(2, 40_000));
    let path = publisher.path("a.mf");
    // The old partial download is removed before the new download has ended.
    let (held, release) = Serving::held(100);
    publisher.mirror.next(&path, [held]);
    let run = installation.update(&publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    until("the new download starts", || part.exists());
    assert!(!installation.path(&stale).exists());
    drop(release);
    run.wait().exits(0);
    installation.is_whole(&publisher);
    let asked = publisher.mirror.take().pop().expect("a request");
    assert_eq!(asked.from, None);
}

#[test]
fn a_file_with_a_new_date_is_downloaded_from_the_start() {
    let (publisher, installation) = (one(40_000), Installation::new());
    ended_by(Signal::KILL, &publisher, &installation);
    let path = publisher.path("a.mf");
    let content = crate::harness::publisher::packed(&publisher.contents()["a.mf"]);
    publisher.mirror.put(&path, content);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    let asked = publisher.mirror.take();
    assert!(asked[2].if_range.is_some(), "{asked:?}");
    assert_ne!(asked[2].if_range, Some(publisher.mirror.date(&path)));
    assert_eq!(asked.len(), 3, "the server sends the whole at once");
}

#[test]
fn an_invalid_partial_download_is_replaced() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let whole = crate::harness::publisher::packed(&publisher.contents()["a.mf"]);
    let longer = [&whole[..], b"more"].concat();
    for kept in [&whole[..], &longer, &noise(5, 90_000), &noise(6, 90), b""] {
        let installation = Installation::new();
        installation.write(&publisher.part("a.mf"), kept);
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
    }
    drop(installation);
}

#[test]
fn only_leftovers_of_an_interrupted_update_are_removed() {
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
        installation.write(&name, "leftover");
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
    installation.is_whole_beside(&publisher, &others);
}
