//! The verbs `install`, `verify`, `path` and `uninstall`.

use serde_json::json;

use super::game;
use crate::harness::Program;
use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{Publisher, noise, packed, short_sha256};

/// Returns `playcookie ttr VERB`.
fn verb(installation: &Installation, words: &[&str]) -> Program {
    let home = &installation.home;
    home.program(&[&["ttr"], words].concat())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_STATE_HOME", home.path().join("state"))
}

fn at_server(installation: &Installation, word: &str, publisher: &Publisher) -> Program {
    verb(installation, &[word, "--api", &publisher.mirror.root()])
}

#[test]
fn install_and_verify_are_names_of_update() {
    let (publisher, installation) = (game(), Installation::new());
    at_server(&installation, "install", &publisher)
        .run()
        .exits(0);
    installation.assert_complete(&publisher);
    // A change that the metadata hide: same size, and a time before the cache was written.
    let path = installation.path("winter_snow.mf");
    let file = std::fs::File::options().write(true).open(&path);
    let file = file.expect("a file");
    let modified = file.metadata().and_then(|it| it.modified());
    std::fs::write(&path, noise(6, 30_000)).expect("written");
    file.set_modified(modified.expect("a time")).expect("set");
    let ended = at_server(&installation, "verify", &publisher)
        .run()
        .exits(0);
    assert!(ended.stderr.contains("1 of 4 files updated"), "{ended:#?}");
    installation.assert_complete(&publisher);
}

#[test]
fn path_prints_the_directory_of_the_game() {
    let (publisher, installation) = (game(), Installation::new());
    let ended = verb(&installation, &["path"]).run();
    ended.fails(72, "was not found where it is usually installed");
    installation.update(&publisher, &[]).run().exits(0);
    let ended = verb(&installation, &["path"]).run().exits(0);
    assert_eq!(ended.stdout, format!("{}\n", installation.game.display()));
    let ended = verb(&installation, &["path", "--json"]).run().exits(0);
    let expected = json!({
        "game": "ttr",
        "directory": installation.game,
        "program": installation.path("TTREngine"),
    });
    assert_eq!(ended.events(), [expected]);
    let elsewhere = installation.home.write("elsewhere/TTREngine", "");
    let elsewhere = elsewhere.parent().expect("a folder").display();
    let directory = elsewhere.to_string();
    let ended = verb(&installation, &["path", "--game-dir", &directory]).run();
    assert_eq!(ended.exits(0).stdout, format!("{elsewhere}\n"));
}

#[test]
fn uninstall_removes_the_whole_game_and_is_followed_by_a_new_installation() {
    let mut publisher = game();
    let installation = Installation::of(&publisher);
    // A file that the game no longer has.
    publisher.drop_file("winter_snow.mf");
    installation.update(&publisher, &[]).run().exits(0);
    let ended = verb(&installation, &["uninstall", "--yes"]).run().exits(0);
    let directory = installation.game.display();
    let sentence = format!("Toontown Rewritten: 4 files removed from {directory}\n");
    assert_eq!(ended.stderr, sentence);
    assert!(!installation.game.exists());
    let ended = verb(&installation, &["uninstall", "--yes"]).run();
    ended.fails(72, "playcookie has not installed Toontown Rewritten");
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    let ended = verb(&installation, &["uninstall", "--yes", "--json"]).run();
    assert_eq!(ended.exits(0).events()[0]["files"], 3);
    assert!(!installation.game.exists());
}

#[test]
fn uninstall_touches_no_file_that_is_not_the_games() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    let mine = [
        "settings.json",
        "resources/default/mine.mf",
        ".a.0123abc.part",
    ];
    for name in mine {
        installation.write(name, "mine");
    }
    let digits = publisher.part("TTREngine");
    installation.write(&digits, "half of it");
    let outside = installation.home.write("outside/phase 4+ü.mf", "mine");
    let linked = installation.path("resources/phase 4+ü.mf");
    std::fs::remove_file(&linked).expect("removed");
    std::os::unix::fs::symlink(&outside, &linked).expect("a link");
    let ended = verb(&installation, &["uninstall", "--yes"]).run().exits(0);
    assert!(
        ended.stderr.contains("other files are left there"),
        "{ended:#?}"
    );
    assert!(ended.stderr.contains("warning: "), "{ended:#?}");
    let mut expected = [&mine[..], &["resources/phase 4+ü.mf"]].concat();
    expected.sort_unstable();
    assert_eq!(installation.names(), expected);
    assert!(outside.exists() && linked.is_symlink());
}

#[test]
fn uninstall_asks_first() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    let ended = verb(&installation, &["uninstall"]).run();
    ended.fails(66, "a confirmation");
    let mut pty = verb(&installation, &["uninstall"]).on_a_terminal();
    pty.expect("Remove the 4 files of Toontown Rewritten from ");
    pty.line("");
    pty.expect("nothing was removed");
    pty.wait().exits(0);
    installation.assert_complete(&publisher);
    let mut pty = verb(&installation, &["uninstall"]).on_a_terminal();
    pty.expect("[y/N] ");
    pty.line("y");
    pty.wait().exits(0);
    assert!(!installation.game.exists());
}

#[test]
fn a_running_game_and_one_of_its_own_launcher_are_not_uninstalled() {
    let publisher = game();
    let installation = Installation::of(&publisher);
    let directory = std::fs::File::open(&installation.game).expect("a folder");
    directory.lock_shared().expect("locked");
    let ended = verb(&installation, &["uninstall", "--yes"]).run();
    ended.fails(75, "is running");
    installation.assert_complete(&publisher);

    let other = Installation::new();
    other.write("TTREngine", "#!/bin/sh\n");
    other.update(&publisher, &[]).run().exits(0);
    let ended = verb(&other, &["uninstall", "--yes"]).run();
    ended.fails(72, "playcookie has not installed Toontown Rewritten");
    other.assert_complete(&publisher);
}

/// The cache stores no hash of these files, because the list has only a part of each.
#[test]
fn tlopo_is_uninstalled_as_well() {
    let (mirror, installation) = (Mirror::new(), Installation::new());
    let content = b"#!/bin/sh\n";
    let folder = if cfg!(target_os = "macos") {
        "mac"
    } else {
        "win64"
    };
    mirror.put(&format!("/{folder}/tlopo.exe.bz2"), packed(content));
    let list = json!({ "files": { "tlopo.exe": { "hash": short_sha256(content), "path": "" } } });
    mirror.put(&format!("/{folder}/patcher.json"), list.to_string());
    installation
        .update_from(&mirror.root(), "tlopo", &[])
        .run()
        .exits(0);
    let home = &installation.home;
    let ended = home
        .program(&["tlopo", "uninstall", "--yes"])
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_STATE_HOME", home.path().join("state"))
        .run()
        .exits(0);
    assert!(ended.stderr.contains("1 files removed"), "{ended:#?}");
    assert!(!home.path().join("data/playcookie/games/tlopo").exists());
}
