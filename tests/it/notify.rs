//! `play --notify`: the desktop is told when a wait ends and when the game has started.

use playcookie::stand_in::Scenario;

use crate::harness::{Engine, Home, Program, StandInServer, wait_until};

/// Appends its arguments to a file, each call as one line.
const RECORD: &str = "#!/bin/sh\nprintf '%s|' \"$@\" \"$PLAYCOOKIE_PASSWORD\" >>\"$HOME/notified\"\necho >>\"$HOME/notified\"\n";

/// Writes a `notify-send` that runs this script, and returns `ttr play --notify` with it on its `PATH`.
fn play(home: &Home, server: &StandInServer, script: &str) -> Program {
    use std::os::unix::fs::PermissionsExt;

    let program = home.write("bin/notify-send", script);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(program, mode).expect("a mode");
    let engine = Engine::new(home, "TTREngine");
    let words = ["--notify", "--exe", engine.exe()];
    let bin = home.path().join("bin");
    let path = std::env::join_paths([bin.as_path(), "/usr/bin".as_ref(), "/bin".as_ref()]);
    let play = home.ttr("play", &server.root(), &words);
    play.env("PATH", path.expect("a PATH"))
}

fn queued(queue: Option<u32>) -> StandInServer {
    StandInServer::new(Scenario {
        queue,
        ..Scenario::default()
    })
}

fn notified(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("notified")).unwrap_or_default()
}

#[test]
fn the_end_of_the_queue_and_the_start_of_the_game_are_announced() {
    for (queue, titles) in [
        (None, &["alice: the game has started"][..]),
        (Some(0), &["alice: admitted", "alice: the game has started"]),
    ] {
        let (home, server) = (Home::new(), queued(queue));
        play(&home, &server, RECORD)
            .args(["--detach"])
            .run()
            .exits(0);
        let lines = titles
            .iter()
            .map(|title| format!("--app-name=playcookie|--|{title}|Toontown Rewritten||\n"));
        let lines: Vec<_> = lines.collect();
        wait_until("each notification", || {
            let notified = notified(&home);
            lines.iter().all(|line| notified.contains(line))
        });
        assert_eq!(notified(&home).lines().count(), lines.len());
    }
}

#[test]
fn a_notification_that_fails_or_hangs_is_no_error_and_delays_no_game() {
    for script in ["#!/bin/sh\nexit 1\n", "#!/bin/sh\nexec sleep 600\n"] {
        let (home, server) = (Home::new(), queued(Some(0)));
        let ended = play(&home, &server, script).run().exits(0);
        assert!(!ended.stderr.contains("notif"), "{ended:#?}");
    }
}

#[test]
fn without_notify_send_the_bell_rings() {
    let (home, server) = (Home::new(), queued(None));
    let engine = Engine::with_script(&home, "TTREngine", "read held");
    let words = [
        "ttr",
        "-u",
        "alice",
        "--notify",
        "--exe",
        engine.exe(),
        "--api",
        &server.root(),
    ];
    let program = home.program(&words).env("PATH", home.path().join("empty"));
    let mut pty = program
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .on_a_terminal();
    pty.expect("started\r\n");
    pty.expect("\u{7}");
    pty.line("");
    pty.wait().exits(0);
}

#[test]
fn without_the_option_nothing_is_announced() {
    let (home, server) = (Home::new(), queued(Some(0)));
    let engine = Engine::new(&home, "TTREngine");
    let words = ["--exe", engine.exe()];
    home.ttr("play", &server.root(), &words).run().exits(0);
    for verb in ["login", "exec"] {
        let words = ["--notify", "--", "true"];
        home.ttr(verb, &server.root(), &words)
            .run()
            .fails(64, "--notify");
    }
    assert_eq!(notified(&home), "");
}
