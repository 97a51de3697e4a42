//! Accounts with secrets in a real secret store.

use serde_json::json;

use super::{CODE_SECRET, NORMALIZED_CODE_SECRET, PASSWORD, accounts, assert_unchanged};
use crate::harness::session::{secrets, with_a_keyring};
use crate::harness::{Home, RunOutput};

/// Returns the label and secret of every entry of the store, sorted.
pub(super) fn stored() -> Vec<(String, String)> {
    let secrets = secrets();
    let found = secrets
        .search_items([("service", "playcookie")].into())
        .expect("entries");
    let mut stored: Vec<_> = found
        .unlocked
        .iter()
        .map(|item| {
            let label = item.get_label().expect("a label");
            let secret = item.get_secret().expect("a secret");
            (label, String::from_utf8(secret).expect("UTF-8"))
        })
        .collect();
    stored.sort();
    stored
}

/// Returns the label and secret of an entry.
pub(super) fn entry(part: &str, username: &str, origin: &str, secret: &str) -> (String, String) {
    let label = format!("playcookie: {part} of {username} ({origin})");
    (label, secret.to_owned())
}

pub(super) const TTR: &str = "ttr, https://www.toontownrewritten.com";

/// Runs `accounts …` with these lines on standard input. Asserts that no secret is printed.
pub(super) fn run_accounts(home: &Home, words: &[&str], lines: &str) -> RunOutput {
    let ended = accounts(home, words).stdin(lines).run();
    ended
        .hides(&[PASSWORD, CODE_SECRET, NORMALIZED_CODE_SECRET])
        .prints_plain_text()
}

pub(super) fn secret_lines() -> String {
    format!("{PASSWORD}\n{CODE_SECRET}\n")
}

pub(super) const ADD: [&str; 7] = [
    "add",
    "ttr",
    "alice",
    "-u",
    "alice",
    "--password-stdin",
    "--totp-stdin",
];

/// Runs `act` with an unlocked keyring that has Alice's password and two-factor secret.
pub(super) fn with_alice(test: &str, act: impl Fn(&Home)) {
    with_a_keyring(test, async |session| {
        let _keyring = session.unlocked();
        let home = Home::new();
        run_accounts(&home, &ADD, &secret_lines()).exits(0);
        act(&home);
    });
}

/// Asserts that no file of the home contains a secret.
#[track_caller]
fn assert_no_secret_in_files(home: &Home) {
    let mut folders = vec![home.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file");
            let text = String::from_utf8_lossy(&bytes).to_uppercase();
            for secret in [PASSWORD, CODE_SECRET, NORMALIZED_CODE_SECRET] {
                assert!(!text.contains(&secret.to_uppercase()), "{}", path.display());
            }
        }
    }
}

#[test]
fn the_secrets_are_in_the_store_and_in_no_file() {
    with_alice(
        "accounts::stored_secrets::the_secrets_are_in_the_store_and_in_no_file",
        |home| {
            assert_eq!(
                stored(),
                [
                    entry("password", "alice", TTR, PASSWORD),
                    entry("totp", "alice", TTR, NORMALIZED_CODE_SECRET),
                ]
            );
            assert_eq!(
                home.configuration().as_deref(),
                Some(
                    "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\nkept = [\"password\", \"totp\"]\n"
                )
            );
            let ended = run_accounts(home, &["list"], "").exits(0);
            assert!(
                ended.stdout.contains("password, two-factor secret"),
                "{ended:#?}"
            );
            assert_no_secret_in_files(home);
        },
    );
}

