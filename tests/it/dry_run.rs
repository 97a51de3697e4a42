//! `--dry-run`: all checks before a start, without any request.

use crate::harness::fixture::Fixture;
use crate::harness::{Engine, Home, Program, Scripted};

fn dry_run(home: &Home, server: &Scripted, more: &[&str]) -> Program {
    home.program(&[&["ttr", "--dry-run", "--api", &server.root()], more].concat())
}

#[test]
fn a_dry_run_shows_the_command_and_the_names_of_the_variables() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "game/TTREngine");
    let options = [
        "--wrapper",
        "env 'A=b c'",
        "--exe",
        engine.exe(),
        "--",
        "-x",
    ];
    let ended = dry_run(&home, &server, &options).run().exits(0);
    let directory = home.path().join("game").display().to_string();
    for words in [
        engine.exe(),
        &directory,
        "A=b c",
        "-x",
        "TTR_GAMESERVER=•••",
        "TTR_PLAYCOOKIE=•••",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {ended:#?}");
    }
    assert!(!engine.was_started());
}

#[test]
fn a_dry_run_with_a_toon_slot_names_its_variable() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "game/CorporateClash");
    let shown = |slot: &[&str]| {
        let api = server.root();
        let options = ["ttcc", "--dry-run", "--api", &api, "--exe", engine.exe()];
        let program = home.program(&[&options, slot].concat());
        program.run().exits(0).stdout
    };
    let slot = "variable:  FORCE_TOON_SLOT=•••\n";
    assert_eq!(shown(&["--toon-slot", "3"]), shown(&[]) + slot);
}

#[test]
fn a_dry_run_as_json_is_one_object() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "game/TTREngine");
    let options = ["--json", "--exe", engine.exe(), "--", "two words"];
    let events = dry_run(&home, &server, &options).run().exits(0).events();
    assert_eq!(events.len(), 1, "{events:#?}");
    assert_eq!(events[0]["game"], "ttr");
    assert_eq!(
        events[0]["command"],
        serde_json::json!([engine.exe(), "two words"])
    );
    assert_eq!(
        events[0]["variables"],
        serde_json::json!(["TTR_GAMESERVER", "TTR_PLAYCOOKIE"])
    );
    assert!(!engine.was_started());
}

#[test]
fn a_dry_run_of_several_accounts_names_the_account_of_each_command() {
    let fixture = Fixture::new("exit 0", []);
    let ended = fixture.program(&["play", "@evening", "--dry-run"]).run();
    let shown = ended.exits(0).stdout;
    let names = shown
        .lines()
        .filter_map(|line| line.strip_prefix("account:   "));
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["alice", "carol", "dora"],
        "{shown}"
    );
    assert!(shown.starts_with("account:"), "{shown}");
    let ended = fixture.program(&["ttr", "@evening", "--dry-run"]).run();
    let left_out = "@evening: without carol, dora, which are accounts of other games";
    let ended = ended.exits(0);
    assert!(ended.stderr.contains(left_out), "{ended:#?}");
}

#[test]
fn a_dry_run_uses_and_shows_no_secret() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "TTREngine");
    let options = [
        "-vv",
        "-u",
        "alice",
        "--password-command",
        "touch ran",
        "--code-command",
        "touch ran",
        "--exe",
        engine.exe(),
    ];
    dry_run(&home, &server, &options)
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .env("PLAYCOOKIE_CODE", "918273")
        .env("TTR_PLAYCOOKIE", "stale-cookie")
        .run()
        .exits(0)
        .hides(&["hunter2-pw", "918273", "stale-cookie"]);
    assert!(!home.path().join("ran").exists());
}

#[test]
fn a_dry_run_fails_where_a_start_would() {
    for (options, words) in [
        (&["--exe", "nowhere"][..], "nowhere"),
        (
            &["--exe", "TTREngine", "--wrapper", "no-such-wrapper"],
            "no-such-wrapper",
        ),
    ] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.write("TTREngine", "");
        dry_run(&home, &server, options).run().fails(72, words);
    }
}

#[test]
fn a_dry_run_does_not_change_the_game() {
    use std::os::unix::fs::PermissionsExt;
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "game/TTREngine");
    let mode = || {
        std::fs::metadata(&engine.path)
            .expect("a game")
            .permissions()
            .mode()
    };
    let before = mode();
    dry_run(&home, &server, &["--exe", engine.exe()])
        .run()
        .exits(0);
    assert_eq!(mode(), before);
}

#[test]
fn a_path_is_shown_exactly_with_control_characters_escaped() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let engine = Engine::new(&home, "My  Games\u{1b}]0;x\u{7}/TTREngine");
    let ended = dry_run(&home, &server, &["--exe", engine.exe()])
        .run()
        .exits(0);
    assert!(
        ended.stdout.contains(r"My  Games\u{1b}]0;x\u{7}"),
        "{ended:#?}"
    );
    assert!(!ended.stdout.contains('\u{1b}'), "{ended:#?}");
}
