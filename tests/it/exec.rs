//! `exec`: a command with the game's variables.

use playcookie::stand_in::{LoginRefusal, Scenario};
use serde_json::Value;

use crate::harness::{Home, RunOutput, Scripted, StandInServer};

/// A command that prints its environment.
const SHOW: &[&str] = if cfg!(windows) {
    &["cmd", "/c", "set"]
} else {
    &["env"]
};
/// A command that exits with status 3.
const FAIL: &[&str] = if cfg!(windows) {
    &["cmd", "/c", "exit 3"]
} else {
    &["sh", "-c", "exit 3"]
};
/// A command that prints text that is not JSON.
const TALK: &[&str] = if cfg!(windows) {
    &["cmd", "/c", "echo not JSON"]
} else {
    &["echo", "not JSON"]
};

fn variable<'a>(ended: &'a RunOutput, name: &str) -> Option<&'a str> {
    let mut lines = ended.stdout.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

/// Returns the lines of standard error that are JSON.
fn events(ended: &RunOutput) -> Vec<Value> {
    let lines = ended.stderr.lines();
    lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

#[test]
fn the_command_gets_the_games_variables_and_no_playcookie_variables() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let ended = home
        .program(&["ttr", "exec", "--api", &server.root(), "--"])
        .args(SHOW)
        .env("PLAYCOOKIE_USERNAME", "alice")
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .env("PLAYCOOKIE_CODE", "123456")
        .env("PLAYCOOKIE_OTHER", "x")
        .env("OF_THE_PLAYER", "kept")
        .env("TTR_PLAYCOOKIE", "stale")
        .run()
        .exits(0)
        .hides(&[
            "PLAYCOOKIE_USERNAME",
            "PLAYCOOKIE_PASSWORD",
            "PLAYCOOKIE_CODE",
            "PLAYCOOKIE_OTHER",
            "hunter2-pw",
        ]);
    assert_eq!(
        variable(&ended, "TTR_GAMESERVER"),
        Some(server.gameserver().as_str())
    );
    assert_eq!(variable(&ended, "TTR_PLAYCOOKIE").map(str::len), Some(32));
    assert_eq!(variable(&ended, "OF_THE_PLAYER"), Some("kept"));
}

#[test]
fn the_commands_status_is_passed_on() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let ended = home
        .ttr("exec", &server.root(), &["--"])
        .args(FAIL)
        .run()
        .exits(3);
    assert!(!ended.stderr.contains("error:"), "{ended:#?}");
}

#[test]
fn with_json_the_events_are_on_standard_error_and_the_commands_output_is_untouched() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let program = home
        .ttr("exec", &server.root(), &["--json", "--"])
        .args(TALK);
    let ended = program.run().exits(0);
    assert_eq!(ended.stdout.trim_end(), "not JSON");
    let events = events(&ended);
    assert_eq!(events.len(), ended.stderr.lines().count(), "{ended:#?}");
    let names: Vec<_> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(names, ["login", "ready", "started", "exited"]);
    assert_eq!(
        events[1]["variables"],
        serde_json::json!(["TTR_GAMESERVER", "TTR_PLAYCOOKIE"])
    );
    assert_eq!(events[1]["environment"], Value::Null);
}

#[test]
fn with_json_a_failure_is_on_standard_error() {
    let (home, server) = (
        Home::new(),
        StandInServer::new(Scenario {
            refuse: Some(LoginRefusal::Password),
            ..Scenario::default()
        }),
    );
    let ended = home
        .ttr("exec", &server.root(), &["--json", "--"])
        .args(SHOW)
        .run();
    let ended = ended.fails(77, "alice");
    assert_eq!(ended.stdout, "");
    let last = events(&ended).pop().expect("an event");
    assert_eq!(
        (&last["event"], &last["reason"]),
        (&"error".into(), &"credentials".into())
    );
}

