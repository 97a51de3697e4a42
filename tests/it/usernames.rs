//! The sources of usernames, and words in place of an account.

use playcookie::stand_in::Scenario;

use crate::harness::accounts::account;
use crate::harness::{Home, Program, Scripted, StandInServer};

fn login(home: &Home, root: &str, more: &[&str]) -> Program {
    home.program(&[&["ttr", "login", "--api", root], more].concat())
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
}

#[test]
fn an_option_overrides_the_environment() {
    for (options, name) in [
        (&["-u", "alice"][..], "alice"),
        (&["--username", "a b&c=ü"], "a b&c=ü"),
        (&["--username=-x"], "-x"),
        (&[], "bob"),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        login(&home, &server.root(), options)
            .env("PLAYCOOKIE_USERNAME", "bob")
            .run()
            .exits(0);
        let [username, password] = server.requests()[0]
            .exact_fields(["username", "password"])
            .expect("two fields")
            .map(ToOwned::to_owned);
        assert_eq!((username.as_str(), password.as_str()), (name, "hunter2-pw"));
    }
}

#[test]
fn without_a_username_the_error_names_the_options_and_nothing_is_sent() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let ended = login(&home, &server.root(), &["--json"])
        .env("PLAYCOOKIE_USERNAME", "")
        .run();
    let ended = ended.fails(66, "username");
    assert_eq!(ended.error_event()["reason"], "input-needed");
    assert!(ended.stderr.contains("--username") && ended.stderr.contains("PLAYCOOKIE_USERNAME"));
}

#[test]
fn an_empty_option_is_refused_and_does_not_stand_for_the_only_account() {
    for typed in ["", " "] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.configure(account("alice", "ttr", "alice", ""));
        let ended = login(&home, &server.root(), &["-u", typed]).run();
        ended.fails(64, "the username is empty");
    }
}

#[test]
fn a_name_with_a_control_character_is_refused() {
    for name in ["ali\nce", "ali\u{1b}[31mce"] {
        let (home, server) = (Home::new(), Scripted::untouched());
        login(&home, &server.root(), &["-u", name])
            .run()
            .fails(64, "username");
        login(&home, &server.root(), &[])
            .env("PLAYCOOKIE_USERNAME", name)
            .run()
            .fails(64, "username");
    }
}

#[test]
fn a_word_that_is_no_account_is_named() {
    for arguments in [
        &["ttr", "carol"][..],
        &["--json", "ttr", "carol"],
        &["ttr", "play", "carol"],
        &["ttr", "exec", "carol", "--", "true"],
        &["ttr", "login", "-u", "alice", "carol"],
        &["ttr", "carol", "alice"],
        &["ttr", "\u{1b}]0;x\u{7}carol"],
    ] {
        let home = Home::new();
        let program = home.program(arguments).env("PLAYCOOKIE_PASSWORD", "x");
        let ended = program.run().fails(64, "\"carol\" is ").prints_plain_text();
        assert!(!ended.stderr.contains("did you mean"), "{ended:#?}");
    }
}

#[test]
fn a_command_that_is_typed_behind_a_game_is_named() {
    for command in ["status", "doctor"] {
        let home = Home::new();
        let program = home.program(&["ttcc", command]);
        let ended = program.run().fails(64, "is a command and not a verb");
        let hint = format!("hint: run `playcookie {command} ttcc`\n");
        assert!(ended.stderr.ends_with(&hint), "{ended:#?}");
    }
}

#[test]
fn a_word_similar_to_a_verb_gets_a_suggestion() {
    for (typed, meant) in [
        ("logn", "login"),
        ("plya", "play"),
        ("exce", "exec"),
        ("Login", "login"),
    ] {
        let ended = Home::new()
            .program(&["ttr", typed])
            .run()
            .fails(64, &format!("\"{typed}\" is neither a verb nor"));
        assert!(
            ended.stderr.contains(&format!("did you mean \"{meant}\"?")),
            "{ended:#?}"
        );
    }
}
