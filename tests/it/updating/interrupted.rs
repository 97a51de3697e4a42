//! Runs that are interrupted or killed: the next one goes on, and every file is the old one or the new one.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;

use rustix::process::Signal;

use super::{game, one};
use crate::harness::Signalled as _;
use crate::harness::installation::{Installation, is_under_way};
use crate::harness::publisher::{Publisher, noise};
use crate::harness::serving::Serving;
use crate::harness::until;

/// Ends a run when 9,000 bytes of its one file have arrived, of an older version of it or of none.
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
fn an_interrupted_download_goes_on_in_the_next_run() {
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
fn what_was_begun_of_a_file_that_changed_since_is_not_used() {
    let (mut publisher, installation) = (one(40_000), Installation::new());
    ended_by(Signal::KILL, &publisher, &installation);
    let stale = publisher.part("a.mf");
    publisher.file("a.mf", &noise(2, 40_000));
    let path = publisher.path("a.mf");
    // While the new one arrives, the old part is gone already.
    let (held, release) = Serving::held(100);
    publisher.mirror.next(&path, [held]);
    let run = installation.update(&publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    until("the new one arrives", || part.exists());
    assert!(!installation.path(&stale).exists());
    drop(release);
    run.wait().exits(0);
    installation.is_whole(&publisher);
    let asked = publisher.mirror.take().pop().expect("a request");
    assert_eq!(asked.from, None);
}

#[test]
fn the_same_name_with_a_new_date_starts_over() {
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
fn what_was_kept_and_is_wrong_is_fetched_again() {
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
fn litter_of_a_run_that_died_is_cleared_away_and_nothing_else() {
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
    installation.is_whole_beside(&publisher, &others);
}

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// A game in two versions with patches both ways; publishes the second first.
fn versions() -> [BTreeMap<String, Vec<u8>>; 2] {
    let names = [
        "TTREngine",
        "a/b/one.mf",
        "a/two.mf",
        "a/three.mf",
        "four.mf",
        "five.mf",
    ];
    let version = |number: u64| {
        let content = |(index, name): (usize, &&str)| {
            let mut content = noise(index as u64 + 1, 20_000 + index * 4_000);
            // One file of three is the same in both, one has a patch.
            if index % 3 == 1 {
                content[500..600].fill(u8::try_from(number).expect("small"));
            } else if index % 3 == 2 {
                content = noise(100 * number + index as u64, 20_000 + index * 4_000);
            }
            ((*name).to_owned(), content)
        };
        names.iter().enumerate().map(content).collect()
    };
    [version(1), version(2)]
}

fn publish(
    publisher: &mut Publisher,
    new: &BTreeMap<String, Vec<u8>>,
    old: &BTreeMap<String, Vec<u8>>,
) {
    for (name, content) in new {
        publisher.file(name, content);
        let is_patched = content != &old[name] && content[..400] == old[name][..400];
        if is_patched {
            publisher.patch(name, &old[name]);
        }
    }
}

#[test]
fn killed_a_hundred_times_no_file_is_ever_half_of_one() {
    let versions = versions();
    let mut publisher = Publisher::new();
    let installation = Installation::new();
    publish(&mut publisher, &versions[0], &versions[1]);
    publisher.mirror.usually(Serving::Slow(3_000));
    let (mut dice, mut kills, mut finished, mut current) = (Dice(0x5eed_1e55), 0, 0, 0);
    while kills < 100 {
        // Somewhere between the first byte of the list and the last of a file, and then a little later.
        let bytes = publisher.mirror.sent() + usize::try_from(dice.below(60_000)).expect("small");
        let moment = dice.below(4_000);
        let run = installation.update(&publisher, &[]).start();
        let pid = run.pid();
        until("it is time", || {
            publisher.mirror.sent() >= bytes || is_over(pid)
        });
        for _ in 0..moment {
            std::hint::spin_loop();
        }
        run.signal(Signal::KILL);
        let ended = run.wait();
        if ended.status.signal().is_some() {
            kills += 1;
        } else {
            // It was quicker, and everything is there: on to the other version.
            ended.exits(0);
            installation.is_whole(&publisher);
            finished += 1;
            current = 1 - current;
            publish(&mut publisher, &versions[current], &versions[1 - current]);
        }
        for (name, content) in installation.files() {
            let is_known = versions
                .iter()
                .any(|version| version.get(&name) == Some(&content));
            assert!(
                is_known || is_under_way(&name),
                "{name} after {kills} kills"
            );
        }
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert!(finished > 0, "the runs got nowhere");
}

/// Whether a process ended and waits to be asked how.
fn is_over(pid: u32) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let pid = Pid::from_raw(i32::try_from(pid).expect("a process id")).expect("a process id");
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(pid), options).is_ok_and(|ended| ended.is_some())
}
