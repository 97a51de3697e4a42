//! Which account is used: the named one, the one of the environment, the only one, or the chosen one.

use super::*;
use crate::harness::RunOutput;

/// Creates a home with two accounts of Toontown Rewritten and one of The Legend of Pirates Online, whose passwords are
/// their usernames, at a server.
fn three(server: &Scripted) -> Home {
    let home = Home::new();
    let root = server.root();
    let games = format!("[ttr]\napi = \"{root}\"\n[tlopo]\napi = \"{root}\"\n");
    let account = |name: &str, game: &str| {
        let command = format!("password-command = \"echo pw-of-{name}\"");
        account(name, game, &format!("{name}-u"), &command)
    };
    let accounts = account("alice", "ttr") + &account("bob", "ttr") + &account("dora", "tlopo");
    home.configure(games + &accounts + "[groups]\nevening = [\"alice\", \"bob\", \"dora\"]\n");
    home
}

/// Returns `GAME login …` without a secret store.
fn plain(home: &Home, game: &str, server: &Scripted, more: &[&str]) -> Program {
    let login = [game, "login", "--api", &server.root()];
    home.program(&[&login, more].concat())
}

/// Asserts that `GAME login …` fails before anything is sent.
#[track_caller]
fn fails(game: &str, more: &[&str], status: i32, words: &str) -> RunOutput {
    let server = Scripted::untouched();
    plain(&three(&server), game, &server, more)
        .run()
        .fails(status, words)
}

#[test]
fn the_only_account_of_a_game_need_not_be_named() {
    let granted = r#"{"status":"7","message":"","token":"ck-5ec7e7","gameserver":"gs.example"}"#;
    let server = Scripted::new([Reaction::json(granted)]);
    plain(&three(&server), "tlopo", &server, &[]).run().exits(0);
    let body = &server.finish()[0].body;
    assert_eq!(body, "username=dora-u&password=pw-of-dora");
}

#[test]
fn one_of_several_accounts_has_to_be_named() {
    let ended = fails("ttr", &[], 66, "several");
    let (_, hint) = ended.error_and_hint();
    assert!(
        hint.contains("alice, bob") && !hint.contains("dora"),
        "{hint}"
    );
}

#[test]
fn one_of_several_accounts_is_chosen_at_a_prompt() {
    let server = Scripted::new([granted()]);
    let home = three(&server);
    let mut pty = plain(&home, "ttr", &server, &[]).on_a_terminal();
    pty.expect("alice, bob");
    pty.line("bob");
    pty.wait().exits(0);
    let body = &server.finish()[0].body;
    assert_eq!(body, "username=bob-u&password=pw-of-bob");
}

#[test]
fn a_username_in_the_environment_is_used_only_without_an_account() {
    let server = Scripted::new([granted(), granted()]);
    let home = three(&server);
    let login = |more: &[&str]| {
        let login = plain(&home, "ttr", &server, more);
        login.env("PLAYCOOKIE_USERNAME", "eve-u")
    };
    let anonymous = login(&[]).env("PLAYCOOKIE_PASSWORD", "pw-of-eve");
    anonymous.run().exits(0);
    login(&["alice"]).run().exits(0);
    let requests = server.finish();
    assert_eq!(requests[0].body, "username=eve-u&password=pw-of-eve");
    assert_eq!(requests[1].body, "username=alice-u&password=pw-of-alice");
}

#[test]
fn account_names_are_case_insensitive() {
    let server = Scripted::new([granted()]);
    let home = three(&server);
    plain(&home, "ttr", &server, &["ALICE"]).run().exits(0);
    assert!(server.finish()[0].body.starts_with("username=alice-u&"));
}

#[test]
fn an_account_and_a_username_exclude_each_other() {
    fails("ttr", &["alice", "-u", "someone"], 64, "--username");
    fails(
        "ttr",
        &["-u", "someone", "--group", "evening"],
        64,
        "--username",
    );
}

#[test]
fn an_account_of_another_game_is_reported_with_the_right_command() {
    let ended = fails("ttr", &["dora"], 64, "dora");
    let (_, hint) = ended.error_and_hint();
    assert!(hint.contains("playcookie tlopo dora"), "{hint}");
}

#[test]
fn an_unknown_word_may_have_been_meant_as_a_verb_or_an_account() {
    for (words, meant) in [
        (&["ttr", "logn"][..], "login"),
        (&["ttr", "login", "alicce", "-vv"], "alice"),
        (&["ttr", "bobb"], "bob"),
        (&["play", "alicce"], "alice"),
    ] {
        let ended = three(&Scripted::untouched()).program(words).run().exits(64);
        let expected = format!("did you mean \"{meant}\"?");
        assert!(ended.stderr.contains(&expected), "{ended:#?}");
    }
}

#[test]
fn login_and_exec_take_one_account() {
    fails("ttr", &["alice", "bob"], 64, "one account");
    let exec = ["ttr", "exec", "alice", "bob", "--", "true"];
    three(&Scripted::untouched())
        .program(&exec)
        .run()
        .fails(64, "one account");
    fails("ttr", &["@evening"], 64, "one account");
}
