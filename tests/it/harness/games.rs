//! Assertions that the tests of several games share.

#[cfg(unix)]
use std::collections::BTreeMap;
#[cfg(unix)]
use std::path::Path;

#[cfg(unix)]
use super::Engine;
use super::{Home, Reaction, Scripted};

/// The password of [`Home::game`].
pub(crate) const PASSWORD: &str = "hunter2-pw";

/// Asserts that `GAME login --api API@ROOT --json` against these JSON answers ends with this status and `reason`, and
/// does not print the password even with `-vv`.
#[track_caller]
pub(crate) fn ends_as(game: &str, api: &str, answers: &[&str], status: i32, reason: &str) {
    let (home, server) = (
        Home::new(),
        Scripted::new(answers.iter().map(Reaction::json)),
    );
    let root = format!("{api}@{}", server.root());
    let ended = home
        .game(game, "login", &root, &["--json", "-vv"])
        .run()
        .exits(status)
        .hides(&[PASSWORD]);
    assert_eq!(ended.error_event()["reason"], reason, "{answers:?}");
    server.finish();
}

/// Creates a `wine` that records how it was started. Returns it with a `PATH` that contains it.
#[cfg(unix)]
pub(crate) fn wine(home: &Home) -> (Engine, String) {
    use std::os::unix::fs::PermissionsExt;
    let wine = Engine::new(home, "bin/wine");
    std::fs::set_permissions(&wine.path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    let usual = std::env::var("PATH").expect("a PATH");
    let path = format!("{}:{usual}", home.path().join("bin").display());
    (wine, path)
}

/// Asserts that `GAME play` finds the program at `exe` in the home and runs it with Wine, in its prefix and in the
/// program's folder. Returns the environment of Wine.
#[cfg(unix)]
#[track_caller]
pub(crate) fn plays_with_wine(game: &str, exe: &str, root: &str) -> BTreeMap<String, String> {
    let home = Home::new();
    let program = home.write(exe, "MZ");
    let (wine, path) = wine(&home);
    home.game(game, "play", root, &["--no-update"])
        .env("PATH", path)
        .env("WINEPREFIX", "")
        .run()
        .exits(0);
    assert_eq!(wine.arguments(), [program.to_str().expect("UTF-8")]);
    assert_eq!(Some(wine.directory().as_path()), program.parent());
    let environment = wine.environment();
    let drive = Path::new(&environment["WINEPREFIX"]).join("drive_c");
    assert!(program.starts_with(drive), "{environment:?}");
    environment
}
