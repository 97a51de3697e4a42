//! Which game is started: the named one, the one that playcookie installed, or the first in the usual places.

use std::fs;
use std::path::Path;

use playcookie::stand_in::Scenario;

use crate::harness::{Engine, Home, Program, Scripted, StandInServer};

/// The install locations in the order in which they are searched.
const PLACES: [&str; 9] = [
    ".var/app/com.toontownrewritten.Launcher/data",
    ".var/app/xyz.xytime.Toontown/data",
    ".var/app/xyz.xytime.Toontown/data/toontown-rewritten",
    "Toontown Rewritten",
    "toontown-rewritten",
    "Games/Toontown Rewritten",
    "Games/toontown-rewritten",
    ".local/share/toontown-rewritten",
    ".local/share/Toontown Rewritten",
];

/// Returns `play --dry-run --json`.
fn plan(home: &Home, more: &[&str]) -> Program {
    home.program(&[&["ttr", "--dry-run", "--json"], more].concat())
}

/// Returns the program and the directory of a plan, relative to the home.
#[track_caller]
fn planned(home: &Home, program: Program) -> (String, String) {
    let events = program.run().exits(0).events();
    let below = |path: &str| {
        let path = Path::new(path).strip_prefix(home.path());
        path.expect("below the home").display().to_string()
    };
    let text = |value: &serde_json::Value| below(value.as_str().expect("a path"));
    (
        text(&events[0]["command"][0]),
        text(&events[0]["directory"]),
    )
}

#[test]
fn install_locations_are_searched_in_order() {
    let home = Home::new();
    for place in PLACES {
        home.write(&format!("{place}/TTREngine"), "");
    }
    for place in PLACES {
        assert_eq!(
            planned(&home, plan(&home, &[])),
            (format!("{place}/TTREngine"), place.to_owned())
        );
        fs::remove_file(home.path().join(place).join("TTREngine")).expect("a file");
    }
    plan(&home, &[]).run().fails(72, "was not found");
}

#[test]
fn playcookies_own_install_has_priority() {
    let home = Home::new();
    home.write("Toontown Rewritten/TTREngine", "");
    home.write(".local/share/playcookie/games/ttr/TTREngine", "");
    home.write("data/playcookie/games/ttr/TTREngine", "");
    let usual = planned(&home, plan(&home, &[]));
    assert_eq!(usual.1, ".local/share/playcookie/games/ttr");
    let named = plan(&home, &[]).env("XDG_DATA_HOME", home.path().join("data"));
    assert_eq!(planned(&home, named).1, "data/playcookie/games/ttr");
}

#[test]
fn a_named_program_runs_in_its_folder_and_a_named_directory_is_searched() {
    for (options, program, directory) in [
        (&["--game-dir", "here"][..], "here/TTREngine", "here"),
        (&["--game-dir", "here/"], "here/TTREngine", "here"),
        (&["--exe", "there/Start me"], "there/Start me", "there"),
        (
            &["--exe", "there/Start me", "--game-dir", "here"],
            "there/Start me",
            "here",
        ),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        home.write("Toontown Rewritten/TTREngine", "the wrong one");
        home.write("here/nothing", "");
        let engine = Engine::new(&home, program);
        home.ttr("play", &server.root(), options).run().exits(0);
        assert_eq!(
            engine.directory(),
            home.path().join(directory),
            "{options:?}"
        );
    }
}

#[test]
fn a_missing_game_is_reported_before_anything_is_sent() {
    for options in [
        &[][..],
        &["--game-dir", "nowhere"],
        &["--game-dir", "empty"],
        &["--exe", "nowhere/TTREngine"],
        &["--exe", "empty"],
        &["--exe", "nowhere", "--game-dir", "good"],
        &["--runner", "native"],
        &["--runner", "wine"],
        &["--runner", "wine", "--game-dir", "good"],
    ] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.write("good/TTREngine", "");
        fs::create_dir(home.path().join("empty")).expect("a folder");
        let ended = home.ttr("play", &server.root(), &[&["--json"], options].concat());
        let error = ended.run().fails(72, "").error_event();
        assert_eq!(error["reason"], "game-missing", "{options:?}");
        assert_eq!(error["exit"], 72);
    }
}

#[test]
fn a_missing_game_is_reported_before_a_missing_username() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let arguments = ["ttr", "--api", &server.root()];
    home.program(&arguments).run().fails(72, "was not found");
}

#[test]
fn a_program_that_cannot_be_made_executable_fails_before_anything_is_sent() {
    let (home, server) = (Home::new(), Scripted::untouched());
    // Not even the superuser can change the mode of a file in `/proc`.
    let ended = home.ttr(
        "play",
        &server.root(),
        &["--json", "--exe", "/proc/self/status"],
    );
    let error = ended.run().fails(72, "/proc/self/status").error_event();
    assert_eq!(error["reason"], "game-start");
}

#[test]
fn a_game_that_every_user_may_change_gets_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let program = home.write("game/TTREngine", "");
    let folder = program.parent().expect("a folder");
    let warns = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
        let ended = plan(&home, &["--game-dir", "game"]).run().exits(0);
        ended
            .stderr
            .contains("warning: every user of this computer may change")
    };
    assert!(!warns(&program, 0o775));
    assert!(warns(&program, 0o777));
    assert!(!warns(&program, 0o755));
    assert!(warns(folder, 0o777));
    assert!(!warns(folder, 0o775));
}

#[test]
fn a_program_in_a_relative_folder_of_the_path_is_not_run() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let engine = Engine::new(&home, "TTREngine");
    let file = home.write("wrapper", "");
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("a mode");
    let wrapped = |wrapper, path| {
        let options = ["--exe", engine.exe(), "--wrapper", wrapper];
        plan(&home, &options).env("PATH", path).run()
    };
    for path in [".", "", "bin:.", ":/nowhere", "/nowhere::/nowhere"] {
        wrapped("wrapper", path).fails(72, "is not installed");
    }
    // A path is not searched for.
    wrapped("./wrapper", "").exits(0);
}
