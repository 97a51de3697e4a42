//! The cache of hashes saves time and hides no change.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::publisher::{Publisher, noise};

/// Changes the last byte of a file and restores its modification time.
fn change_secretly(installation: &Installation, name: &str) {
    let path = installation.path(name);
    let date = fs::metadata(&path).and_then(|metadata| metadata.modified());
    let mut content = installation.content(name);
    *content.last_mut().expect("a byte") ^= 1;
    fs::write(&path, content).expect("written");
    let file = File::options().write(true).open(path).expect("opened");
    file.set_modified(date.expect("a date")).expect("dated");
}

/// Waits until the files are old enough for the cache, and runs an update that caches them.
fn fill_cache(installation: &Installation, publisher: &Publisher) {
    std::thread::sleep(Duration::from_millis(80));
    installation.update(publisher, &[]).run().exits(0);
    publisher.mirror.take();
}

#[test]
fn a_file_changed_to_the_same_size_and_date_is_found() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    fill_cache(&installation, &publisher);
    change_secretly(&installation, "winter_snow.mf");
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert_eq!(publisher.mirror.count(&publisher.path("winter_snow.mf")), 1);
}

/// The wrong hash in the cache simulates a disk error that changed a byte.
#[test]
fn a_change_without_new_metadata_is_found_by_a_full_check() {
    let mut publisher = one(20_000);
    let installation = Installation::of(&publisher);
    fill_cache(&installation, &publisher);
    let right = crate::harness::publisher::sha1(&installation.content("a.mf"));
    publisher.file("a.mf", &noise(2, 20_000));
    let new = crate::harness::publisher::sha1(&publisher.contents()["a.mf"]);
    let cache = fs::read_to_string(installation.cache()).expect("a cache");
    assert!(cache.contains(&right), "{cache}");
    fs::write(installation.cache(), cache.replace(&right, &new)).expect("written");

    let ended = installation.update(&publisher, &[]).run().exits(0);
    assert!(ended.stderr.contains("up to date, 1 files"), "{ended:#?}");
    installation
        .update(&publisher, &["--verify"])
        .run()
        .exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn an_invalid_cache_only_costs_time() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    fill_cache(&installation, &publisher);
    let (path, whole) = (
        installation.cache(),
        fs::read_to_string(installation.cache()).expect("a cache"),
    );
    let foreign = whole.replace("\"winter_snow.mf\",30000", "\"../../winter_snow.mf\",-1");
    for broken in [
        "",
        "{}",
        "null",
        "\0\0\0\0",
        &whole[..whole.len() / 2],
        &whole.replace("\"version\":1", "\"version\":2"),
        &foreign,
        &"[".repeat(100_000),
    ] {
        fs::write(&path, broken).expect("written");
        installation.update(&publisher, &[]).run().exits(0);
        assert_eq!(publisher.mirror.take().len(), 1, "{broken:.40}");
    }
    fs::remove_file(&path).expect("removed");
    installation.update(&publisher, &[]).run().exits(0);
    assert_eq!(publisher.mirror.take().len(), 1);
    installation.is_whole(&publisher);
}

#[test]
fn an_update_works_without_a_state_directory() {
    let (publisher, installation) = (game(), Installation::new());
    installation.home.write("state", "a file is in the way");
    for requests in [6, 1] {
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
        assert_eq!(publisher.mirror.take().len(), requests);
    }
}

#[test]
fn dates_in_the_past_and_in_the_future_are_harmless() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    for date in [
        SystemTime::UNIX_EPOCH,
        SystemTime::now() + Duration::from_hours(48),
    ] {
        for name in installation.names() {
            let file = File::options().write(true).open(installation.path(&name));
            file.expect("opened").set_modified(date).expect("dated");
        }
        change_secretly(&installation, "winter_snow.mf");
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
    }
}
