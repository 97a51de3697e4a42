//! Disks without space or permission, and the use of memory.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{game, one};
use crate::harness::installation::{Installation, listing};
use crate::harness::publisher::{Publisher, noise};
use crate::harness::serving::Serving;
use crate::harness::{Home, until};

/// A small disk that is mounted for one test.
struct Disk {
    _home: Home,
    path: PathBuf,
}

impl Disk {
    /// Mounts a disk of `size` KiB, if this user may.
    fn new(size: u32) -> Option<Self> {
        let home = Home::new();
        let path = home.path().join("disk");
        std::fs::create_dir(&path).expect("a folder");
        let options = format!("size={size}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&path)
            .output();
        // Only a superuser may mount.
        let is_mounted = mount.is_ok_and(|mount| mount.status.success());
        is_mounted.then(|| Self { _home: home, path })
    }

    fn directory(&self) -> &str {
        self.path.to_str().expect("UTF-8")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because the folder is removed in any case.
        Command::new("umount")
            .arg("-l")
            .arg(&self.path)
            .status()
            .ok();
    }
}

fn names(directory: &Path) -> Vec<String> {
    listing(directory).into_keys().collect()
}

#[test]
fn the_old_file_stays_when_the_disk_is_full() {
    let Some(disk) = Disk::new(1024) else {
        return;
    };
    let old = noise(1, 100_000);
    let mut publisher = Publisher::of(&[("a.mf", &old)]);
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    installation.update(&publisher, &more).run().exits(0);
    // So compressible that the size is not known before.
    publisher.file("a.mf", &vec![0; 4 << 20]);
    for _ in 0..2 {
        let ended = installation.update(&publisher, &more).run();
        ended.fails(74, "the disk has no space for a.mf");
        assert!(std::fs::read(disk.path.join("a.mf")).expect("a file") == old);
        assert_eq!(names(&disk.path), [&publisher.part("a.mf"), "a.mf"]);
    }
    publisher.file("a.mf", &noise(2, 100_000));
    installation.update(&publisher, &more).run().exits(0);
    assert_eq!(names(&disk.path), ["a.mf"]);
}

#[test]
fn a_partial_download_is_kept_when_the_disk_fills_up() {
    let Some(disk) = Disk::new(256) else {
        return;
    };
    let publisher = one(400_000);
    publisher.mirror.usually(Serving::Chunked);
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    let ended = installation.update(&publisher, &more).run();
    ended.fails(74, "the disk has no space for a.mf");
    assert_eq!(names(&disk.path), [publisher.part("a.mf")]);
}

#[test]
fn a_file_that_does_not_fit_is_not_downloaded() {
    let Some(disk) = Disk::new(512) else {
        return;
    };
    let publisher = one(400_000);
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    let ended = installation.update(&publisher, &more).run();
    ended.fails(74, "a.mf needs ");
    assert_eq!(names(&disk.path), [""; 0]);
}

/// 4 GiB, packed in less than 200 KB.
#[test]
fn a_file_that_is_larger_than_the_disk_fails() {
    let Some(disk) = Disk::new(2048) else {
        return;
    };
    let publisher = one(10);
    let bomb = crate::harness::publisher::packed(&vec![0; 1 << 20]).repeat(4_000);
    publisher
        .mirror
        .always(&publisher.path("a.mf"), Serving::Instead(bomb));
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    let ended = installation.update(&publisher, &more).run();
    ended.fails(74, "the disk has no space for a.mf");
    assert_eq!(names(&disk.path), [publisher.part("a.mf")]);
}

#[test]
fn a_read_only_directory_fails_with_status_74() {
    let Some(disk) = Disk::new(1024) else {
        return;
    };
    let mut publisher = game();
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    installation.update(&publisher, &more).run().exits(0);
    let remounted = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(&disk.path)
        .status();
    assert!(remounted.expect("it runs").success());
    let before = listing(&disk.path);
    installation.update(&publisher, &more).run().exits(0);
    publisher.file("winter_snow.mf", b"new");
    let ended = installation.update(&publisher, &more).run();
    ended.fails(74, "winter_snow.mf");
    assert_eq!(listing(&disk.path), before);
    let below = format!("{}/below", disk.directory());
    let ended = installation
        .update(&publisher, &["--game-dir", &below])
        .run();
    ended.fails(74, "cannot be used");
}

/// Returns the peak memory of a process, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.and_then(|line| line.split_whitespace().next());
    words.expect("a peak").parse().expect("a number")
}

/// The file is much larger than the limit of memory, packed and unpacked.
#[test]
fn memory_does_not_grow_with_the_file() {
    let block = noise(1, 1_000_000);
    let packed = crate::harness::publisher::packed(&block).repeat(24);
    let mut publisher = Publisher::of(&[("a.mf", &block)]);
    let content = block.repeat(24);
    let path = publisher.path("a.mf");
    publisher.change("a.mf", |entry| {
        entry["hash"] = crate::harness::publisher::sha1(&content).into();
        entry["compHash"] = crate::harness::publisher::sha1(&packed).into();
    });
    let all = packed.len();
    publisher.mirror.put(&path, packed);
    let (held, release) = Serving::held(all - 10);
    publisher.mirror.next(&path, [held]);
    let installation = Installation::new();
    let run = installation.update(&publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    until("all but ten bytes are there", || {
        std::fs::metadata(&part).is_ok_and(|part| part.len() == (all - 10) as u64)
    });
    let peak = peak(run.pid());
    drop(release);
    run.wait().exits(0);
    assert!(installation.content("a.mf") == content);
    assert!(peak < 40_000, "{peak} KiB for a file of 24 MB");
}
