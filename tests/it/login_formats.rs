//! `login --format`: a shell gets exactly the bytes that the server sent.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Home, Scripted, ttr};

/// Pairs of game server and cookie with characters that are special in shells.
const PAIRS: [(&str, &str); 5] = [
    ("gameserver.example.com:7198", "deadbeefdeafbeef0x123"),
    ("it's", "''"),
    ("\\", "ends in a backslash and a quote\\'\\"),
    (
        "$(touch ran) `touch ran` ${HOME} $env:HOME",
        "; touch ran & touch ran | touch ran # %PATH% %s !! !x * ? ~ {a,b} <x >ran",
    ),
    (
        "‘a’ ‚b‛ “c” „d‟ ´e´",
        " two  spaces, \"quotes\" and ünïcödé ✓ 🍪 ",
    ),
];

fn printed(home: &Home, pair: (&str, &str), format: &[&str]) -> String {
    let server = Scripted::new([ttr::grant(pair.0, pair.1)]);
    home.ttr("login", &server.root(), format)
        .run()
        .exits(0)
        .stdout
}

#[test]
fn the_env_format_does_not_quote() {
    let home = Home::new();
    for (gameserver, cookie) in PAIRS {
        assert_eq!(
            printed(&home, (gameserver, cookie), &["--format", "env"]),
            format!("TTR_GAMESERVER={gameserver}\nTTR_PLAYCOOKIE={cookie}\n")
        );
    }
}

#[test]
fn the_json_format_is_one_object() {
    let home = Home::new();
    for (gameserver, cookie) in PAIRS {
        let text = printed(&home, (gameserver, cookie), &["--format", "json"]);
        let object: BTreeMap<String, String> = serde_json::from_str(&text).expect("JSON");
        let expected = [("TTR_GAMESERVER", gameserver), ("TTR_PLAYCOOKIE", cookie)];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(object, BTreeMap::from(expected));
    }
}

#[test]
fn the_default_format_is_for_a_posix_shell() {
    let home = Home::new();
    let sh = printed(&home, PAIRS[3], &["--format", "sh"]);
    assert_eq!(printed(&home, PAIRS[3], &[]), sh);
    assert!(sh.starts_with("export TTR_GAMESERVER='"), "{sh}");
}

#[test]
fn with_json_the_values_are_in_the_ready_event() {
    for options in [&["--json"][..], &["--json", "--format", "json"]] {
        let (home, (gameserver, cookie)) = (Home::new(), PAIRS[4]);
        let server = Scripted::new([ttr::grant(gameserver, cookie)]);
        let ended = home.ttr("login", &server.root(), options).run().exits(0);
        assert_eq!(ended.event_names(), ["login", "ready"]);
        let ready = &ended.events()[1];
        assert_eq!(
            ready["environment"],
            serde_json::json!({ "TTR_GAMESERVER": gameserver, "TTR_PLAYCOOKIE": cookie })
        );
        assert_eq!(
            (&ready["game"], &ready["account"]),
            (&"ttr".into(), &Value::Null)
        );
    }
}

#[test]
fn json_and_a_format_for_a_shell_exclude_each_other() {
    for format in ["sh", "fish", "powershell", "env"] {
        let (home, server) = (Home::new(), Scripted::untouched());
        let ended = home
            .ttr("login", &server.root(), &["--json", "--format", format])
            .run();
        assert_eq!(ended.fails(64, "--format").error_event()["reason"], "usage");
    }
}

#[test]
fn a_format_that_is_not_known_is_a_usage_error() {
    let (home, server) = (Home::new(), Scripted::untouched());
    home.ttr("login", &server.root(), &["--format", "csh"])
        .run()
        .fails(64, "--format");
}

#[cfg(unix)]
mod read_back {
    use std::process::Command;

    use super::*;
    use crate::harness::is_installed;

    /// Asserts that a shell that evaluates the file `lines` exports the variables unchanged.
    #[track_caller]
    fn assert_read_back(shell: &str, flags: &[&str], evaluate: &str, format: &str) {
        if !is_installed(shell) {
            return;
        }
        let home = Home::new();
        // A child process gets only exported variables.
        home.write(
            "show.sh",
            "printf '%s\\n%s' \"$TTR_GAMESERVER\" \"$TTR_PLAYCOOKIE\"\n",
        );
        for (gameserver, cookie) in PAIRS {
            home.write(
                "lines",
                printed(&home, (gameserver, cookie), &["--format", format]),
            );
            let mut command = Command::new(shell);
            command.args(flags).arg(format!("{evaluate}; sh show.sh"));
            command
                .env_clear()
                .env("PATH", std::env::var_os("PATH").unwrap_or_default());
            command
                .env("HOME", home.path())
                .env("LC_ALL", "C.UTF-8")
                .current_dir(home.path());
            let output = command.output().expect("the shell runs");
            let read = String::from_utf8_lossy(&output.stdout);
            assert_eq!(
                read,
                format!("{gameserver}\n{cookie}"),
                "{shell}: {output:?}"
            );
            assert!(output.stderr.is_empty(), "{shell}: {output:?}");
            assert!(
                !home.path().join("ran").exists(),
                "{shell} ran a part of a value"
            );
        }
    }

    #[test]
    fn a_posix_shell_reads_back_every_byte() {
        for shell in ["sh", "dash", "busybox", "zsh", "ksh"] {
            let flags: &[&str] = if shell == "busybox" {
                &["sh", "-c"]
            } else {
                &["-c"]
            };
            assert_read_back(shell, flags, "eval \"$(cat lines)\"", "sh");
        }
    }

    #[test]
    fn bash_reads_back_every_byte_with_and_without_history_expansion() {
        assert_read_back("bash", &["-c"], "eval \"$(cat lines)\"", "sh");
        assert_read_back(
            "bash",
            &["--norc", "-c"],
            "set -o histexpand; eval \"$(cat lines)\"",
            "sh",
        );
    }

    #[test]
    fn fish_reads_back_every_byte() {
        assert_read_back("fish", &["-c"], "cat lines | source", "fish");
    }

    #[test]
    fn powershell_reads_back_every_byte() {
        let evaluate = "Invoke-Expression (Get-Content -Raw -Encoding utf8 lines)";
        assert_read_back(
            "pwsh",
            &["-NoProfile", "-NonInteractive", "-Command"],
            evaluate,
            "powershell",
        );
    }
}
