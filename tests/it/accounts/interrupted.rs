//! Ctrl-C and a kill during changes of accounts.

use rustix::process::Signal;

use super::launcher_tokens::{REGISTER, REGISTERED, REVOKE, REVOKED, TOKEN, add, requests};
use super::stored_secrets::{ADD, run_accounts, secret_lines, stored};
use super::{PASSWORD, accounts, assert_unchanged};
use crate::harness::session::with_a_keyring;
use crate::harness::{CTRL_C, Home, Reaction, Scripted, SendSignal, wait_until};

#[test]
fn ctrl_c_while_the_file_is_locked_revokes_the_new_token() {
    with_a_keyring(
        "accounts::interrupted::ctrl_c_while_the_file_is_locked_revokes_the_new_token",
        async |session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            home.configure("");
            let _lock = super::lock(&home);
            let server = Scripted::new([REGISTERED, REVOKED].map(Reaction::json));
            let root = server.root();
            let command = format!("echo {PASSWORD}");
            let add = ["add", "ttcc", "carol", "-u", "carol", "-vv"];
            let more = ["--password-command", &command, "--api", &root];
            let add = [&add[..], &more].concat();
            let mut pty = accounts(&home, &add).on_a_terminal();
            // The program has received the token and now waits for the lock of the file.
            pty.expect("< ");
            assert_eq!(stored(), []);
            pty.keys(&[CTRL_C]);
            let ended = pty.wait().dies_of(Signal::INT);
            ended.hides(&[PASSWORD, TOKEN]);
            assert_eq!(requests(server), [REGISTER, REVOKE]);
            assert_eq!(stored(), []);
            assert_unchanged(&home, Some(""));
        },
    );
}

#[test]
fn a_secret_is_stored_after_its_entry_in_the_configuration() {
    with_a_keyring(
        "accounts::interrupted::a_secret_is_stored_after_its_entry_in_the_configuration",
        async |session| {
            let keyring = session.unlocked();
            let home = Home::new();
            let add = ["add", "ttr", "alice", "-u", "alice"];
            let mut pty = accounts(&home, &add).on_a_terminal();
            pty.expect("Password for alice");
            // The secret store was opened before, and does not answer while the password is to be stored.
            keyring.signal(Signal::STOP);
            pty.line(PASSWORD);
            pty.expect("Two-factor secret");
            pty.line("");
            wait_until("the account is in the configuration", || {
                let text = home.configuration().unwrap_or_default();
                text.contains("kept = [\"password\"]")
            });
            pty.signal(Signal::KILL);
            pty.wait().dies_of(Signal::KILL);
            keyring.signal(Signal::CONT);
            run_accounts(&home, &["remove", "alice"], "").exits(0);
            assert_eq!(stored(), []);
        },
    );
}

#[test]
fn an_entry_is_removed_from_the_configuration_after_its_secrets() {
    with_a_keyring(
        "accounts::interrupted::an_entry_is_removed_from_the_configuration_after_its_secrets",
        async |session| {
            let keyring = session.unlocked();
            let home = Home::new();
            run_accounts(&home, &ADD, &secret_lines()).exits(0);
            let before = home.configuration();
            for change in [
                &["remove", "alice"][..],
                &["edit", "alice", "-u", "eve"],
                &["edit", "alice", "--forget", "totp"],
            ] {
                let lock = super::lock(&home);
                let run = accounts(&home, change).start();
                let files = format!("/proc/{}/fd", run.pid());
                // The secret store is opened before the lock, and does not answer afterwards.
                wait_until("it waits for the lock", || {
                    let files = std::fs::read_dir(&files).into_iter().flatten().flatten();
                    let mut files = files.filter_map(|file| file.path().read_link().ok());
                    files.any(|file| file.ends_with("config.toml.lock"))
                });
                keyring.signal(Signal::STOP);
                drop(lock);
                let status = format!("/proc/{}/status", run.pid());
                wait_until("it ends", || {
                    assert_eq!(home.configuration(), before, "{change:?}");
                    let status = std::fs::read_to_string(&status).unwrap_or_default();
                    status.is_empty() || status.contains("(zombie)")
                });
                run.wait().exits(78);
                keyring.signal(Signal::CONT);
                assert_eq!(stored().len(), 2, "{change:?}");
            }
        },
    );
}

#[test]
fn a_token_is_in_the_secret_store_until_it_is_revoked() {
    with_a_keyring(
        "accounts::interrupted::a_token_is_in_the_secret_store_until_it_is_revoked",
        async |session| {
            let _keyring = session.unlocked();
            for change in [
                &["remove", "carol", "--yes"][..],
                &["edit", "carol", "--forget", "token"],
                &["edit", "carol", "-u", "eve"],
            ] {
                let home = Home::new();
                let (held, release) = Reaction::json(REVOKED).held();
                let reactions = [Reaction::json(REGISTERED), held, Reaction::json(REVOKED)];
                let server = Scripted::new(reactions);
                add(&home, &server.root()).exits(0);
                let before = home.configuration();
                let pty = accounts(&home, change).on_a_terminal();
                server.wait_for(2);
                pty.signal(Signal::KILL);
                pty.wait().dies_of(Signal::KILL);
                assert_eq!(stored()[0].1, TOKEN, "{change:?}");
                assert_unchanged(&home, before.as_deref());
                drop(release);
                run_accounts(&home, change, "").exits(0);
                assert_eq!(requests(server), [REGISTER, REVOKE, REVOKE], "{change:?}");
                assert_eq!(stored(), [], "{change:?}");
            }
        },
    );
}
