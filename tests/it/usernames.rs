//! The sources of usernames, and words in place of an account.

use playcookie::stand_in::Scenario;

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
            .exactly(["username", "password"])
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
fn a_word_in_place_of_an_account_is_not_printed() {
    for (arguments, words) in [
        (&["ttr", "hunter2"][..], "argument 2 "),
        (&["--json", "ttr", "hunter2"], "argument 3 "),
        (&["ttr", "play", "hunter2"], "argument 3 "),
        (&["ttr", "login", "hunter2"], "argument 3 "),
        (&["ttr", "exec", "hunter2", "--", "true"], "argument 3 "),
        (&["ttr", "login", "-u", "alice", "hunter2"], "argument 5 "),
        (&["ttr", "alice", "hunter2"], "argument "),
    ] {
        let ended = Home::new()
            .program(arguments)
            .env("PLAYCOOKIE_PASSWORD", "x")
            .run();
        ended.fails(64, words).hides(&["hunter2"]);
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
            .fails(64, "argument 2");
        assert!(
            ended.stderr.contains(&format!("did you mean \"{meant}\"?")),
            "{ended:#?}"
        );
    }
}

#[test]
fn a_dissimilar_word_gets_no_suggestion() {
    let ended = Home::new()
        .program(&["ttr", "hunter2"])
        .run()
        .fails(64, "argument 2");
    assert!(!ended.stderr.contains("did you mean"), "{ended:#?}");
}

#[test]
fn a_repeated_word_is_reported_by_its_own_position() {
    let arguments = ["ttr", "login", "-u", "hunter2", "hunter2"];
    let ended = Home::new().program(&arguments).run();
    ended.fails(64, "argument 5 ").hides(&["hunter2"]);
}