#[test]
fn each_secret_is_stored_separately_and_per_server() {
    with_a_keyring(
        "accounts::stored_secrets::each_secret_is_stored_separately_and_per_server",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let add = |words: &[&str], lines: &str| {
                let words = [&["add"], words, &["--json"]].concat();
                let ended = run_accounts(&home, &words, lines).exits(0);
                ended.events().remove(0)["kept"].clone()
            };
            let uri = "otpauth://totp/TLOPO:bob?secret=jbswy3dpehpk3pxp&issuer=TLOPO\n";
            let kept = add(&["tlopo", "bob", "-u", "bob", "--totp-stdin"], uri);
            assert_eq!(kept, json!(["totp"]));
            let root = "http://127.0.0.1:9";
            let there = [
                "ttr",
                "bob2",
                "-u",
                "bob",
                "--password-stdin",
                "--api",
                root,
            ];
            assert_eq!(add(&there, "other pw\n"), json!(["password"]));
            let here = ["ttr", "bob3", "-u", "bob", "--password-stdin"];
            // The line end `\r\n` is removed; spaces are part of the password.
            assert_eq!(add(&here, "\u{feff} pw \r\n"), json!(["password"]));
            assert_eq!(
                stored(),
                [
                    entry("password", "bob", &format!("ttr, {root}"), "other pw"),
                    entry("password", "bob", TTR, " pw "),
                    entry(
                        "totp",
                        "bob",
                        "tlopo, https://api.tlopo.com",
                        NORMALIZED_CODE_SECRET
                    ),
                ]
            );
        },
    );
}

#[test]
fn an_invalid_two_factor_secret_is_refused_and_nothing_is_stored() {
    with_a_keyring(
        "accounts::stored_secrets::an_invalid_two_factor_secret_is_refused_and_nothing_is_stored",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            for (line, words) in [
                ("739154", "that is a two-factor code"),
                ("739 154", "that is a two-factor code"),
                ("hunter2!", "not base32"),
                ("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP", "counter-based"),
                ("https://hunter2.example", "not base32"),
            ] {
                let lines = format!("{PASSWORD}\n{line}\n");
                let ended = run_accounts(&home, &[&ADD[..], &["--json"]].concat(), &lines);
                let ended = ended.exits(64).hides(&[line, "hunter2"]);
                assert_eq!(ended.error_event()["reason"], "usage");
                assert!(ended.error().contains(words), "{ended:#?}");
                assert_unchanged(&home, None);
                assert_eq!(stored(), []);
            }
        },
    );
}

#[test]
fn a_missing_or_empty_line_is_an_error() {
    with_a_keyring(
        "accounts::stored_secrets::a_missing_or_empty_line_is_an_error",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            for (lines, what) in [
                ("", "the password"),
                ("\n", "the password"),
                ("\nJBSWY3DPEHPK3PXP\n", "the password"),
                (PASSWORD, "the two-factor secret"),
                ("hunter2-5ec7e7\n\n", "the two-factor secret"),
            ] {
                let ended = run_accounts(&home, &ADD, lines).fails(66, what);
                assert!(ended.hint().contains("a line of its own"), "{ended:#?}");
                assert_unchanged(&home, None);
                assert_eq!(stored(), []);
            }
            run_accounts(&home, &ADD, &"x".repeat(5000)).fails(64, "longer than");
            run_accounts(&home, &ADD, "a\tb\n").fails(64, "plain text");
            assert_eq!(stored(), []);
        },
    );
}

#[test]
fn a_secret_is_replaced_or_unchanged() {
    with_alice(
        "accounts::stored_secrets::a_secret_is_replaced_or_unchanged",
        |home| {
            let before = home.configuration();
            run_accounts(home, &["edit", "alice", "--password-stdin"], "new pw\n").exits(0);
            assert_eq!(
                stored(),
                [
                    entry("password", "alice", TTR, "new pw"),
                    entry("totp", "alice", TTR, NORMALIZED_CODE_SECRET),
                ]
            );
            run_accounts(
                home,
                &["edit", "alice", "--totp-stdin"],
                "GEZDGNBVGY3TQOJQ\n",
            )
            .exits(0);
            assert_eq!(stored()[1].1, "GEZDGNBVGY3TQOJQ");
            assert_eq!(home.configuration(), before);
            run_accounts(home, &["edit", "alice", "--rename", "eve"], "").exits(0);
            assert_eq!(stored().len(), 2);
        },
    );
}
