//! A change happens completely or not at all: a late failure leaves store and file unchanged.

use super::launcher_tokens::{REGISTER, requests, with_carol};
use super::stored_secrets::{ADD, run_accounts, secret_lines, stored, with_alice};
use super::{PASSWORD, accounts, assert_unchanged};
use crate::harness::Home;
use crate::harness::session::with_a_keyring;

/// Asserts that this edit of Alice fails with this status and changes none of her secrets.
fn assert_edit_changes_nothing(test: &str, words: &[&str], lines: &str, status: i32) {
    with_alice(test, |home| {
        let (before, secrets) = (home.configuration(), stored());
        let words = [&["edit", "alice"], words].concat();
        run_accounts(home, &words, lines).exits(status);
        assert_eq!(stored(), secrets);
        assert_unchanged(home, before.as_deref());
    });
}

#[test]
fn an_edit_without_the_announced_password_removes_no_secret() {
    assert_edit_changes_nothing(
        "accounts::atomicity::an_edit_without_the_announced_password_removes_no_secret",
        &["-u", "eve", "--password-stdin"],
        "\n",
        66,
    );
}

#[test]
fn an_edit_with_an_invalid_two_factor_secret_removes_no_secret() {
    assert_edit_changes_nothing(
        "accounts::atomicity::an_edit_with_an_invalid_two_factor_secret_removes_no_secret",
        &["--forget", "password", "--totp-stdin"],
        "739154\n",
        64,
    );
}

#[test]
fn an_edit_that_waits_too_long_for_the_lock_removes_no_secret() {
    with_alice(
        "accounts::atomicity::an_edit_that_waits_too_long_for_the_lock_removes_no_secret",
        |home| {
            let (before, secrets) = (home.configuration(), stored());
            let _lock = super::lock(home);
            for words in [&["-u", "eve"][..], &["--forget", "password"]] {
                run_accounts(home, &[&["edit", "alice"], words].concat(), "").exits(75);
            }
            run_accounts(home, &["edit", "alice", "--password-stdin"], "new pw\n").exits(75);
            assert_eq!(stored(), secrets);
            assert_unchanged(home, before.as_deref());
        },
    );
}

#[test]
fn an_edit_that_cannot_be_written_changes_no_secret() {
    with_alice(
        "accounts::atomicity::an_edit_that_cannot_be_written_changes_no_secret",
        |home| {
            let (before, secrets) = (home.configuration(), stored());
            home.block_the_configuration();
            let ended = run_accounts(home, &["edit", "alice", "-u", "eve"], "").exits(74);
            // A file that was not written is not restored either, which would fail again.
            assert!(!ended.stderr.contains("warning"), "{ended:#?}");
            let edit = ["edit", "alice", "--forget", "totp", "--password-stdin"];
            run_accounts(home, &edit, "new pw\n").exits(74);
            assert_eq!(stored(), secrets);
            assert_unchanged(home, before.as_deref());
        },
    );
}

#[test]
fn an_edit_that_cannot_be_written_stores_no_secret() {
    with_a_keyring(
        "accounts::atomicity::an_edit_that_cannot_be_written_stores_no_secret",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let add = ["add", "ttr", "alice", "-u", "alice"];
            accounts(&home, &add).run().exits(0);
            let before = home.configuration();
            home.block_the_configuration();
            run_accounts(&home, &["edit", "alice", "--password-stdin"], "pw\n").exits(74);
            assert_eq!(stored(), []);
            assert_unchanged(&home, before.as_deref());
        },
    );
}

#[test]
fn when_the_two_factor_secret_is_too_long_the_password_is_not_stored() {
    with_a_keyring(
        "accounts::atomicity::when_the_two_factor_secret_is_too_long_the_password_is_not_stored",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let lines = format!("{PASSWORD}\n{}\n", "JBSWY3DP".repeat(400));
            run_accounts(&home, &ADD, &lines).exits(78);
            assert_eq!(stored(), []);
            assert_unchanged(&home, None);
            // The same account can be added with a valid secret.
            run_accounts(&home, &ADD, &secret_lines()).exits(0);
        },
    );
}

#[test]
fn a_new_username_without_the_announced_password_keeps_the_token() {
    with_carol(
        "accounts::atomicity::a_new_username_without_the_announced_password_keeps_the_token",
        &[],
        |home, server| {
            let (before, secrets) = (home.configuration(), stored());
            let edit = ["edit", "carol", "-u", "eve", "--password-stdin"];
            run_accounts(home, &edit, "\n").exits(66);
            assert_eq!(requests(server), [REGISTER]);
            assert_eq!(stored(), secrets);
            assert_unchanged(home, before.as_deref());
        },
    );
}

#[test]
fn a_removal_that_cannot_be_written_removes_no_secret() {
    with_alice(
        "accounts::atomicity::a_removal_that_cannot_be_written_removes_no_secret",
        |home| {
            let (before, secrets) = (home.configuration(), stored());
            home.block_the_configuration();
            run_accounts(home, &["remove", "alice"], "").fails(74, "cannot be written");
            assert_eq!(stored(), secrets);
            assert_eq!(home.configuration(), before);
        },
    );
}
