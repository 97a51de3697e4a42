//! Starting the game, and the revocation of the launcher token.

use std::os::unix::process::ExitStatusExt;

use rustix::process::{Pid, Signal, kill_process};

use super::*;
use crate::harness::Engine;
use crate::harness::games::plays_with_wine;

#[test]
fn the_token_is_revoked_right_after_the_start_and_not_after_the_end() {
    let server = Scripted::new([REGISTERED, METADATA, GRANTED, REVOKED].map(Reaction::json));
    let home = Home::new();
    let over = home.path().join("over");
    let script = format!("while [ ! -e '{}' ]; do sleep 0.01; done", over.display());
    let engine = Engine::with_script(&home, "clash/CorporateClash", &script);
    let more = ["--no-update", "--exe", engine.exe()];
    let run = home.game("ttcc", "play", &server.root(), &more).start();
    server.wait_for(4);
    engine.wait_until_started();
    std::fs::write(over, "").expect("a file");
    run.wait().exits(0);
    assert_eq!(request_paths(server), LOGIN_PATHS);
    assert_eq!(
        engine.variable("TT_PLAYCOOKIE").as_deref(),
        Some(GAME_TOKEN)
    );
    assert_eq!(
        engine.variable("TT_GAMESERVER").as_deref(),
        Some("gs.example:7198")
    );
    assert_eq!(engine.variable("LAUNCHER_USER").as_deref(), Some("alice"));
    assert_eq!(engine.variable("REALM").as_deref(), Some("production"));
    assert_eq!(
        engine.variable("SENTRY_ENVIRONMENT").as_deref(),
        Some("production")
    );
    assert_eq!(engine.variable("FORCE_TOON_SLOT"), None);
    let shown = format!("{:?}", engine.environment());
    assert!(!shown.contains(PASSWORD) && !shown.contains(LAUNCHER_TOKEN));
}

#[test]
fn a_login_that_is_interrupted_revokes_the_token_once() {
    let server = Scripted::new([
        Reaction::json(REGISTERED),
        Reaction::json(METADATA),
        Reaction::Silence(Vec::new()),
        Reaction::json(REVOKED),
    ]);
    let home = Home::new();
    let run = home.game("ttcc", "login", &server.root(), &[]).start();
    server.wait_for(3);
    let pid = i32::try_from(run.pid()).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a process id"), Signal::INT).expect("it still runs");
    let ended = run.wait();
    assert_eq!(
        ended.status.signal(),
        Some(Signal::INT.as_raw()),
        "{ended:?}"
    );
    assert_eq!(request_paths(server), LOGIN_PATHS);
}

#[cfg(target_os = "linux")]
#[test]
fn an_install_inside_a_wine_prefix_is_found_and_runs_in_its_own_folder() {
    let server = plain();
    for exe in [
        ".wine/drive_c/users/alice/AppData/Local/Corporate Clash/CorporateClash.exe",
        ".wine/drive_c/Program Files/Corporate Clash/CORPORATECLASH.EXE",
        ".local/share/wineprefixes/tt/drive_c/Program Files (x86)/Corporate Clash/corporateclash.exe",
    ] {
        let environment = plays_with_wine("ttcc", exe, &server.root());
        assert_eq!(environment["TT_GAMESERVER"], server.gameserver());
    }
}

#[test]
fn a_program_for_windows_runs_in_its_own_folder_wherever_it_was_named() {
    let server = plain();
    let home = Home::new();
    let exe = home.write("elsewhere/CorporateClash.exe", "MZ");
    home.write("dir/file", "");
    let (wine, path) = crate::harness::games::wine(&home);
    let directory = home.path().join("dir");
    home.game("ttcc", "play", &server.root(), &["--no-update"])
        .args(["--exe".as_ref(), exe.as_os_str()])
        .args(["--game-dir".as_ref(), directory.as_os_str()])
        .env("PATH", path)
        .run()
        .exits(0);
    assert_eq!(wine.directory(), home.path().join("elsewhere"));
}
