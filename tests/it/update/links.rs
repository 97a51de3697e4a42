//! Links and special files in place of the game's files are never followed.

use std::os::unix::fs::symlink;

use super::game;
use crate::harness::RunOutput;
use crate::harness::installation::Installation;

const SNOW: &str = "winter_snow.mf";

/// Asserts that an update fails with status 74 and changes nothing in the home.
#[track_caller]
fn assert_refused(make: impl FnOnce(&Installation), words: &str) -> RunOutput {
    let (publisher, installation) = (game(), Installation::new());
    installation.home.write("outside/winter_snow.mf", "theirs");
    installation.home.write("outside/phase_3.mf", "theirs");
    std::fs::create_dir_all(installation.path("")).expect("a folder");
    make(&installation);
    let before = installation.home_listing();
    installation
        .update(&publisher, &["--check"])
        .run()
        .fails(74, words);
    let ended = installation.update(&publisher, &[]).run().fails(74, words);
    assert_eq!(installation.home_listing(), before);
    ended
}

#[test]
fn the_game_directory_can_be_a_link() {
    let (publisher, installation) = (game(), Installation::new());
    let real = installation.home.path().join("big disk");
    std::fs::create_dir_all(&real).expect("a folder");
    let link = installation.path("");
    let link = link.to_str().expect("UTF-8").trim_end_matches('/');
    std::fs::create_dir_all(std::path::Path::new(link).parent().expect("one")).expect("a folder");
    symlink(&real, link).expect("a link");
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
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
        assert_refused(
            |installation| symlink(target, installation.path(SNOW)).expect("a link"),
            "winter_snow.mf is a link",
        );
    }
}

#[test]
fn links_to_folders_are_not_followed() {
    for target in ["../../../../outside", "other", "nowhere", "/"] {
        assert_refused(
            |installation| {
                std::fs::create_dir(installation.path("other")).expect("a folder");
                symlink(target, installation.path("resources")).expect("a link");
            },
            "resources is a link",
        );
    }
    assert_refused(
        |installation| {
            std::fs::create_dir(installation.path("resources")).expect("a folder");
            let outside = installation.home.path().join("outside");
            symlink(outside, installation.path("resources/default")).expect("a link");
        },
        "resources/default is a link",
    );
}

#[test]
fn special_files_are_not_replaced() {
    assert_refused(
        |installation| installation.write("winter_snow.mf/mine", "mine"),
        "winter_snow.mf is not a file",
    );
    assert_refused(
        |installation| installation.write("resources", "mine"),
        "resources is not a folder",
    );
    // Not on macOS, where rustix makes no named pipe.
    #[cfg(not(target_vendor = "apple"))]
    assert_refused(
        |installation| {
            use rustix::fs::{CWD, FileType, Mode, mknodat};
            let mode = Mode::from_raw_mode(0o600);
            mknodat(CWD, installation.path(SNOW), FileType::Fifo, mode, 0).expect("a FIFO");
        },
        "winter_snow.mf is not a file",
    );
    assert_refused(
        |installation| {
            let socket = std::os::unix::net::UnixListener::bind(installation.path(SNOW));
            drop(socket.expect("a socket"));
        },
        "winter_snow.mf is not a file",
    );
}

/// Temporary files can be links as well.
#[test]
fn links_in_place_of_temporary_files_are_not_followed() {
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
        let draft = part.replace(".part", ".new");
        let hash = crate::harness::publisher::sha1(&publisher.contents()[SNOW]);
        let digits = draft.split('.').nth(3).expect("digits").to_owned();
        symlink(target, installation.path(&draft.replace(&digits, &hash))).expect("a link");
        installation.update(&publisher, &[]).run().exits(0);
        assert_eq!(std::fs::read(&outside).expect("a file"), b"theirs");
        installation.assert_complete(&publisher);
    }
}

/// Another name of a file may be outside the game's directory.
#[test]
fn files_with_other_names_are_replaced_and_not_changed() {
    use std::os::unix::fs::PermissionsExt as _;

    let (publisher, installation) = (game(), Installation::new());
    let engine = publisher.contents()["TTREngine"].clone();
    let program = installation.home.write("outside/TTREngine", &engine);
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(&program, mode).expect("a mode");
    let part = installation.home.write("outside/part", "theirs");
    let snow = installation.home.write("outside/snow", "theirs");
    std::fs::create_dir_all(installation.path("")).expect("a folder");
    for (file, name) in [
        (&program, "TTREngine"),
        (&part, &publisher.part("resources/default/phase_3.mf")[..]),
        (&snow, SNOW),
    ] {
        let link = installation.path(name);
        std::fs::create_dir_all(link.parent().expect("a parent")).expect("a folder");
        std::fs::hard_link(file, link).expect("a link");
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    for (file, content) in [
        (&program, &engine[..]),
        (&part, b"theirs"),
        (&snow, b"theirs"),
    ] {
        assert_eq!(std::fs::read(file).expect("a file"), content);
    }
    let mode = |path| {
        std::fs::metadata(path)
            .expect("a file")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(program), 0o644);
    assert_eq!(mode(installation.path("TTREngine")), 0o755);
}

#[test]
fn a_file_as_game_directory_is_status_74() {
    let (publisher, installation) = (game(), Installation::new());
    installation.home.write("data/playcookie/games/ttr", "mine");
    let before = installation.home_listing();
    for more in [&[][..], &["--check"]] {
        installation
            .update(&publisher, more)
            .run()
            .fails(74, "cannot be used: it is no directory");
    }
    assert_eq!(installation.home_listing(), before);
}
