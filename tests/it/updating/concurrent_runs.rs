//! Concurrent updates, and an update while the game runs.

use std::fs::File;

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::publisher::LIST;
use crate::harness::serving::Serving;

#[test]
fn a_second_update_waits_and_has_nothing_to_do() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    let (held, release) = Serving::held(9_000);
    publisher.mirror.next(&path, [held]);
    let first = installation.update(&publisher, &[]).start();
    publisher.mirror.wait_for_bytes(9_000);
    let mut second = installation.update(&publisher, &[]).on_a_terminal();
    second.expect("another run is updating it");
    drop(release);
    first.wait().exits(0);
    let ended = second.wait().exits(0);
    assert!(ended.stderr.contains("up to date, 1 files"), "{ended:#?}");
    installation.is_whole(&publisher);
    assert_eq!(publisher.mirror.count(&path), 1);
    assert_eq!(
        publisher.mirror.count(LIST),
        3,
        "the second run reads the list again after waiting"
    );
}

#[test]
fn concurrent_updates_download_each_file_once() {
    let (publisher, installation) = (game(), Installation::new());
    publisher.mirror.usually(Serving::Slow(2_000));
    let runs: Vec<_> = (0..4)
        .map(|_| installation.update(&publisher, &[]).start())
        .collect();
    for run in runs {
        run.wait().exits(0);
    }
    installation.is_whole(&publisher);
    for name in publisher.contents().keys() {
        assert_eq!(publisher.mirror.count(&publisher.path(name)), 1, "{name}");
    }
}

#[test]
fn the_files_of_a_running_game_are_not_replaced() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    installation.write("winter_snow.mf", "changed");
    let before = installation.everything();
    let directory = File::open(installation.path("")).expect("opened");
    directory.lock_shared().expect("locked");
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(75, "is running");
    installation.update(&publisher, &["--check"]).run().exits(0);
    assert_eq!(installation.everything(), before);
    assert!(
        publisher
            .mirror
            .take()
            .iter()
            .all(|asked| asked.path == LIST)
    );
    drop(directory);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}
