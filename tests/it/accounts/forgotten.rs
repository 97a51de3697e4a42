//! Secrets that the store is to keep no longer.

use serde_json::json;

use super::kept::{ADD, TTR, both_lines, entry, stored, typed, with_alice};
use super::{PASSWORD, listed, unchanged};
use crate::harness::Home;
use crate::harness::session::with_a_keyring;

#[test]
fn a_secret_is_forgotten_alone() {
    with_alice("accounts::forgotten::a_secret_is_forgotten_alone", |home| {
        let edit = |words: &[&str]| {
            let words = [&["edit", "alice", "--json"], words].concat();
            typed(home, &words, "").exits(0).events().remove(0)["kept"].clone()
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
        typed(home, &["edit", "alice", "--password-stdin"], "pw\n").exits(0);
        let text = home.configuration().expect("a file");
        assert!(
            text.contains("kept = [\"password\"]") && !text.contains("password-command"),
            "{text}"
        );
    });
}

#[test]
fn secrets_do_not_go_to_another_username_or_server() {
    with_a_keyring(
        "accounts::forgotten::secrets_do_not_go_to_another_username_or_server",
        async |session| {
            let _keyring = session.unlocked();
            for (option, value) in [("username", "eve"), ("api", "http://127.0.0.1:9")] {
                let home = Home::new();
                typed(&home, &ADD, &both_lines()).exits(0);
                let typed = typed(&home, &["edit", "alice", &format!("--{option}"), value], "");
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
fn with_an_account_its_secrets_go() {
    with_alice(
        "accounts::forgotten::with_an_account_its_secrets_go",
        |home| {
            typed(
                home,
                &["add", "tlopo", "bob", "-u", "bob", "--password-stdin"],
                "pw\n",
            )
            .exits(0);
            typed(home, &["remove", "alice"], "").exits(0);
            assert_eq!(
                stored(),
                [entry(
                    "password",
                    "bob",
                    "tlopo, https://api.tlopo.com",
                    "pw"
                )]
            );
            assert_eq!(listed(home), [["bob", "tlopo", "bob"]]);
        },
    );
}

#[test]
fn a_secret_of_two_accounts_stays_for_the_other() {
    with_alice(
        "accounts::forgotten::a_secret_of_two_accounts_stays_for_the_other",
        |home| {
            let again = ["add", "ttr", "again", "-u", "alice", "--password-stdin"];
            typed(home, &again, &both_lines()).fails(64, "as \"alice\"");
            // Who writes it by hand has it.
            let both = home.configuration().expect("a file");
            home.configure(format!("{both}\n{}", both.replace("alice]", "again]")));
            typed(home, &["remove", "again"], "").exits(0);
            assert_eq!(stored().len(), 2);
            typed(home, &["remove", "alice"], "").exits(0);
            assert_eq!(stored(), []);
        },
    );
}

#[test]
fn when_the_account_cannot_be_written_down_its_secrets_are_not_left() {
    with_a_keyring(
        "accounts::forgotten::when_the_account_cannot_be_written_down_its_secrets_are_not_left",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            home.block_the_configuration();
            typed(&home, &ADD, &both_lines()).fails(74, "cannot be written");
            assert_eq!(stored(), []);
            unchanged(&home, None);
        },
    );
}

#[test]
fn what_another_username_leaves_behind_is_named() {
    with_alice(
        "accounts::forgotten::what_another_username_leaves_behind_is_named",
        |home| {
            let ended = typed(home, &["edit", "alice", "-u", "new"], "").exits(0);
            assert!(
                ended
                    .stderr
                    .contains("no longer kept: password, two-factor secret"),
                "{ended:#?}"
            );
            assert_eq!(stored(), []);
            // Nothing is left that could be.
            let ended = typed(home, &["edit", "alice", "-u", "newer"], "").exits(0);
            assert!(!ended.stderr.contains("no longer"), "{ended:#?}");
        },
    );
}

#[test]
fn the_usual_interface_is_no_other_place() {
    with_alice(
        "accounts::forgotten::the_usual_interface_is_no_other_place",
        |home| {
            typed(home, &["edit", "alice", "--api", "current"], "").exits(0);
            assert_eq!(stored().len(), 2);
            let text = home.configuration().expect("a file");
            assert!(text.contains("kept = [\"password\", \"totp\"]"), "{text}");
        },
    );
}

#[test]
fn an_account_at_another_server_shares_nothing() {
    with_alice(
        "accounts::forgotten::an_account_at_another_server_shares_nothing",
        |home| {
            let before = stored();
            let api = ["--password-stdin", "--api", "http://127.0.0.1:9"];
            let add = [&["add", "ttr", "test", "-u", "alice"], &api[..]].concat();
            typed(home, &add, "pw there\n").exits(0);
            assert_eq!(stored().len(), 3);
            typed(home, &["remove", "test"], "").exits(0);
            assert_eq!(stored(), before);
        },
    );
}
