//! Secret stores that fail: each has its own error, and no account is added partially.

use std::time::{Duration, Instant};

use super::{PASSWORD, accounts, assert_unchanged};
use crate::harness::session::{lock, on_a_bus, silent_store, with_a_keyring};
use crate::harness::{Home, RunOutput};

/// Asserts that `accounts add` with secrets on standard input fails and changes nothing.
#[track_caller]
fn add_fails(words: &str) -> RunOutput {
    let home = Home::new();
    for (game, secret) in [
        ("ttr", "--totp-stdin"),
        ("tlopo", "--password-stdin"),
        ("ttcc", "--password-stdin"),
    ] {
        let typed = [
            "add",
            game,
            "alice",
            "-u",
            "alice",
            secret,
            "--json",
            "--api",
            "http://127.0.0.1:1",
        ];
        let ended = accounts(&home, &typed).stdin(format!("{PASSWORD}\n")).run();
        let ended = ended.fails(78, words).hides(&[PASSWORD]);
        assert_eq!(ended.error_event()["reason"], "secret-store");
        assert!(ended.hint().contains("--password-command"), "{ended:#?}");
        assert_unchanged(&home, None);
    }
    let typed = ["add", "ttr", "alice", "-u", "alice", "--password-stdin"];
    accounts(&home, &typed).stdin("pw\n").run().fails(78, words)
}

#[test]
fn without_a_store_nothing_is_stored() {
    add_fails("no secret store was found");
    on_a_bus(
        "accounts::store_errors::without_a_store_nothing_is_stored",
        async |_| {
            add_fails("no secret store was found");
        },
    );
}

#[test]
fn a_locked_store_is_reported_as_locked() {
    with_a_keyring(
        "accounts::store_errors::a_locked_store_is_reported_as_locked",
        async |session| {
            let _keyring = session.unlocked();
            lock();
            let ended = add_fails("is locked");
            assert!(ended.hint().contains("unlock"), "{ended:#?}");
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn a_store_that_does_not_answer_times_out() {
    on_a_bus(
        "accounts::store_errors::a_store_that_does_not_answer_times_out",
        async |_| {
            let _service = silent_store();
            let began = Instant::now();
            let home = Home::new();
            let typed = ["add", "tlopo", "bob", "-u", "bob", "--password-stdin"];
            let ended = accounts(&home, &typed).stdin("pw\n").run();
            ended.fails(78, "did not answer in time");
            // The limit is 3 s. The rest is for a slow machine.
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{:?}",
                began.elapsed()
            );
            assert_unchanged(&home, None);
        },
    );
}

#[test]
fn accounts_without_secrets_need_no_store() {
    let home = Home::new();
    for words in [
        &[
            "add",
            "ttr",
            "alice",
            "-u",
            "alice",
            "--password-command",
            "pass",
        ][..],
        &["add", "tlopo", "bob", "-u", "bob"],
        &["list"],
        &["edit", "alice", "--code-command", "x", "--rename", "eve"],
        &["group", "evening", "eve"],
        &["remove", "eve", "bob"],
    ] {
        accounts(&home, words).run().exits(0);
    }
}

#[test]
fn without_the_store_stored_secrets_are_not_removed() {
    let home = Home::new();
    let text = "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\nkept = [\"password\"]\n";
    home.configure(text);
    for words in [
        &["remove", "alice"][..],
        &["edit", "alice", "--forget", "password"],
        &["edit", "alice", "-u", "eve"],
    ] {
        accounts(&home, words)
            .run()
            .fails(78, "no secret store was found");
        assert_unchanged(&home, Some(text));
    }
}

#[test]
fn a_username_is_changed_at_prompts_without_a_store() {
    let home = super::two_accounts();
    let mut pty = accounts(&home, &["edit", "alice"])
        .env(super::BUS, "unix:path=/nowhere")
        .on_a_terminal();
    pty.expect("Username (Enter for alice@example.com): ");
    pty.line("eve");
    pty.expect("so no secret can be changed");
    pty.wait().exits(0);
    assert_eq!(super::list(&home)[0], ["alice", "ttr", "eve"]);
    // Without prompts, an option that needs the store fails as before.
    let ended = accounts(&home, &["edit", "alice", "--password-stdin"])
        .env(super::BUS, "unix:path=/nowhere")
        .stdin("hunter2-pw\n")
        .run();
    ended.fails(78, "secret store");
}
