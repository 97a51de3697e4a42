//! Links and special files with the names of game files: they are not followed, and nothing outside changes.

use std::os::unix::fs::symlink;

use super::game;
use crate::harness::Ended;
use crate::harness::installation::Installation;

const SNOW: &str = "winter_snow.mf";

/// Asserts that an update fails with status 74 and these words, and that nothing in the home changes.
#[track_caller]
fn is_refused(make: impl FnOnce(&Installation), words: &str) -> Ended {
    let (publisher, installation) = (game(), Installation::new());
    installation.home.write("outside/winter_snow.mf", "theirs");
    installation.home.write("outside/phase_3.mf", "theirs");
    std::fs::create_dir_all(installation.path("")).expect("a folder");
    make(&installation);
    let before = installation.everything();
    installation
        .update(&publisher, &["--check"])
        .run()
        .fails(74, words);
    let ended = installation.update(&publisher, &[]).run().fails(74, words);
    assert_eq!(installation.everything(), before);
    ended
}

#[test]
fn the_games_directory_may_be_a_link() {
    let (publisher, installation) = (game(), Installation::new());
    let real = installation.home.path().join("big disk");
    std::fs::create_dir_all(&real).expect("a folder");
    let link = installation.path("");
    let link = link.to_str().expect("UTF-8").trim_end_matches('/');
    std::fs::create_dir_all(std::path::Path::new(link).parent().expect("one")).expect("a folder");
    symlink(&real, link).expect("a link");
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert!(std::path::Path::new(link).is_symlink());
    assert!(real.join("TTREngine").exists());
}

#[test]
fn links_to_files_are_not_followed() {
    for target in [
        "../../../../outside/winter_snow.mf",
        "TTREngine",
        "nowhere",
        "winter_snow.mf",
        "/dev/null",
    ] {
        is_refused(
            |installation| symlink(target, installation.path(SNOW)).expect("a link"),
            "winter_snow.mf is a link",
        );
    }
}

#[test]
fn links_to_folders_are_not_followed() {
    for target in ["../../../../outside", "other", "nowhere", "/"] {
        is_refused(
            |installation| {
                std::fs::create_dir(installation.path("other")).expect("a folder");
                symlink(target, installation.path("resources")).expect("a link");
            },
            "resources is a link",
        );
    }
    is_refused(
        |installation| {
            std::fs::create_dir(installation.path("resources")).expect("a folder");
            let outside = installation.home.path().join("outside");
            symlink(outside, installation.path("resources/default")).expect("a link");
        },
        "resources/default is a link",
    );
}

#[test]
fn special_files_are_left_alone() {
    is_refused(
        |installation| installation.write("winter_snow.mf/mine", "mine"),
        "winter_snow.mf is not a file",
    );
    is_refused(
        |installation| installation.write("resources", "mine"),
        "resources is not a folder",
    );
    is_refused(
        |installation| {
            use rustix::fs::{CWD, FileType, Mode, mknodat};
            let mode = Mode::from_raw_mode(0o600);
            mknodat(CWD, installation.path(SNOW), FileType::Fifo, mode, 0).expect("a FIFO");
        },
        "winter_snow.mf is not a file",
    );
    is_refused(
        |installation| {
            let socket = std::os::unix::net::UnixListener::bind(installation.path(SNOW));
            drop(socket.expect("a socket"));
        },
        "winter_snow.mf is not a file",
    );
}

/// Another program may have created links with the names of temporary files.
#[test]
fn links_with_the_names_of_temporary_files_are_not_followed() {
    let publisher = game();
    for target in ["../../../../outside", "nowhere"] {
        let installation = Installation::new();
        let outside = installation.home.write("outside", "theirs");
        std::fs::create_dir_all(installation.path("")).expect("a folder");
        let part = publisher.part(SNOW);
        symlink(target, installation.path(&part)).expect("a link");
        let ended = installation.update(&publisher, &[]).run();
        ended.fails(74, "is a link");
        assert_eq!(std::fs::read(&outside).expect("a file"), b"theirs");
        assert!(!installation.path("nowhere").exists());

        std::fs::remove_file(installation.path(&part)).expect("removed");
        let staged = part.replace(".part", ".new");
        let hash = crate::harness::publisher::sha1(&publisher.contents()[SNOW]);
        let digits = staged.split('.').nth(3).expect("digits").to_owned();
        symlink(target, installation.path(&staged.replace(&digits, &hash))).expect("a link");
        installation.update(&publisher, &[]).run().exits(0);
        assert_eq!(std::fs::read(&outside).expect("a file"), b"theirs");
        installation.is_whole(&publisher);
    }
}

#[test]
fn a_directory_that_is_a_file_fails_with_status_74() {
    let (publisher, installation) = (game(), Installation::new());
    installation.home.write("data/playcookie/games/ttr", "mine");
    let before = installation.everything();
    for more in [&[][..], &["--check"]] {
        installation
            .update(&publisher, more)
            .run()
            .fails(74, "cannot be used: it is no directory");
    }
    assert_eq!(installation.everything(), before);
}
