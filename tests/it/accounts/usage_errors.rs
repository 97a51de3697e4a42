//! Usage errors, which change nothing.

use super::{PASSWORD, accounts, assert_unchanged, two_accounts};
use crate::harness::{Home, RunOutput};

/// Asserts that `accounts …` with a password and a two-factor secret on standard input is a usage error that changes
/// nothing.
#[track_caller]
fn assert_usage_error(words: &[&str], error: &str) -> RunOutput {
    let home = two_accounts();
    let before = home.configuration();
    let run = |more: &[&str]| {
        let words = [words, more].concat();
        let program = accounts(&home, &words).stdin(format!("{PASSWORD}\nJBSWY3DPEHPK3PXP\n"));
        program
            .run()
            .fails(64, error)
            .hides(&[PASSWORD])
            .prints_plain_text()
    };
    assert_eq!(run(&["--json"]).error_event()["reason"], "usage");
    let ended = run(&[]);
    assert_unchanged(&home, before.as_deref());
    ended
}

#[test]
fn a_used_name_is_refused_regardless_of_case() {
    for name in ["alice", "ALICE", "Bob"] {
        assert_usage_error(&["add", "ttr", name, "-u", "x"], "remembered already");
    }
    assert_usage_error(&["edit", "alice", "--rename", "BOB"], "remembered already");
}

#[test]
fn invalid_names_and_command_words_are_refused() {
    let long = "x".repeat(65);
    for (name, words) in [
        ("play", "command"),
        ("TTR", "command"),
        ("help", "command"),
        ("status", "command"),
        ("eve@example.com", "letters"),
        ("@eve", "letters"),
        ("eve\tx", "letters"),
        ("\u{1b}[31meve", "letters"),
        ("e ve", "letters"),
        (".eve", "letters"),
        ("ève", "letters"),
        ("", "letters"),
        (&long, "64 characters"),
    ] {
        for typed in [
            &["add", "ttr", name, "-u", "x"][..],
            &["edit", "alice", "--rename", name],
            &["group", name, "alice"],
        ] {
            // A group can be named with `@`, which is not part of its name.
            if typed[0] != "group" || !name.starts_with('@') {
                let ended = assert_usage_error(typed, words);
                // Without control characters and escape sequences.
                let shown = name.replace('\t', " ").replace("\u{1b}[31m", "");
                let shown = format!("the name \"{shown}\" is invalid");
                assert!(ended.stderr.contains(&shown), "{ended:#?}");
            }
        }
    }
}

#[test]
fn an_unknown_account_is_named_and_a_similar_one_is_suggested() {
    for word in ["eve", "alcie", "alice@example.com"] {
        for typed in [
            &["edit", word, "-u", "x"][..],
            &["remove", word],
            &["group", "evening", "bob", word],
        ] {
            let error = format!("\"{word}\" is no remembered account");
            let ended = assert_usage_error(typed, &error);
            let meant = ended.hint().contains("did you mean \"alice\"?");
            assert_eq!(meant, word != "eve", "{ended:#?}");
        }
    }
    assert_usage_error(
        &["group", "evening", "--remove"],
        "there is no group @evening",
    );
}

#[test]
fn options_that_a_game_does_not_have_are_refused() {
    let ended = assert_usage_error(&["add", "scid", "eve", "-u", "x"], "Supercell ID");
    assert!(ended.hint().contains("playcookie scid login"), "{ended:#?}");
    assert_usage_error(
        &["add", "ttcc", "eve", "-u", "x", "--totp-stdin"],
        "asks for no codes",
    );
    assert_usage_error(
        &["add", "ttcc", "eve", "-u", "x", "--code-command", "x"],
        "asks for no codes",
    );
    assert_usage_error(
        &["add", "ttr", "eve", "-u", "x", "--toon-slot", "1"],
        "no toon slots",
    );
    assert_usage_error(&["edit", "bob", "--toon-slot", "1"], "no toon slots");
    assert_usage_error(
        &[
            "add",
            "ttcc",
            "eve",
            "-u",
            "x",
            "--api",
            "documented",
            "--password-stdin",
        ],
        "may not be kept",
    );
}

#[test]
fn contradictory_options_are_refused() {
    assert_usage_error(&["add", "ttr", "eve", "-u", "a\tb"], "control character");
    assert_usage_error(&["add", "ttr", "eve", "-u", ""], "username is empty");
    assert_usage_error(&["edit", "alice", "-u", "a\u{1b}b"], "control character");
    assert_usage_error(&["edit", "alice", "-u", " "], "username is empty");
    assert_usage_error(
        &["add", "ttr", "eve", "-u", "x", "--password-command", " "],
        "command is empty",
    );
    assert_usage_error(&["edit", "alice", "--code-command", ""], "command is empty");
    assert_usage_error(&["edit", "alice"], "no change");
    assert_usage_error(
        &[
            "add",
            "ttr",
            "eve",
            "-u",
            "x",
            "--password-stdin",
            "--password-command",
            "x",
        ],
        "--password-command",
    );
    assert_usage_error(
        &[
            "add",
            "ttr",
            "eve",
            "-u",
            "x",
            "--totp-stdin",
            "--code-command",
            "x",
        ],
        "--code-command",
    );
    assert_usage_error(
        &["add", "ttr", "eve", "-u", "x", "--api", "http://a.example"],
        "--api",
    );
    assert_usage_error(
        &["group", "evening", "alice", "--remove"],
        "there is no group @evening",
    );
}

#[test]
fn without_a_username_the_error_names_its_option() {
    for more in [&[][..], &["--no-input"], &["--password-stdin"]] {
        let home = Home::new();
        let words = [&["add", "ttr", "alice", "--json"], more].concat();
        let ended = accounts(&home, &words)
            .stdin("pw\n")
            .run()
            .fails(66, "a username is needed");
        assert!(ended.hint().contains("--username"), "{ended:#?}");
        assert_eq!(ended.error_event()["reason"], "input-needed");
        assert_unchanged(&home, None);
    }
}
