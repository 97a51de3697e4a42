//! A username can be added only once per game and server, because two accounts would share their secrets.

use super::stored_secrets::{TTR, entry, run_accounts, stored, with_alice};
use super::{accounts, assert_unchanged, list};
use crate::harness::session::with_a_keyring;
use crate::harness::{Home, Pty};

#[test]
fn a_configured_username_is_not_added_again() {
    with_alice(
        "accounts::duplicates::a_configured_username_is_not_added_again",
        |home| {
            let (before, secrets) = (home.configuration(), stored());
            let add = ["add", "ttr", "again", "-u", "alice"];
            let current = ["--api", "current"];
            for more in [&[][..], &["--password-stdin"], &current] {
                let words = [&add[..], more].concat();
                let ended = run_accounts(home, &words, "mistyped\n");
                let ended = ended.fails(64, "remembered already, as \"alice\"");
                assert!(ended.hint().contains("accounts edit alice"), "{ended:#?}");
                assert_eq!(stored(), secrets);
                assert_unchanged(home, before.as_deref());
            }
            // An account that takes Alice's username would also get her secrets.
            run_accounts(home, &["add", "ttr", "eve", "-u", "eve"], "").exits(0);
            run_accounts(home, &["edit", "eve", "-u", "alice"], "").fails(64, "as \"alice\"");
            assert_eq!(stored(), secrets);
        },
    );
}

/// Runs `accounts add ttr NAME -u alice` up to the password prompt.
#[track_caller]
fn start_add(home: &Home, name: &str) -> Pty {
    let add = ["add", "ttr", name, "-u", "alice", "--password-stdin"];
    let mut pty = accounts(home, &add).on_a_terminal();
    pty.expect("Password: ");
    pty.wait_until_hidden();
    pty
}

#[test]
fn the_second_addition_of_a_username_is_refused_and_the_first_password_kept() {
    with_a_keyring(
        "accounts::duplicates::the_second_addition_of_a_username_is_refused_and_the_first_password_kept",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            // Neither run found Alice's username in the configuration when it started.
            let (mut first, mut second) = (start_add(&home, "first"), start_add(&home, "second"));
            first.line("pw of the first");
            first.wait().exits(0);
            let before = home.configuration();
            second.line("pw of the second");
            second.wait().fails(64, "remembered already, as \"first\"");
            assert_eq!(
                stored(),
                [entry("password", "alice", TTR, "pw of the first")]
            );
            assert_unchanged(&home, before.as_deref());
        },
    );
}

#[test]
fn of_concurrent_additions_of_a_username_one_succeeds_with_its_password() {
    with_a_keyring(
        "accounts::duplicates::of_concurrent_additions_of_a_username_one_succeeds_with_its_password",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let names = ["one", "two", "three", "four"];
            let mut prompts = names.map(|name| start_add(&home, name));
            for (pty, name) in prompts.iter_mut().zip(names) {
                pty.line(&format!("pw-{name}"));
            }
            let ended = prompts.map(|pty| pty.wait().status.code());
            let [[winner, ..]] = &list(&home)[..] else {
                panic!("one account: {:?}", home.configuration())
            };
            for (name, status) in names.iter().zip(ended) {
                assert_eq!(status, Some(if name == winner { 0 } else { 64 }), "{name}");
            }
            let password = format!("pw-{winner}");
            assert_eq!(stored(), [entry("password", "alice", TTR, &password)]);
        },
    );
}
