//! `scid play`: drivers and given commands.

use std::os::unix::fs::PermissionsExt;

use crate::harness::{Engine, Home, Program};

/// Creates a driver that records how it was started.
fn driver(home: &Home, name: &str, script: &str) -> Engine {
    let driver = Engine::with_script(home, &format!("bin/{name}"), script);
    std::fs::set_permissions(&driver.path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    driver
}

/// Returns `scid play …` with drivers from the home only.
fn play(home: &Home, more: &[&str]) -> Program {
    let path = format!("{}:/bin:/usr/bin", home.path().join("bin").display());
    home.program(&[&["scid", "play"], more].concat())
        .env("PATH", path)
}

#[test]
fn a_driver_gets_the_package_without_a_shell() {
    for (name, more, arguments) in [
        (
            "waydroid",
            &["cr"][..],
            &["app", "launch", "com.supercell.clashroyale"][..],
        ),
        (
            "scrcpy",
            &["hd", "--driver", "scrcpy"],
            &["--start-app=com.supercell.hayday"],
        ),
    ] {
        let home = Home::new();
        let driver = driver(&home, name, "exit 0");
        play(&home, more).run().exits(0);
        assert_eq!(driver.arguments(), arguments);
        assert!(driver.variable("SCID_GAME_NAME").is_some());
        assert_eq!(driver.variable("SCID_TOKEN"), None);
    }
}

#[test]
fn only_meaningful_driver_statuses_are_passed_on() {
    let home = Home::new();
    driver(&home, "waydroid", "exit 9");
    driver(&home, "adb", "exit 9");
    play(&home, &["cr"]).run().exits(0);
    std::fs::remove_dir_all(home.path().join("started")).expect("notes");
    play(&home, &["cr", "--driver", "adb"]).run().exits(9);
}

#[test]
fn a_missing_driver_is_reported_with_its_requirement() {
    let home = Home::new();
    let ended = play(&home, &["cr", "--driver", "scrcpy"])
        .run()
        .fails(72, "scrcpy");
    let hint = ended.hint();
    assert!(
        hint.starts_with("install scrcpy") && hint.contains("USB debugging"),
        "{hint}"
    );
}

#[test]
fn a_given_command_gets_the_game_and_no_inherited_variables() {
    let home = Home::new();
    let engine = Engine::new(&home, "wrapper");
    std::fs::set_permissions(&engine.path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    play(&home, &["scroll", "--", engine.exe(), "a b"])
        .env("SCID_TOKEN", "stale")
        .env("SCID_PLAYER_TAG", "#STALE")
        .run()
        .exits(0);
    assert_eq!(engine.arguments(), ["a b"]);
    let scid = engine
        .environment()
        .into_iter()
        .filter(|(name, _)| name.starts_with("SCID_"));
    let expected = [
        ("SCID_APPLICATION", "scroll-prod"),
        ("SCID_ENV", "prod"),
        ("SCID_GAME", "scroll"),
        ("SCID_GAME_NAME", "Clash Royale"),
        ("SCID_PACKAGE", "com.supercell.clashroyale"),
    ];
    assert_eq!(
        scid.collect::<Vec<_>>(),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn tokens_are_given_to_commands_only() {
    let home = Home::new();
    play(&home, &["cr", "--with-tokens"]).run().fails(64, "");
    play(&home, &["cr", "--with-tokens", "--", "true"])
        .run()
        .fails(66, "needs an address");
}

#[test]
fn a_game_that_is_closing_is_warned_about() {
    let home = Home::new();
    driver(&home, "waydroid", "exit 0");
    let ended = play(&home, &["squad"]).run().exits(0);
    assert!(
        ended.stderr.contains("warning: Squad Busters"),
        "{ended:#?}"
    );
}

#[test]
fn a_dry_run_starts_nothing() {
    let home = Home::new();
    let driver = driver(&home, "waydroid", "exit 0");
    let ended = play(&home, &["cr", "--dry-run"]).run().exits(0);
    assert!(ended.stdout.contains("SCID_GAME=•••"), "{ended:#?}");
    assert!(!driver.was_started());
}
