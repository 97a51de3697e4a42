//! Windows games that are run by Wine.

use playcookie::stand_in::Scenario;
use serde_json::json;

use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{Publisher, packed, short_sha256};
use crate::harness::response::Response;
use crate::harness::{Engine, Home, Program, Scripted, StandInServer};

const INSTALL: &str = ".wine/drive_c/Program Files (x86)/Toontown Rewritten";

/// Creates a stand-in for Wine in `bin`.
pub(crate) fn wine(home: &Home) -> Engine {
    Engine::new(home, "bin/wine").executable()
}

/// Adds `bin` to the start of the `PATH`.
pub(crate) fn with_wine(program: Program, home: &Home) -> Program {
    let mut path = home.path().join("bin").into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    program.env("PATH", path).env("WINEPREFIX", "")
}

#[test]
fn a_game_inside_a_prefix_is_run_by_wine_in_that_prefix() {
    for options in [&[][..], &["--runner", "wine"]] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let wine = wine(&home);
        let program = home.write(&format!("{INSTALL}/TTREngine64.exe"), "");
        let options = [options, &["--", "-x"]].concat();
        with_wine(home.ttr("play", &server.root(), &options), &home)
            .run()
            .exits(0);
        assert_eq!(wine.arguments(), [program.to_str().expect("UTF-8"), "-x"]);
        assert_eq!(wine.directory(), home.path().join(INSTALL));
        let environment = wine.environment();
        assert_eq!(
            environment["WINEPREFIX"],
            home.path().join(".wine").display().to_string()
        );
        assert_eq!(environment["TTR_GAMESERVER"], server.gameserver());
        assert_eq!(environment["TTR_PLAYCOOKIE"].len(), 32);
        assert!(
            !environment
                .keys()
                .any(|name| name.starts_with("PLAYCOOKIE_"))
        );
    }
}

#[test]
fn the_64_bit_program_is_preferred() {
    let (home, server) = (Home::new(), Scripted::untouched());
    wine(&home);
    home.write(&format!("{INSTALL}/TTREngine.exe"), "");
    let plan = || {
        with_wine(home.ttr("play", &server.root(), &["--dry-run"]), &home)
            .run()
            .exits(0)
            .stdout
    };
    assert!(plan().contains("/TTREngine.exe"));
    home.write(&format!("{INSTALL}/TTREngine64.exe"), "");
    assert!(plan().contains("/TTREngine64.exe"));
}

#[test]
fn a_named_windows_program_is_run_by_wine() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let wine = wine(&home);
    let program = home.write("game/TTREngine64.EXE", "");
    let named = home.ttr("play", &server.root(), &["--exe", "game/TTREngine64.EXE"]);
    with_wine(named, &home)
        .env("WINEPREFIX", "/of/the/player")
        .run()
        .exits(0);
    assert_eq!(wine.arguments(), [program.to_str().expect("UTF-8")]);
    assert_eq!(wine.directory(), home.path().join("game"));
    assert_eq!(
        wine.variable("WINEPREFIX").as_deref(),
        Some("/of/the/player")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_for_this_system_is_preferred() {
    let (home, server) = (Home::new(), Scripted::untouched());
    wine(&home);
    home.write(&format!("{INSTALL}/TTREngine64.exe"), "");
    home.write(".local/share/Toontown Rewritten/TTREngine", "");
    let ended = with_wine(home.ttr("play", &server.root(), &["--dry-run"]), &home)
        .run()
        .exits(0);
    assert!(
        ended.stdout.contains("Rewritten/TTREngine'") && !ended.stdout.contains("wine"),
        "{ended:#?}"
    );
}

#[test]
fn without_wine_a_windows_game_fails_before_anything_is_sent() {
    let (home, server) = (Home::new(), Scripted::untouched());
    home.write(&format!("{INSTALL}/TTREngine64.exe"), "");
    let ended = home
        .ttr("play", &server.root(), &["--json"])
        .env("PATH", home.path())
        .run();
    assert_eq!(
        ended.fails(72, "wine").error_event()["reason"],
        "game-start"
    );
}

#[test]
fn the_native_runner_ignores_windows_games() {
    for options in [&[][..], &["--game-dir", INSTALL]] {
        let (home, server) = (Home::new(), Scripted::untouched());
        let wine = wine(&home);
        home.write(&format!("{INSTALL}/TTREngine64.exe"), "");
        let options = [&["--json", "--runner", "native"], options].concat();
        let program = home.ttr("play", &server.root(), &options);
        let ended = with_wine(program, &home).run().fails(72, "was not found");
        assert_eq!(ended.error_event()["reason"], "game-missing");
        assert!(!wine.was_started());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_windows_files_of_a_game_without_a_build_for_linux_are_installed_and_run_by_wine() {
    let program = packed(b"a program");
    let list = json!({ "files": { "tlopo.exe": { "hash": short_sha256(b"a program") } } });
    for (published, lists) in [("win64", &["win64"][..]), ("win32", &["win64", "win32"])] {
        let (home, mirror) = (Home::new(), Mirror::new());
        for build in lists {
            let path = format!("/{build}/patcher.json");
            mirror.put(&path, list.to_string());
            if *build != published {
                mirror.always(&path, Response::status(404));
            }
        }
        mirror.put(&format!("/{published}/tlopo.exe.bz2"), &program[..]);
        home.program(&["tlopo", "update", "--api", &mirror.root()])
            .run()
            .exits(0);
        let requests: Vec<_> = mirror.take().into_iter().map(|it| it.path).collect();
        let mut expected: Vec<_> = lists
            .iter()
            .map(|build| format!("/{build}/patcher.json"))
            .collect();
        expected.push(format!("/{published}/tlopo.exe.bz2"));
        assert_eq!(requests, expected);

        let (wine, server) = (wine(&home), StandInServer::new(Scenario::default()));
        let play = home.game("tlopo", "play", &server.root(), &["--no-update"]);
        with_wine(play, &home).run().exits(0);
        assert!(wine.arguments()[0].ends_with("/games/tlopo/tlopo.exe"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_runner_decides_for_which_system_an_update_installs_files() {
    let mut publisher = Publisher::of(&[("TTREngine", b"#!/bin/sh\n"), ("TTREngine64.exe", b"MZ")]);
    publisher.change("TTREngine", |entry| entry["only"] = json!(["linux"]));
    publisher.change("TTREngine64.exe", |entry| entry["only"] = json!(["win64"]));
    let update = |installation: &Installation, options: &[&str]| {
        installation.update(&publisher, options).run().exits(0);
        installation.names()
    };
    assert_eq!(update(&Installation::new(), &[]), ["TTREngine"]);
    let typed = Installation::new();
    assert_eq!(update(&typed, &["--runner", "wine"]), ["TTREngine64.exe"]);
    // Later updates keep to what is there.
    assert_eq!(update(&typed, &[]), ["TTREngine64.exe"]);
    let configured = Installation::new();
    configured.home.configure("[ttr]\nrunner = \"wine\"\n");
    assert_eq!(update(&configured, &[]), ["TTREngine64.exe"]);
}

#[test]
fn unsupported_runners_are_usage_errors() {
    for runner in ["proton", "umu", "bottles", "lutris", ""] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.ttr("play", &server.root(), &["--runner", runner])
            .run()
            .fails(64, "--runner");
    }
}
