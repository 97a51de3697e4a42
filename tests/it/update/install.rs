//! Installing a game and updating an old one.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{LIST, MIRRORS, Publisher, noise, packed, short_sha256};

fn mode(installation: &Installation, name: &str) -> u32 {
    let metadata = std::fs::metadata(installation.path(name)).expect("a file");
    metadata.permissions().mode() & 0o777
}

#[test]
fn an_empty_directory_becomes_a_runnable_game() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    assert_eq!(mode(&installation, "TTREngine") & 0o111, 0o111);
    assert_eq!(mode(&installation, "winter_snow.mf") & 0o111, 0);
    let last = ended.stderr.lines().last().expect("a line");
    assert!(last.contains("4 of 4 files updated"), "{last}");
    let mut requests: Vec<_> = publisher.mirror.take();
    assert!(
        requests.iter().all(|request| request.from.is_none()),
        "{requests:?}"
    );
    let rest = requests.split_off(2);
    assert_eq!([&requests[0].path, &requests[1].path], [LIST, MIRRORS]);
    assert_eq!(rest.len(), 4, "each file once: {rest:?}");
}

#[test]
fn an_up_to_date_game_needs_one_request() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    let before = installation.home_listing();
    for more in [&[][..], &["--verify"], &["--check"]] {
        installation.update(&publisher, more).run().exits(0);
        let requests = publisher.mirror.take();
        assert_eq!(requests.len(), 1, "{requests:?}");
        assert_eq!(requests[0].path, LIST);
    }
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        installation.home_listing().keys().collect::<Vec<_>>()
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
fn an_old_game_is_updated_and_other_files_are_kept() {
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
    installation.assert_complete_with(
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
    let ended = empty.update(&publisher, &["--check"]).run().exits(10);
    let directory = empty.game.display();
    let sentence =
        format!("Toontown Rewritten: not installed in {directory}, 4 files to download\n");
    assert_eq!(ended.stdout, sentence);
    let ended = empty.update(&publisher, &["--check", "-v"]).run().exits(10);
    assert!(ended.stdout.contains("fetch  TTREngine\n"), "{ended:#?}");
    assert!(ended.stdout.ends_with(&sentence), "{ended:#?}");
    assert!(
        empty.home_listing().is_empty(),
        "{:?}",
        empty.home_listing()
    );

    let installation = Installation::of(&publisher);
    let old = installation.content("winter_snow.mf");
    publisher.file("winter_snow.mf", &noise(55, 30_000));
    publisher.patch("winter_snow.mf", &old);
    installation.write("resources/default/phase_3.mf", "broken");
    let program = installation.path("TTREngine");
    std::fs::set_permissions(&program, Permissions::from_mode(0o644)).expect("set");
    let before = installation.home_listing();
    let ended = installation
        .update(&publisher, &["--check"])
        .run()
        .exits(10);
    let sentence = "Toontown Rewritten: 2 of 4 files are missing or outdated\n";
    assert_eq!(ended.stdout, sentence);
    for more in [&["--check", "-v"][..], &["--check", "--verify", "-v"]] {
        let ended = installation.update(&publisher, more).run().exits(10);
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
    assert_eq!(installation.home_listing(), before);
    assert_eq!(mode(&installation, "TTREngine"), 0o644);
    let requests = publisher.mirror.take();
    assert!(
        requests.iter().all(|request| request.path == LIST),
        "{requests:?}"
    );
    installation.update(&publisher, &[]).run().exits(0);
    assert_eq!(mode(&installation, "TTREngine"), 0o755);
    installation.assert_complete(&publisher);
}

#[test]
fn a_named_directory_replaces_the_default() {
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
fn tlopo_files_are_checked_by_seven_digits() {
    let (mirror, installation) = (Mirror::new(), Installation::new());
    let files: [(&str, &[u8]); 2] = [
        ("tlopo.exe", b"#!/bin/sh\n"),
        ("phases/a b.mf", &noise(7, 9_000)),
    ];
    let folder = if cfg!(target_os = "macos") {
        "mac"
    } else {
        "win64"
    };
    let mut list = json!({ "files": {} });
    for (name, content) in files {
        let path = name.replace(' ', "%20");
        mirror.put(&format!("/{folder}/{path}.bz2"), packed(content));
        list["files"][name] = json!({ "hash": short_sha256(content), "path": "" });
    }
    mirror.put(&format!("/{folder}/patcher.json"), list.to_string());
    let update = || installation.update_from(&mirror.root(), "tlopo", &[]);
    update().run().exits(0);
    let there = installation.home.path().join("data/playcookie/games/tlopo");
    for (name, content) in files {
        assert_eq!(std::fs::read(there.join(name)).expect("a file"), content);
    }
    let metadata = std::fs::metadata(there.join("tlopo.exe")).expect("a file");
    assert_eq!(metadata.permissions().mode() & 0o111, 0o111);
    assert_eq!(mirror.take().len(), 3);
    update().run().exits(0);
    assert_eq!(mirror.take().len(), 1);
}

#[test]
fn an_older_list_than_the_last_is_applied_with_a_warning() {
    let mut publisher = one(4_000);
    let old = publisher.contents()["a.mf"].clone();
    let installation = Installation::new();
    let is_warned = |publisher: &Publisher| {
        let ended = installation.update(publisher, &[]).run().exits(0);
        installation.assert_complete(publisher);
        ended
            .stderr
            .contains("warning: Toontown Rewritten: the server's list of files is older")
    };
    assert!(!is_warned(&publisher));
    publisher.file("a.mf", b"new");
    assert!(!is_warned(&publisher));
    publisher.file("a.mf", &old);
    assert!(is_warned(&publisher));
    assert!(!is_warned(&publisher), "nothing is replaced");
    publisher.file("a.mf", b"new");
    assert!(!is_warned(&publisher));
}
