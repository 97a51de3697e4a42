//! The sources of passwords, and invalid ones, which are refused before anything is sent.

use playcookie::stand_in::Scenario;

use crate::harness::{Home, Program, Scripted, StandInServer};

/// Returns `ttr login -u alice` without a password.
fn login(home: &Home, root: &str, more: &[&str]) -> Program {
    home.program(&[&["ttr", "login", "-u", "alice", "--api", root], more].concat())
}

/// Returns the password that a run sent.
#[track_caller]
fn sent_password(run: impl FnOnce(&Home, &str) -> Program) -> String {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    run(&home, &server.root()).run().exits(0);
    let [request] = &server.requests()[..] else {
        panic!("{:#?}", server.requests());
    };
    let [username, password] = request
        .exact_fields(["username", "password"])
        .expect("two fields");
    assert_eq!(username, "alice");
    password.to_owned()
}

/// Asserts that a run fails before anything is sent.
#[track_caller]
fn fails(status: i32, words: &str, run: impl FnOnce(&Home, &str) -> Program) {
    let (home, server) = (Home::new(), Scripted::untouched());
    let ended = run(&home, &server.root()).run().fails(status, words);
    ended.hides(&["hunter2"]);
    server.finish();
}

#[test]
fn an_option_overrides_the_environment() {
    let stdin = sent_password(|home, root| {
        login(home, root, &["--password-stdin"])
            .env("PLAYCOOKIE_PASSWORD", "of the environment")
            .stdin("typed\n")
    });
    assert_eq!(stdin, "typed");
    let command = sent_password(|home, root| {
        login(home, root, &["--password-command", "echo printed"])
            .env("PLAYCOOKIE_PASSWORD", "of the environment")
    });
    assert_eq!(command, "printed");
    let environment = sent_password(|home, root| {
        login(home, root, &[]).env("PLAYCOOKIE_PASSWORD", " of the environment ")
    });
    assert_eq!(environment, " of the environment ");
}

#[test]
fn the_first_line_of_standard_input_is_used_unchanged() {
    let longest = "ä".repeat(2048);
    for (input, password) in [
        ("pw\nmore\n", "pw"),
        ("pw", "pw"),
        ("pw\r\nmore\r\n", "pw"),
        ("\u{feff}pw\n", "pw"),
        ("\u{feff}pw\r\n", "pw"),
        ("  two  words \n", "  two  words "),
        (" ", " "),
        ("&=+%\"'\\$(x)\n", "&=+%\"'\\$(x)"),
        ("pässwört ✓ 🍪\n", "pässwört ✓ 🍪"),
        (&longest, &longest),
        (&format!("\u{feff}{longest}\r\n"), &longest),
    ] {
        let taken =
            sent_password(|home, root| login(home, root, &["--password-stdin"]).stdin(input));
        assert_eq!(taken, password, "{input:?}");
    }
}

#[test]
fn an_invalid_password_line_is_not_sent() {
    let too_long = "x".repeat(4097) + "\n";
    for (input, status) in [
        (too_long.as_bytes(), 64),
        (b"hunter2\xff\n", 64),
        (b"hunter2\thunter2\n", 64),
        (b"hunter2\x1b[31m\n", 64),
        (b"hunter2\0\n", 64),
        (b"hunter2\xc2\x85\n", 64),
        (b"\nhunter2\n", 66),
        (b"\r\nhunter2\n", 66),
        (b"\xef\xbb\xbf\n", 66),
        (b"", 66),
    ] {
        fails(status, "a password", |home, root| {
            login(home, root, &["--password-stdin"]).stdin(input)
        });
    }
}

