//! Updates of one game are sequential and wait for running games to end.

use std::fs::File;

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::publisher::LIST;
use crate::harness::response::Response;

#[test]
fn a_second_update_waits_and_then_has_nothing_to_do() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    let (held, release) = Response::held(9_000);
    publisher.mirror.next(&path, [held]);
    let first = installation.update(&publisher, &[]).start();
    publisher.mirror.wait_for_bytes(9_000);
    let mut second = installation.update(&publisher, &[]).on_a_terminal();
    second.expect("another run is updating it");
    drop(release);
    first.wait().exits(0);
    let ended = second.wait().exits(0);
    assert!(ended.stderr.contains("up to date, 1 files"), "{ended:#?}");
    installation.assert_complete(&publisher);
    assert_eq!(publisher.mirror.count(&path), 1);
    assert_eq!(publisher.mirror.count(LIST), 3, "a later list may be out");
}

#[test]
fn concurrent_updates_fetch_each_file_once() {
    let (publisher, installation) = (game(), Installation::new());
    publisher.mirror.default_response(Response::Slow(2_000));
    let runs: Vec<_> = (0..4)
        .map(|_| installation.update(&publisher, &[]).start())
        .collect();
    for run in runs {
        run.wait().exits(0);
    }
    installation.assert_complete(&publisher);
    for name in publisher.contents().keys() {
        assert_eq!(publisher.mirror.count(&publisher.path(name)), 1, "{name}");
    }
}

#[test]
fn the_files_of_a_running_game_are_not_replaced() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    installation.write("winter_snow.mf", "changed");
    let before = installation.home_listing();
    let directory = File::open(installation.path("")).expect("opened");
    directory.lock_shared().expect("locked");
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(75, "is running");
    installation
        .update(&publisher, &["--check"])
        .run()
        .exits(10);
    assert_eq!(installation.home_listing(), before);
    assert!(
        publisher
            .mirror
            .take()
            .iter()
            .all(|request| request.path == LIST)
    );
    drop(directory);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
}

/// Takes ten seconds. Running a program as another user needs a superuser.
#[cfg(target_os = "linux")]
#[test]
fn a_lock_of_another_user_is_waited_for_ten_seconds() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    use std::time::{Duration, Instant};

    let (publisher, installation) = (one(4_000), Installation::new());
    std::fs::create_dir_all(installation.path("")).expect("a folder");
    let mut folder = installation.path("");
    while folder.starts_with(installation.home.path()) && folder.pop() {
        if folder.starts_with(installation.home.path()) {
            set_permissions(&folder, Permissions::from_mode(0o755)).expect("a mode");
        }
    }
    let holder = std::process::Command::new("flock")
        .args(["--exclusive", "--no-fork"])
        .arg(installation.path(""))
        .args(["sleep", "60"])
        .current_dir("/")
        .uid(65_534)
        .spawn();
    let Ok(mut holder) = holder else {
        return;
    };
    let directory = File::open(installation.path("")).expect("a folder");
    crate::harness::wait_until("the directory is locked", || {
        let is_free = directory.try_lock_shared().is_ok();
        directory.unlock().expect("a lock");
        !is_free
    });
    let began = Instant::now();
    let ended = installation.update(&publisher, &[]).run();
    holder.kill().expect("it runs");
    holder.wait().expect("it ends");
    ended.fails(75, "another user's program keeps the directory");
    assert!(began.elapsed() >= Duration::from_secs(10));
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
}
