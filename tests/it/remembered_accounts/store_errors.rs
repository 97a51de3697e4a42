//! Failing secret stores, with which nothing is sent.

use super::*;
use crate::harness::session::{lock, on_a_bus, silent_store, with_a_keyring};

/// Asserts that `ttr login alice` and `--save` fail with `words` about the store before anything is sent.
#[track_caller]
fn assert_store_needed(home: &Home, words: &str) {
    let server = Scripted::untouched();
    let kept = login(home, "ttr", &server.root(), &["alice", "--json"]);
    let saved = ["-u", "bob", "--password-stdin", "--save", "--json"];
    let saved = login(home, "ttr", &server.root(), &saved).stdin("hunter2-pw\n");
    for program in [kept, saved] {
        let ended = program.run().fails(78, words);
        assert_eq!(ended.error_event()["reason"], "secret-store");
        let (_, hint) = ended.error_and_hint();
        assert!(hint.contains("--password-command"), "{hint}");
    }
    assert_eq!(home.configuration().unwrap_or_default(), alice());
}

#[test]
fn a_locked_store_fails_before_anything_is_sent() {
    let name = "remembered_accounts::store_errors::a_locked_store_fails_before_anything_is_sent";
    with_a_keyring(name, async |session| {
        let _keyring = session.unlocked();
        lock();
        let home = Home::new();
        home.configure(alice());
        assert_store_needed(&home, "locked");
    });
}

#[test]
fn a_bus_without_a_store_fails_before_anything_is_sent() {
    let name =
        "remembered_accounts::store_errors::a_bus_without_a_store_fails_before_anything_is_sent";
    on_a_bus(name, async |_| {
        let home = Home::new();
        home.configure(alice());
        assert_store_needed(&home, "no secret store");
    });
}

#[test]
fn a_silent_store_fails_before_anything_is_sent() {
    let name = "remembered_accounts::store_errors::a_silent_store_fails_before_anything_is_sent";
    on_a_bus(name, async |_| {
        let _silent = silent_store();
        let home = Home::new();
        home.configure(alice());
        assert_store_needed(&home, "did not answer");
    });
}

#[test]
fn an_account_with_a_password_command_needs_no_store() {
    let (home, server) = (Home::new(), Scripted::new([partial("t1"), granted()]));
    let root = server.root();
    let own = format!(
        "api = \"{root}\"\npassword-command = \"echo hunter2-pw\"\ncode-command = \"echo 123456\""
    );
    home.configure(account("alice", "ttr", "alice-u", &own));
    let login = ["ttr", "login", "alice", "--api", &server.root()];
    home.program(&login).run().exits(0);
    let requests = server.finish();
    assert_eq!(requests[0].body, "username=alice-u&password=hunter2-pw");
    assert_eq!(requests[1].body, "appToken=123456&authToken=t1");
}

#[test]
fn a_password_given_for_the_run_needs_no_store() {
    let (home, server) = (Home::new(), Scripted::new([granted()]));
    home.configure(alice());
    let login = ["ttr", "login", "alice", "--api", &server.root()];
    home.program(&login)
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .run()
        .exits(0);
    assert_eq!(
        server.finish()[0].body,
        "username=alice-u&password=hunter2-pw"
    );
}