#[test]
fn without_a_password_the_error_names_the_options_and_nothing_is_sent() {
    for value in [None, Some("")] {
        let (home, server) = (Home::new(), Scripted::untouched());
        let program = login(&home, &server.root(), &[]).stdin("hunter2\n");
        let program = match value {
            Some(value) => program.env("PLAYCOOKIE_PASSWORD", value),
            None => program,
        };
        let ended = program.run().fails(66, "a password");
        for option in [
            "--password-stdin",
            "--password-command",
            "PLAYCOOKIE_PASSWORD",
        ] {
            assert!(ended.stderr.contains(option), "{option}: {ended:#?}");
        }
    }
}

#[test]
fn a_control_character_in_the_environment_is_refused() {
    fails(64, "password", |home, root| {
        login(home, root, &[]).env("PLAYCOOKIE_PASSWORD", "hunter2\n")
    });
}

#[test]
fn two_sources_on_the_command_line_exclude_each_other() {
    fails(64, "--password-stdin", |home, root| {
        login(
            home,
            root,
            &["--password-stdin", "--password-command", "echo hunter2"],
        )
        .stdin("hunter2\n")
    });
}

#[cfg(unix)]
mod commands {
    use super::*;

    fn command(text: &'static str) -> impl FnOnce(&Home, &str) -> Program {
        move |home, root| login(home, root, &["--password-command", text])
    }

    #[test]
    fn a_shell_runs_the_command_and_its_first_line_is_the_password() {
        for (text, password) in [
            ("printf ' pw \\r\\nurl: x\\n'", " pw "),
            ("printf pw", "pw"),
            ("X=1; echo \"$((X + 1))\" | sed s/2/two/", "two"),
            ("cat", "typed"),
        ] {
            assert_eq!(
                sent_password(|home, root| command(text)(home, root).stdin("typed\n")),
                password,
                "{text}"
            );
        }
    }

    #[test]
    fn a_command_without_a_password_fails_before_anything_is_sent() {
        for text in [
            "true",
            "echo",
            "echo; echo hunter2",
            "echo hunter2; exit 3",
            "no-such-command-hunter2 2>/dev/null",
            "printf 'hunter2\\377\\n'",
            "printf 'hunter2\\033\\n'",
            "echo hunter2; kill -KILL $$",
        ] {
            fails(66, "--password-command", command(text));
        }
    }

    #[test]
    fn standard_error_of_the_command_is_shown() {
        let (home, server) = (Home::new(), Scripted::untouched());
        let ended = command("echo locked >&2; exit 2")(&home, &server.root()).run();
        assert!(
            ended
                .fails(66, "--password-command")
                .stderr
                .contains("locked\n")
        );
    }

    #[test]
    fn the_command_gets_no_secret_and_no_variable_of_the_game() {
        let text =
            "for name in PLAYCOOKIE_PASSWORD PLAYCOOKIE_CODE TTR_PLAYCOOKIE TTR_GAMESERVER OTHER
                    do eval \"printf '%s,' \\\"\\${$name-none}\\\"\"; done";
        let output = sent_password(|home, root| {
            [
                "PLAYCOOKIE_PASSWORD",
                "PLAYCOOKIE_CODE",
                "TTR_PLAYCOOKIE",
                "TTR_GAMESERVER",
                "OTHER",
            ]
            .into_iter()
            .fold(command(text)(home, root), |program, name| {
                program.env(name, "seen")
            })
        });
        assert_eq!(output, "none,none,none,none,seen,");
    }
}

#[cfg(unix)]
#[test]
fn background_processes_of_a_command_are_not_waited_for() {
    // Some password managers start an agent that never closes its output.
    let leaves = "echo hunter2-pw; sleep 600 2>/dev/null & echo $! >agent; exit 0";
    let home = Home::new();
    let server = StandInServer::new(Scenario::default());
    let more = ["--password-command", leaves];
    login(&home, &server.root(), &more).run().exits(0);
    assert_eq!(server.requests().len(), 1);
    let agent = std::fs::read_to_string(home.path().join("agent")).expect("its process id");
    let killed = std::process::Command::new("kill")
        .arg(agent.trim())
        .status();
    assert!(
        killed.is_ok_and(|status| status.success()),
        "it was still there"
    );
}
