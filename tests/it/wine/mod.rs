//! Windows games that are run by Wine.

#[cfg(target_os = "linux")]
mod updates;

use playcookie::stand_in::Scenario;

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

#[test]
fn unsupported_runners_are_usage_errors() {
    for runner in ["Wine", "steam", ""] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.ttr("play", &server.root(), &["--runner", runner])
            .run()
            .fails(64, "--runner");
    }
}
