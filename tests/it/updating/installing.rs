//! Installations and updates without faults.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::game;
use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{LIST, MIRRORS, Publisher, noise, packed, seven};

fn mode(installation: &Installation, name: &str) -> u32 {
    let metadata = std::fs::metadata(installation.path(name)).expect("a file");
    metadata.permissions().mode() & 0o777
}

#[test]
fn a_game_is_installed_in_an_empty_directory() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert_eq!(mode(&installation, "TTREngine") & 0o111, 0o111);
    assert_eq!(mode(&installation, "winter_snow.mf") & 0o111, 0);
    let last = ended.stderr.lines().last().expect("a line");
    assert!(last.contains("4 of 4 files brought up to date"), "{last}");
    let mut asked: Vec<_> = publisher.mirror.take();
    assert!(asked.iter().all(|asked| asked.from.is_none()), "{asked:?}");
    let rest = asked.split_off(2);
    assert_eq!([&asked[0].path, &asked[1].path], [LIST, MIRRORS]);
    assert_eq!(rest.len(), 4, "each file once: {rest:?}");
}

#[test]
fn a_game_that_is_up_to_date_takes_one_request() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    let before = installation.everything();
    for more in [&[][..], &["--verify"], &["--check"]] {
        installation.update(&publisher, more).run().exits(0);
        let asked = publisher.mirror.take();
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert_eq!(asked[0].path, LIST);
    }
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        installation.everything().keys().collect::<Vec<_>>()
    );
}

#[test]
fn names_are_decoded_once_and_files_of_other_systems_are_skipped() {
    let mut publisher = Publisher::of(&[("a b%41.mf", b"one"), ("elsewhere", b"two")]);
    let path = publisher.path("a b%41.mf");
    let bytes = packed(b"one");
    publisher
        .mirror
        .put("/patches/deep/x%20y%2541.bz2", &bytes[..]);
    publisher.change("a b%41.mf", |entry| {
        entry["dl"] = json!("deep%2fx%20y%2541.bz2");
        entry["only"] = json!(["linux", "linux2", "darwin", "win32", "win64"]);
    });
    publisher.change("elsewhere", |entry| entry["only"] = json!(["commodore"]));
    let installation = Installation::new();
    installation.update(&publisher, &[]).run().exits(0);
    assert_eq!(installation.names(), ["a b%41.mf"]);
    assert_eq!(publisher.mirror.count(&path), 0);
    assert_eq!(publisher.mirror.count("/patches/deep/x%20y%2541.bz2"), 1);
}

#[test]
fn an_old_game_is_updated_and_files_of_the_user_stay() {
    let mut publisher = game();
    let installation = Installation::of(&publisher);
    for name in ["settings.json", "resources/default/mine.mf", ".hidden"] {
        installation.write(name, "mine");
    }
    let gone = installation.content("winter_snow.mf");
    publisher.drop_file("winter_snow.mf");
    publisher.file("resources/default/phase_3.mf", &noise(33, 50_000));
    publisher.file("new/folder/file", b"");
    installation.update(&publisher, &[]).run().exits(0);
    let mine: &[u8] = b"mine";
    installation.is_whole_beside(
        &publisher,
        &[
            ("settings.json", mine),
            ("resources/default/mine.mf", mine),
            (".hidden", mine),
            ("winter_snow.mf", &gone),
        ],
    );
    assert_eq!(
        publisher.mirror.take().len(),
        4,
        "the list, the mirrors, two files"
    );
}

#[test]
fn a_check_changes_nothing_and_reports_what_an_update_would_do() {
    let mut publisher = game();
    let empty = Installation::new();
    let ended = empty.update(&publisher, &["--check"]).run().exits(0);
    assert!(ended.stdout.contains("fetch  TTREngine\n"), "{ended:#?}");
    assert!(
        ended
            .stdout
            .ends_with("4 of 4 files are not as they should be\n")
    );
    assert!(empty.everything().is_empty(), "{:?}", empty.everything());

    let installation = Installation::of(&publisher);
    let old = installation.content("winter_snow.mf");
    publisher.file("winter_snow.mf", &noise(55, 30_000));
    publisher.patch("winter_snow.mf", &old);
    installation.write("resources/default/phase_3.mf", "broken");
    let program = installation.path("TTREngine");
    std::fs::set_permissions(&program, Permissions::from_mode(0o644)).expect("set");
    let before = installation.everything();
    for more in [&["--check"][..], &["--check", "--verify"]] {
        let ended = installation.update(&publisher, more).run().exits(0);
        let lines: Vec<_> = ended.stdout.lines().collect();
        assert_eq!(
            lines[..2],
            [
                "fetch  resources/default/phase_3.mf",
                "patch  winter_snow.mf"
            ]
        );
        assert!(lines[2].contains("2 of 4 files"), "{lines:?}");
    }
    assert_eq!(installation.everything(), before);
    assert_eq!(mode(&installation, "TTREngine"), 0o644);
    let asked = publisher.mirror.take();
    assert!(asked.iter().all(|asked| asked.path == LIST), "{asked:?}");
    installation.update(&publisher, &[]).run().exits(0);
    assert_eq!(mode(&installation, "TTREngine"), 0o755);
    installation.is_whole(&publisher);
}

#[test]
fn a_directory_given_as_an_option_is_used() {
    let (publisher, installation) = (game(), Installation::new());
    let more = ["--game-dir", "deep/er/games"];
    installation.update(&publisher, &more).run().exits(0);
    assert!(
        installation
            .home
            .path()
            .join("deep/er/games/TTREngine")
            .exists()
    );
    assert!(!installation.path("").exists());
}

#[test]
fn the_other_game_is_installed_with_hashes_of_seven_digits() {
    let (mirror, installation) = (Mirror::new(), Installation::new());
    let files: [(&str, &[u8]); 2] = [
        ("tlopo", b"#!/bin/sh\n"),
        ("phases/a b.mf", &noise(7, 9_000)),
    ];
    let folder = if cfg!(target_os = "macos") {
        "mac"
    } else {
        "linux2"
    };
    let mut list = json!({ "files": {} });
    for (name, content) in files {
        let path = name.replace(' ', "%20");
        mirror.put(&format!("/{folder}/{path}.bz2"), packed(content));
        list["files"][name] = json!({ "hash": seven(content), "path": "" });
    }
    mirror.put(&format!("/{folder}/patcher.json"), list.to_string());
    let update = || installation.update_from(&mirror.root(), "tlopo", &[]);
    update().run().exits(0);
    let there = installation.home.path().join("data/playcookie/games/tlopo");
    for (name, content) in files {
        assert_eq!(std::fs::read(there.join(name)).expect("a file"), content);
    }
    let metadata = std::fs::metadata(there.join("tlopo")).expect("a file");
    assert_eq!(metadata.permissions().mode() & 0o111, 0o111);
    assert_eq!(mirror.take().len(), 3);
    update().run().exits(0);
    assert_eq!(mirror.take().len(), 1);
}
