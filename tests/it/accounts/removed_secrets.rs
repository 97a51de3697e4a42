//! Removing secrets from the store.

use serde_json::json;

use super::stored_secrets::{ADD, TTR, entry, run_accounts, secret_lines, stored, with_alice};
use super::{PASSWORD, assert_unchanged, list};
use crate::harness::Home;
use crate::harness::session::with_a_keyring;

#[test]
fn one_secret_is_removed_without_the_other() {
    with_alice(
        "accounts::removed_secrets::one_secret_is_removed_without_the_other",
        |home| {
            let edit = |words: &[&str]| {
                let words = [&["edit", "alice", "--json"], words].concat();
                run_accounts(home, &words, "").exits(0).events().remove(0)["kept"].clone()
            };
            assert_eq!(edit(&["--forget", "totp"]), json!(["password"]));
            assert_eq!(stored(), [entry("password", "alice", TTR, PASSWORD)]);
            assert_eq!(edit(&["--password-command", "pass alice"]), json!([]));
            assert_eq!(stored(), []);
            let text = home.configuration().expect("a file");
            assert!(
                !text.contains("kept") && text.contains("password-command"),
                "{text}"
            );
            run_accounts(home, &["edit", "alice", "--password-stdin"], "pw\n").exits(0);
            let text = home.configuration().expect("a file");
            assert!(
                text.contains("kept = [\"password\"]") && !text.contains("password-command"),
                "{text}"
            );
        },
    );
}

#[test]
fn each_removed_secret_is_listed_once() {
    with_a_keyring(
        "accounts::removed_secrets::each_removed_secret_is_listed_once",
        async |session| {
            let _keyring = session.unlocked();
            for more in [&["--forget", "password"][..], &["-u", "eve"]] {
                let home = Home::new();
                run_accounts(&home, &ADD, &secret_lines()).exits(0);
                let forget = ["edit", "alice", "--forget", "password", "--forget", "totp"];
                let ended = run_accounts(&home, &[&forget, more].concat(), "").exits(0);
                let listed = "no longer stored: password, two-factor secret\n";
                assert!(ended.stderr.ends_with(listed), "{ended:#?}");
                assert_eq!(stored(), []);
            }
        },
    );
}

#[test]
fn a_new_username_or_server_removes_the_secrets() {
    with_a_keyring(
        "accounts::removed_secrets::a_new_username_or_server_removes_the_secrets",
        async |session| {
            let _keyring = session.unlocked();
            for (option, value) in [("username", "eve"), ("api", "http://127.0.0.1:9")] {
                let home = Home::new();
                run_accounts(&home, &ADD, &secret_lines()).exits(0);
                let typed =
                    run_accounts(&home, &["edit", "alice", &format!("--{option}"), value], "");
                typed.exits(0);
                assert_eq!(stored(), []);
                let text = home.configuration().expect("a file");
                let line = format!("{option} = \"{value}\"");
                assert!(text.contains(&line) && !text.contains("kept"), "{text}");
            }
        },
    );
}

#[test]
fn removing_an_account_removes_its_secrets() {
    with_alice(
        "accounts::removed_secrets::removing_an_account_removes_its_secrets",
        |home| {
            run_accounts(
                home,
                &["add", "tlopo", "bob", "-u", "bob", "--password-stdin"],
                "pw\n",
            )
            .exits(0);
            run_accounts(home, &["remove", "alice"], "").exits(0);
            assert_eq!(
                stored(),
                [entry(
                    "password",
                    "bob",
                    "tlopo, https://api.tlopo.com",
                    "pw"
                )]
            );
            assert_eq!(list(home), [["bob", "tlopo", "bob"]]);
        },
    );
}

#[test]
fn a_secret_shared_by_two_accounts_is_kept_for_the_other() {
    with_alice(
        "accounts::removed_secrets::a_secret_shared_by_two_accounts_is_kept_for_the_other",
        |home| {
            let again = ["add", "ttr", "again", "-u", "alice", "--password-stdin"];
            run_accounts(home, &again, &secret_lines()).fails(64, "as \"alice\"");
            // An account written by hand can share the secret.
            let both = home.configuration().expect("a file");
            home.configure(format!("{both}\n{}", both.replace("alice]", "again]")));
            run_accounts(home, &["remove", "again"], "").exits(0);
            assert_eq!(stored().len(), 2);
            run_accounts(home, &["remove", "alice"], "").exits(0);
            assert_eq!(stored(), []);
        },
    );
}

#[test]
fn when_the_account_cannot_be_written_its_secrets_are_removed() {
    with_a_keyring(
        "accounts::removed_secrets::when_the_account_cannot_be_written_its_secrets_are_removed",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            home.block_the_configuration();
            run_accounts(&home, &ADD, &secret_lines()).fails(74, "cannot be written");
            assert_eq!(stored(), []);
            assert_unchanged(&home, None);
        },
    );
}

#[test]
fn a_new_username_reports_the_removed_secrets() {
    with_alice(
        "accounts::removed_secrets::a_new_username_reports_the_removed_secrets",
        |home| {
            let ended = run_accounts(home, &["edit", "alice", "-u", "new"], "").exits(0);
            assert!(
                ended
                    .stderr
                    .contains("no longer stored: password, two-factor secret"),
                "{ended:#?}"
            );
            assert_eq!(stored(), []);
            // There is no stored secret left to report.
            let ended = run_accounts(home, &["edit", "alice", "-u", "newer"], "").exits(0);
            assert!(!ended.stderr.contains("no longer"), "{ended:#?}");
        },
    );
}

#[test]
fn naming_the_default_interface_keeps_the_secrets() {
    with_alice(
        "accounts::removed_secrets::naming_the_default_interface_keeps_the_secrets",
        |home| {
            run_accounts(home, &["edit", "alice", "--api", "current"], "").exits(0);
            assert_eq!(stored().len(), 2);
            let text = home.configuration().expect("a file");
            assert!(text.contains("kept = [\"password\", \"totp\"]"), "{text}");
        },
    );
}

#[test]
fn an_account_at_another_server_has_its_own_secrets() {
    with_alice(
        "accounts::removed_secrets::an_account_at_another_server_has_its_own_secrets",
        |home| {
            let before = stored();
            let api = ["--password-stdin", "--api", "http://127.0.0.1:9"];
            let add = [&["add", "ttr", "test", "-u", "alice"], &api[..]].concat();
            run_accounts(home, &add, "pw there\n").exits(0);
            assert_eq!(stored().len(), 3);
            run_accounts(home, &["remove", "test"], "").exits(0);
            assert_eq!(stored(), before);
        },
    );
}
