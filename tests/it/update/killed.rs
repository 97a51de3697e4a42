//! Runs that are killed at a hundred different times.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use rustix::process::Signal;

use crate::harness::SendSignal as _;
use crate::harness::installation::{Installation, is_temporary};
use crate::harness::publisher::{Publisher, noise};
use crate::harness::response::Response;
use crate::harness::wait_until;

/// A generator of reproducible pseudo-random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// Returns two versions of a game.
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
            // Of three files, one is the same in both versions and one gets a patch.
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
fn a_hundred_kills_leave_no_incomplete_file() {
    let versions = versions();
    let mut publisher = Publisher::new();
    let installation = Installation::new();
    publish(&mut publisher, &versions[0], &versions[1]);
    publisher.mirror.default_response(Response::Slow(3_000));
    let (mut dice, mut kills, mut finished, mut current) = (Random(0x5eed_1e55), 0, 0, 0);
    while kills < 100 {
        // Choose a number of bytes and a short delay after it. Every second time, the bytes on the disk count: sent bytes
        // that a slow run has not written yet are lost with it.
        let is_stored = kills % 2 == 1;
        let amount = || {
            if is_stored {
                stored_bytes(&installation.game)
            } else {
                publisher.mirror.sent()
            }
        };
        let bytes = amount() + usize::try_from(dice.below(60_000)).expect("small");
        let moment = dice.below(4_000);
        let run = installation.update(&publisher, &[]).start();
        let pid = run.pid();
        wait_until("it is time", || amount() >= bytes || has_exited(pid));
        for _ in 0..moment {
            std::hint::spin_loop();
        }
        run.signal(Signal::KILL);
        let ended = run.wait();
        if ended.status.signal().is_some() {
            kills += 1;
        } else {
            // The run finished before the kill: publish the other version.
            ended.exits(0);
            installation.assert_complete(&publisher);
            finished += 1;
            current = 1 - current;
            publish(&mut publisher, &versions[current], &versions[1 - current]);
        }
        for (name, content) in installation.files() {
            let is_known = versions
                .iter()
                .any(|version| version.get(&name) == Some(&content));
            assert!(
                is_known || is_temporary(&name),
                "{name} after {kills} kills"
            );
        }
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    assert!(finished > 0, "the runs got nowhere");
}

/// Returns the size of all files in a directory, without files that are removed meanwhile.
fn stored_bytes(directory: &Path) -> usize {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => stored_bytes(&entry.path()),
        Ok(metadata) => usize::try_from(metadata.len()).expect("small"),
        Err(_) => 0,
    });
    sizes.sum()
}

/// Returns whether a process is a zombie.
fn has_exited(pid: u32) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let pid = Pid::from_raw(i32::try_from(pid).expect("a process id")).expect("a process id");
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(pid), options).is_ok_and(|ended| ended.is_some())
}
