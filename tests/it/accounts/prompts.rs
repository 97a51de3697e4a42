//! Prompts for values that are not given as options.

use super::stored_secrets::stored;
use super::{CODE_SECRET, NORMALIZED_CODE_SECRET, PASSWORD, accounts, assert_unchanged, list};
use crate::harness::session::{Session, with_a_keyring};
use crate::harness::{CTRL_C, CTRL_D, Home, Pty, Reaction, Scripted};

/// Answers a prompt without echo.
#[track_caller]
fn answer_hidden(pty: &mut Pty, prompt: &str, answer: &str) {
    pty.expect(prompt);
    pty.wait_until_hidden();
    pty.line(answer);
}

/// Returns the stored secrets.
fn secrets() -> Vec<String> {
    stored().into_iter().map(|(_, secret)| secret).collect()
}

#[test]
fn username_password_and_two_factor_secret_are_asked_for() {
    with_a_keyring(
        "accounts::prompts::username_password_and_two_factor_secret_are_asked_for",
        async |session: Session| {
            let _keyring = session.unlocked();
            for game in ["ttr", "tlopo"] {
                let home = Home::new();
                let mut pty = accounts(&home, &["add", game, "alice"]).on_a_terminal();
                pty.expect("Username: ");
                pty.line("alice@example.com");
                answer_hidden(
                    &mut pty,
                    "Password for alice@example.com (Enter to keep none): ",
                    PASSWORD,
                );
                // A code instead of the two-factor secret is refused, and the prompt is repeated.
                answer_hidden(&mut pty, "Two-factor secret", "739154");
                pty.expect("that is a two-factor code");
                answer_hidden(&mut pty, "Two-factor secret", CODE_SECRET);
                let ended = pty.wait().exits(0);
                ended.hides(&[PASSWORD, CODE_SECRET, NORMALIZED_CODE_SECRET, "739154"]);
                assert_eq!(secrets(), [PASSWORD, NORMALIZED_CODE_SECRET]);
                assert_eq!(list(&home), [["alice", game, "alice@example.com"]]);
                accounts(&home, &["remove", "alice"]).run().exits(0);
            }
        },
    );
}

#[test]
fn long_prompts_are_broken_between_words_and_empty_answers_store_no_secret() {
    with_a_keyring(
        "accounts::prompts::long_prompts_are_broken_between_words_and_empty_answers_store_no_secret",
        async |session: Session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let add = ["add", "ttr", "alice", "-u", "alice"];
            let add = accounts(&home, &add).through_a_shell("stty cols 40; exec \"$@\"");
            let mut pty = add.on_a_terminal();
            answer_hidden(&mut pty, "(Enter to keep none): ", "");
            let lines = "base32 or an\r\n  otpauth:// URI (Enter to keep none): ";
            answer_hidden(&mut pty, lines, "");
            pty.wait().exits(0);
            assert_eq!(stored(), []);
            let text = home.configuration().expect("a file");
            assert!(
                text.contains("[accounts.alice]") && !text.contains("kept"),
                "{text}"
            );
        },
    );
}

#[test]
fn ctrl_d_at_the_username_names_what_the_command_reads() {
    let mut pty = accounts(&Home::new(), &["add", "ttr", "alice"]).on_a_terminal();
    pty.expect("Username: ");
    pty.keys(&[CTRL_D]);
    let ended = pty.wait().fails(66, "a username is needed");
    assert!(!ended.stderr.contains("PLAYCOOKIE_USERNAME"), "{ended:#?}");
}

#[test]
fn options_replace_prompts() {
    with_a_keyring(
        "accounts::prompts::options_replace_prompts",
        async |session: Session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let add = [
                "add",
                "ttr",
                "alice",
                "-u",
                "alice",
                "--password-command",
                "pass",
            ];
            accounts(&home, &add).on_a_terminal().wait().exits(0);
            let add = ["add", "ttr", "eve", "-u", "eve", "--no-input"];
            accounts(&home, &add).on_a_terminal().wait().exits(0);
            // On a terminal, the lines for standard input are read without echo.
            let add = [
                "add",
                "tlopo",
                "bob",
                "-u",
                "bob",
                "--password-stdin",
                "--totp-stdin",
            ];
            let mut pty = accounts(&home, &add).on_a_terminal();
            answer_hidden(&mut pty, "Password: ", PASSWORD);
            answer_hidden(&mut pty, "Two-factor secret: ", CODE_SECRET);
            pty.wait().exits(0).hides(&[PASSWORD, CODE_SECRET]);
            assert_eq!(secrets(), [PASSWORD, NORMALIZED_CODE_SECRET]);
        },
    );
}