#[test]
fn a_missing_command_fails_before_anything_is_sent() {
    for command in [
        "no-such-command",
        "./no-such-command",
        ".",
        "/no/such/command",
    ] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.ttr("exec", &server.root(), &["--", command, "-x"])
            .run()
            .fails(72, command);
    }
}

#[test]
fn exec_without_a_command_is_a_usage_error() {
    for arguments in [&[][..], &["--"], &["env"]] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.ttr("exec", &server.root(), arguments)
            .run()
            .fails(64, "");
    }
}

#[test]
fn with_json_a_usage_error_is_an_event_on_standard_error() {
    let home = Home::new();
    for arguments in [&["--json"][..], &["--json", "--timeout", "0", "--", "true"]] {
        let ended = home.program(&[&["ttr", "exec"], arguments].concat()).run();
        let ended = ended.fails(64, "");
        assert_eq!(ended.stdout, "");
        let last = events(&ended).pop().expect("an event");
        assert_eq!(last["reason"], "usage");
    }
}

#[cfg(unix)]
mod on_unix {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_command_killed_by_a_signal_gives_128_plus_its_number() {
        for (signal, status) in [("KILL", 137), ("TERM", 143), ("INT", 130)] {
            let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
            let script = format!("kill -{signal} $$");
            home.ttr("exec", &server.root(), &["--", "sh", "-c", &script])
                .run()
                .exits(status);
        }
    }

    #[test]
    fn arguments_are_passed_unchanged() {
        let words = [
            "two  words",
            "it's \"so\"",
            "Ünï ✓",
            "-v",
            "--json",
            "--",
            "$(touch ran)",
            "*",
            "",
        ];
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let ended = home
            .ttr("exec", &server.root(), &["--", "printf", "%s\\n"])
            .args(words)
            .run()
            .exits(0);
        assert_eq!(ended.stdout, words.join("\n") + "\n");
        assert!(!home.path().join("ran").exists());
    }

    #[test]
    fn an_argument_need_not_be_text() {
        use std::os::unix::ffi::OsStrExt;

        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let show = ["--", "sh", "-c", "printf %s \"$1\" | od -An -tx1", "show"];
        let ended = home
            .ttr("exec", &server.root(), &show)
            .args([std::ffi::OsStr::from_bytes(b"\xff\xfe")])
            .run()
            .exits(0);
        let bytes: Vec<_> = ended.stdout.split_whitespace().collect();
        assert_eq!(bytes, ["ff", "fe"]);
    }

    #[test]
    fn the_command_gets_standard_input_unless_the_password_was_there() {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        // The input is larger than the launcher's buffer, so that some of it is left.
        let ended = home
            .ttr("exec", &server.root(), &["--", "cat"])
            .stdin(format!("hunter2-pw\n{}", "more\n".repeat(32 * 1024)))
            .run()
            .exits(0);
        assert_eq!(ended.stdout, "");
        let ended = home
            .program(&[
                "ttr",
                "exec",
                "-u",
                "alice",
                "--api",
                &server.root(),
                "--",
                "cat",
            ])
            .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
            .stdin("for the command\n")
            .run()
            .exits(0);
        assert_eq!(ended.stdout, "for the command\n");
    }

    #[test]
    fn a_command_is_found_and_run_in_the_current_directory() {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let tool = home.write("here/tool", "#!/bin/sh\npwd\n");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("a mode");
        let here = home.path().join("here");
        let program = home
            .ttr("exec", &server.root(), &["--", "./tool"])
            .directory(&here);
        let ended = program.run().exits(0);
        assert_eq!(ended.stdout.trim_end(), here.display().to_string());
    }

    #[test]
    fn the_mode_of_a_command_is_not_changed() {
        let (home, server) = (Home::new(), Scripted::untouched());
        let tool = home.write("tool", "#!/bin/sh\n");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o644)).expect("a mode");
        home.ttr("exec", &server.root(), &["--", "./tool"])
            .run()
            .fails(72, "./tool");
        let mode = fs::metadata(&tool).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}
