//! Ctrl-C during `accounts add`.

use rustix::process::Signal;

use super::launcher_tokens::{REGISTER, REGISTERED, REVOKE, REVOKED, TOKEN, requests};
use super::stored_secrets::stored;
use super::{PASSWORD, accounts, assert_unchanged};
use crate::harness::session::with_a_keyring;
use crate::harness::{CTRL_C, Home, Reaction, Scripted};

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