#[test]
fn the_password_is_asked_for_and_only_the_launcher_token_is_stored() {
    with_a_keyring(
        "accounts::prompts::the_password_is_asked_for_and_only_the_launcher_token_is_stored",
        async |session: Session| {
            let _keyring = session.unlocked();
            let registered = r#"{"status":true,"token":"launcher-5ec7e7","id":1}"#;
            let (home, server) = (Home::new(), Scripted::new([Reaction::json(registered)]));
            let add = ["add", "ttcc", "carol", "--api", &server.root()];
            let mut pty = accounts(&home, &add).on_a_terminal();
            pty.expect("Username: ");
            pty.line("carol");
            answer_hidden(
                &mut pty,
                "Password for carol (used once, for a launcher token): ",
                PASSWORD,
            );
            pty.wait().exits(0).hides(&[PASSWORD, "launcher-5ec7e7"]);
            assert_eq!(secrets(), ["launcher-5ec7e7"]);
            assert!(server.finish()[0].body.contains(PASSWORD));
        },
    );
}

#[test]
fn without_a_store_the_account_is_added_with_a_warning() {
    let home = Home::new();
    let add = ["add", "ttr", "alice", "-u", "alice"];
    let mut pty = accounts(&home, &add).on_a_terminal();
    pty.expect("no secret store was found, so no password is stored");
    pty.wait().exits(0);
    assert_eq!(list(&home), [["alice", "ttr", "alice"]]);
}

#[test]
fn an_interrupted_prompt_adds_no_account() {
    with_a_keyring(
        "accounts::prompts::an_interrupted_prompt_adds_no_account",
        async |session: Session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let mut run = accounts(&home, &["add", "ttr", "alice"]).under_a_shell();
            run.pty.expect("Username: ");
            run.pty.line("alice");
            answer_hidden(&mut run.pty, "Password for alice", PASSWORD);
            run.pty.expect("Two-factor secret");
            run.pty.wait_until_hidden();
            run.pty.keys(&[CTRL_C]);
            let (status, pty) = run.wait();
            assert_eq!(status, 130);
            assert!(pty.is_restored());
            assert_unchanged(&home, None);
            assert_eq!(stored(), []);

            let mut pty = accounts(&home, &["add", "ttr", "alice"]).on_a_terminal();
            pty.expect("Username: ");
            pty.keys(&[CTRL_D]);
            pty.wait().fails(66, "a username is needed");
            assert_unchanged(&home, None);
        },
    );
}

#[test]
fn answers_change_an_account_and_empty_answers_do_not() {
    with_a_keyring(
        "accounts::prompts::answers_change_an_account_and_empty_answers_do_not",
        async |session: Session| {
            let _keyring = session.unlocked();
            let home = Home::new();
            let add = [
                "add",
                "ttr",
                "alice",
                "-u",
                "alice",
                "--password-stdin",
                "--totp-stdin",
            ];
            let lines = format!("old pw\n{CODE_SECRET}\n");
            accounts(&home, &add).stdin(lines).run().exits(0);
            let before = home.configuration();
            let edit = |username: &str, password: &str, code: &str| {
                let mut pty = accounts(&home, &["edit", "alice"]).on_a_terminal();
                pty.expect("Username (Enter for alice): ");
                pty.line(username);
                answer_hidden(&mut pty, "(Enter to leave it unchanged): ", password);
                answer_hidden(&mut pty, "(Enter to leave it unchanged): ", code);
                pty.wait().exits(0).hides(&[PASSWORD]);
            };
            edit("", "", "");
            assert_eq!(secrets(), ["old pw", NORMALIZED_CODE_SECRET]);
            edit("", PASSWORD, "");
            assert_eq!(secrets(), [PASSWORD, NORMALIZED_CODE_SECRET]);
            assert_eq!(home.configuration(), before);
            edit("eve", "eve's pw", "");
            assert_eq!(secrets(), ["eve's pw"]);
            let text = home.configuration().expect("a file");
            assert!(
                text.contains("username = \"eve\"") && text.contains("kept = [\"password\"]"),
                "{text}"
            );
        },
    );
}
