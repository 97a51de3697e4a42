//! Full disks, missing permissions and memory.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{game, one};
use crate::harness::installation::{Installation, listing};
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{MIRRORS, Publisher, noise};
use crate::harness::response::Response;
use crate::harness::{Home, wait_until};

/// A small mounted disk.
struct Disk {
    _home: Home,
    path: PathBuf,
}

impl Disk {
    /// Mounts a disk of this many KiB, or returns `None` without permission.
    fn new(size: u32) -> Option<Self> {
        let home = Home::new();
        let path = home.path().join("disk");
        std::fs::create_dir(&path).expect("a folder");
        let options = format!("size={size}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&path)
            .output();
        // Mounting needs a superuser.
        let is_mounted = mount.is_ok_and(|mount| mount.status.success());
        is_mounted.then(|| Self { _home: home, path })
    }

    fn directory(&self) -> &str {
        self.path.to_str().expect("UTF-8")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A lazy unmount always succeeds, so that the folder can be removed.
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
fn a_full_disk_keeps_the_old_file() {
    let Some(disk) = Disk::new(1024) else {
        return;
    };
    let old = noise(1, 100_000);
    let mut publisher = Publisher::of(&[("a.mf", &old)]);
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    installation.update(&publisher, &more).run().exits(0);
    // The compressed size is so small that the space check passes.
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
fn a_disk_that_fills_up_keeps_the_finished_files() {
    let Some(disk) = Disk::new(256) else {
        return;
    };
    let publisher = one(400_000);
    publisher.mirror.default_response(Response::Chunked);
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    let ended = installation.update(&publisher, &more).run();
    ended.fails(74, "the disk has no space for a.mf");
    assert_eq!(names(&disk.path), [""; 0]);
}

#[test]
fn a_file_that_does_not_fit_is_not_started() {
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

/// Returns a file that unpacks to 4 GiB and has less than 200 KB.
fn bomb() -> Response {
    let packed = crate::harness::publisher::packed(&vec![0; 1 << 20]);
    Response::Replaced(packed.repeat(4_000))
}

#[test]
fn a_file_with_another_packed_hash_is_not_unpacked() {
    let Some(disk) = Disk::new(2048) else {
        return;
    };
    let publisher = one(10);
    publisher.mirror.next(&publisher.path("a.mf"), [bomb()]);
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    installation.update(&publisher, &more).run().exits(0);
    assert_eq!(names(&disk.path), ["a.mf"]);
}

#[test]
fn a_file_without_a_packed_hash_that_fills_the_disk_is_fetched_from_the_next_mirror() {
    let Some(disk) = Disk::new(2048) else {
        return;
    };
    let mut publisher = one(10);
    publisher.change("a.mf", |entry| entry["compHash"] = serde_json::Value::Null);
    let path = publisher.path("a.mf");
    publisher.mirror.always(&path, bomb());
    let installation = Installation::new();
    let more = ["--game-dir", disk.directory()];
    let ended = installation.update(&publisher, &more).run();
    ended.fails(74, "the disk has no space for a.mf");
    assert_eq!(names(&disk.path), [""; 0]);
    let second = Mirror::new();
    let content = crate::harness::publisher::packed(&publisher.contents()["a.mf"]);
    second.put(&path, content);
    let [first, second_root] = [&publisher.mirror, &second].map(Mirror::root);
    let list = format!(r#"["{first}/patches/","{second_root}/patches/"]"#);
    publisher.mirror.put(MIRRORS, list);
    installation.update(&publisher, &more).run().exits(0);
    assert_eq!(names(&disk.path), ["a.mf"]);
}

#[test]
fn a_file_that_unpacks_to_far_more_than_its_packed_size_is_refused() {
    let mut publisher = one(10);
    publisher.change("a.mf", |entry| entry["compHash"] = serde_json::Value::Null);
    publisher.mirror.always(&publisher.path("a.mf"), bomb());
    let installation = Installation::new();
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(65, "the file is too large");
    assert!(installation.names().is_empty());
}

#[test]
fn a_read_only_directory_is_status_74() {
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

/// Returns the peak memory of a process in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.and_then(|line| line.split_whitespace().next());
    words.expect("a peak").parse().expect("a number")
}

/// The file is much larger than the memory limit, compressed and uncompressed.
#[test]
fn memory_is_bounded() {
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
    let (held, release) = Response::held(all - 10);
    publisher.mirror.next(&path, [held]);
    let installation = Installation::new();
    let run = installation.update(&publisher, &[]).start();
    let part = installation.path(&publisher.part("a.mf"));
    wait_until("all but ten bytes are there", || {
        std::fs::metadata(&part).is_ok_and(|part| part.len() == (all - 10) as u64)
    });
    let peak = peak(run.pid());
    drop(release);
    run.wait().exits(0);
    assert!(installation.content("a.mf") == content);
    assert!(peak < 40_000, "{peak} KiB for a file of 24 MB");
}
