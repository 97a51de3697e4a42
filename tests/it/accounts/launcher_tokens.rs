//! Accounts of Corporate Clash, for which a launcher token is requested at once and stored instead of the password.

use super::stored_secrets::stored;
use super::{PASSWORD, accounts, assert_unchanged};
use crate::harness::session::{Session, with_a_keyring};
use crate::harness::{ClosedPort, Home, Reaction, RunOutput, Scripted};

pub(super) const TOKEN: &str = "launcher-5ec7e7";
pub(super) const REGISTERED: &str = r#"{"status":true,"reason":1000,"toonstep":false,"message":"","token":"launcher-5ec7e7","id":1}"#;
pub(super) const REVOKED: &str = r#"{"status":true,"bad_token":false}"#;
pub(super) const REGISTER: &str = "POST /api/launcher/v1/register HTTP/1.1";
pub(super) const REVOKE: &str = "POST /api/launcher/v1/revoke_self HTTP/1.1";

/// Runs `accounts …` with the password on standard input. Asserts that neither password nor token is printed.
pub(super) fn run_accounts(home: &Home, words: &[&str]) -> RunOutput {
    let program = accounts(home, words).stdin(format!("{PASSWORD}\n"));
    program.run().hides(&[PASSWORD, TOKEN]).prints_plain_text()
}

/// Runs `accounts add ttcc carol …` with the password on standard input.
pub(super) fn add(home: &Home, root: &str) -> RunOutput {
    let words = [
        "add",
        "ttcc",
        "carol",
        "-u",
        "carol",
        "--password-stdin",
        "--json",
        "-vv",
    ];
    run_accounts(home, &[&words[..], &["--api", root]].concat())
}

/// Runs `act` with Carol's token in the store and a server with these further reactions.
pub(super) fn with_carol(test: &str, reactions: &[Reaction], act: impl Fn(&Home, Scripted)) {
    with_a_keyring(test, async |session: Session| {
        let _keyring = session.unlocked();
        let registered = [Reaction::json(REGISTERED)];
        let server = Scripted::new(registered.iter().chain(reactions).cloned());
        let home = Home::new();
        add(&home, &server.root()).exits(0);
        act(&home, server);
    });
}

/// Returns the paths of the requests. Asserts that each except a registration has the token.
#[track_caller]
pub(super) fn requests(server: Scripted) -> Vec<String> {
    let requests = server.finish().into_iter();
    requests
        .map(|request| {
            let bearer = format!("Bearer {TOKEN}");
            let token = (request.line != REGISTER).then_some(bearer.as_str());
            assert_eq!(request.header("authorization"), token);
            request.line
        })
        .collect()
}

#[test]
fn the_token_is_stored_and_the_password_is_not() {
    with_carol(
        "accounts::launcher_tokens::the_token_is_stored_and_the_password_is_not",
        &[],
        |home, server| {
            let root = server.root();
            let label = format!("playcookie: token of carol (ttcc, {root})");
            assert_eq!(stored(), [(label, TOKEN.to_owned())]);
            let account = format!(
                "[accounts.carol]\ngame = \"ttcc\"\nusername = \"carol\"\nkept = [\"token\"]\napi = \"{root}\"\n"
            );
            assert_eq!(home.configuration(), Some(account));
            let [request] = &server.finish()[..] else {
                panic!("one request")
            };
            assert_eq!(request.line, REGISTER);
            let body: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
            assert_eq!(
                (&body["username"], &body["password"]),
                (&"carol".into(), &PASSWORD.into())
            );
        },
    );
}

#[test]
fn a_password_command_is_used_for_the_token_and_kept() {
    with_a_keyring(
        "accounts::launcher_tokens::a_password_command_is_used_for_the_token_and_kept",
        async |session: Session| {
            let _keyring = session.unlocked();
            let (home, server) = (Home::new(), Scripted::new([Reaction::json(REGISTERED)]));
            let command = "echo from-a-command";
            let root = server.root();
            let words = [
                "add",
                "ttcc",
                "carol",
                "-u",
                "carol",
                "--password-command",
                command,
            ];
            run_accounts(&home, &[&words[..], &["--api", &root]].concat()).exits(0);
            let text = home.configuration().expect("a file");
            assert!(
                text.contains(command) && text.contains("kept = [\"token\"]"),
                "{text}"
            );
            assert!(server.finish()[0].body.contains("from-a-command"));
        },
    );
}

#[test]
fn a_refused_registration_adds_no_account() {
    with_a_keyring(
        "accounts::launcher_tokens::a_refused_registration_adds_no_account",
        async |session: Session| {
            let _keyring = session.unlocked();
            for (answer, status, reason) in [
                (r#"{"status":false,"reason":2}"#, 77, "credentials"),
                (r#"{"status":false,"reason":1003}"#, 77, "account"),
                (r#"{"status":false,"toonstep":true}"#, 77, "approval"),
                (r#"{"status":false,"reason":1004}"#, 69, "closed"),
                (r#"{"status":false,"reason":429}"#, 75, "try-later"),
                (r#"{"status":true,"token":""}"#, 76, "not-understood"),
                ("<html>", 76, "not-understood"),
            ] {
                let (home, server) = (Home::new(), Scripted::new([Reaction::json(answer)]));
                let event = add(&home, &server.root()).exits(status).error_event();
                assert_eq!(
                    (&event["reason"], &event["username"]),
                    (&reason.into(), &"carol".into())
                );
                assert_unchanged(&home, None);
                assert_eq!(stored(), []);
            }
            let home = Home::new();
            add(&home, &ClosedPort::new().root()).exits(68);
            assert_unchanged(&home, None);
        },
    );
}

#[test]
fn a_retry_after_delays_the_next_registration() {
    with_a_keyring(
        "accounts::launcher_tokens::a_retry_after_delays_the_next_registration",
        async |session: Session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let busy = Reaction::json(r#"{"status":false,"reason":429}"#);
            let server = Scripted::new([busy]);
            add(&home, &server.root()).exits(75);
            let event = add(&home, &server.root()).exits(75).error_event();
            assert_eq!(event["reason"], "try-later");
            assert_eq!(requests(server), [REGISTER]);
        },
    );
}

#[test]
fn without_a_password_no_token_is_requested() {
    with_a_keyring(
        "accounts::launcher_tokens::without_a_password_no_token_is_requested",
        async |session: Session| {
            let _keyring = session.unlocked();
            let (home, server) = (Home::new(), Scripted::untouched());
            let words = [
                "add",
                "ttcc",
                "carol",
                "-u",
                "carol",
                "--api",
                &server.root(),
            ];
            let ended = run_accounts(&home, &words).fails(66, "a password is needed");
            assert!(ended.hint().contains("--password-stdin"), "{ended:#?}");
            assert_unchanged(&home, None);
        },
    );
}

#[test]
fn an_empty_answer_keeps_the_token() {
    with_carol(
        "accounts::launcher_tokens::an_empty_answer_keeps_the_token",
        &[],
        |home, server| {
            let before = home.configuration();
            let mut pty = accounts(home, &["edit", "carol"]).on_a_terminal();
            pty.expect("Username (Enter for carol): ");
            pty.line("");
            pty.expect("Password for carol");
            pty.wait_until_hidden();
            pty.line("");
            pty.wait().exits(0);
            assert_eq!(requests(server), [REGISTER]);
            assert_eq!(stored()[0].1, TOKEN);
            assert_unchanged(home, before.as_deref());
        },
    );
}
