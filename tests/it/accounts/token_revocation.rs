//! Launcher tokens that are no longer needed are revoked at the server and then removed.

use super::assert_unchanged;
use super::launcher_tokens::{
    REGISTER, REGISTERED, REVOKE, REVOKED, TOKEN, add, requests, run_accounts, with_carol,
};
use super::stored_secrets::stored;
use crate::harness::session::{Session, with_a_keyring};
use crate::harness::{Home, Reaction, Scripted};

#[test]
fn when_the_account_cannot_be_written_its_token_is_revoked() {
    with_a_keyring(
        "accounts::token_revocation::when_the_account_cannot_be_written_its_token_is_revoked",
        async |session: Session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let server = Scripted::new([REGISTERED, REVOKED].map(Reaction::json));
            home.block_the_configuration();
            add(&home, &server.root()).exits(74);
            assert_eq!(requests(server), [REGISTER, REVOKE]);
            assert_eq!(stored(), []);
            assert_unchanged(&home, None);
        },
    );
}

#[test]
fn a_token_is_revoked_before_it_is_removed() {
    with_carol(
        "accounts::token_revocation::a_token_is_revoked_before_it_is_removed",
        &[Reaction::json(REVOKED)],
        |home, server| {
            let ended = run_accounts(home, &["remove", "carol", "--json"]).exits(0);
            assert!(!ended.stderr.contains("warning"), "{ended:#?}");
            assert_eq!(ended.events()[0]["revoked"], true);
            assert_eq!(requests(server), [REGISTER, REVOKE]);
            assert_eq!(stored(), []);
            assert_eq!(home.configuration().as_deref(), Some(""));
        },
    );
}

#[test]
fn a_token_unknown_to_the_server_counts_as_revoked() {
    let gone = Reaction::answer(401, "application/json", r#"{"bad_token":true}"#);
    with_carol(
        "accounts::token_revocation::a_token_unknown_to_the_server_counts_as_revoked",
        &[gone],
        |home, server| {
            let ended = run_accounts(home, &["remove", "carol"]).exits(0);
            assert!(!ended.stderr.contains("warning"), "{ended:#?}");
            assert_eq!(requests(server), [REGISTER, REVOKE]);
        },
    );
}

#[test]
fn a_token_that_cannot_be_revoked_is_removed_with_a_warning() {
    with_carol(
        "accounts::token_revocation::a_token_that_cannot_be_revoked_is_removed_with_a_warning",
        &[Reaction::answer(503, "text/html", "<html>")],
        |home, server| {
            let ended = run_accounts(home, &["remove", "carol", "--json"]).exits(0);
            assert!(ended.stderr.contains("could not be revoked"), "{ended:#?}");
            assert_eq!(ended.events()[0]["removed"], "carol");
            assert_eq!(ended.events()[0]["revoked"], false);
            assert_eq!(requests(server), [REGISTER, REVOKE]);
            assert_eq!(stored(), []);
            assert_eq!(home.configuration().as_deref(), Some(""));
        },
    );
}

#[test]
fn a_token_can_be_removed_without_its_account() {
    with_carol(
        "accounts::token_revocation::a_token_can_be_removed_without_its_account",
        &[Reaction::json(REVOKED)],
        |home, server| {
            run_accounts(home, &["edit", "carol", "--forget", "token"]).exits(0);
            assert_eq!(requests(server), [REGISTER, REVOKE]);
            assert_eq!(stored(), []);
            let text = home.configuration().expect("a file");
            assert!(
                text.contains("[accounts.carol]") && !text.contains("kept"),
                "{text}"
            );
        },
    );
}

#[test]
fn a_new_password_requests_a_new_token_and_revokes_the_old_one() {
    let new = REGISTERED.replace("5ec7e7", "new");
    with_carol(
        "accounts::token_revocation::a_new_password_requests_a_new_token_and_revokes_the_old_one",
        &[Reaction::json(new), Reaction::json(REVOKED)],
        |home, server| {
            run_accounts(home, &["edit", "carol", "--password-stdin"]).exits(0);
            assert_eq!(requests(server), [REGISTER, REGISTER, REVOKE]);
            assert_eq!(stored()[0].1, "launcher-new");
        },
    );
}

#[test]
fn a_refused_new_password_keeps_the_old_token() {
    with_carol(
        "accounts::token_revocation::a_refused_new_password_keeps_the_old_token",
        &[Reaction::json(r#"{"status":false,"reason":2}"#)],
        |home, server| {
            let before = home.configuration();
            run_accounts(home, &["edit", "carol", "--password-stdin"]).exits(77);
            assert_eq!(requests(server), [REGISTER, REGISTER]);
            assert_eq!(stored()[0].1, TOKEN);
            assert_unchanged(home, before.as_deref());
        },
    );
}
