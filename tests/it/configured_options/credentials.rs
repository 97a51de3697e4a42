//! Account, password and code come from the first of option, environment, account and game.

use super::ALICE;
use crate::harness::ttr::{grant, partial};
use crate::harness::{Home, Program, Reaction, Scripted};

fn granted() -> Reaction {
    grant("gameserver.example.com", "deadbeef")
}

/// Returns the body of the first request of a login.
#[track_caller]
fn credentials(
    home: &Home,
    server: Scripted,
    words: &[&str],
    variables: &[(&str, &str)],
) -> String {
    let program = home.program(&[&["ttr", "login"], words].concat());
    let set = |program: Program, (name, value): &(&str, &str)| program.env(name, value);
    variables.iter().fold(program, set).run().exits(0);
    server.finish().remove(0).body
}

#[test]
fn the_password_comes_from_option_environment_account_or_game_in_this_order() {
    for (words, variable, password) in [
        (
            &["alice", "--password-command", "echo typed"][..],
            "env",
            "typed",
        ),
        (&["alice"], "env", "env"),
        (&["alice"], "", "own"),
        (&["-u", "alice@example.com"], "", "games"),
    ] {
        let (home, server) = (Home::new(), Scripted::new([granted()]));
        home.configure(format!(
            "[ttr]\napi = \"{}\"\npassword-command = \"echo games\"\n{ALICE}password-command = \"echo own; echo more\"\n",
            server.root()
        ));
        let body = credentials(&home, server, words, &[("PLAYCOOKIE_PASSWORD", variable)]);
        assert_eq!(
            body,
            format!("username=alice%40example.com&password={password}")
        );
    }
}

#[test]
fn a_named_account_overrides_the_username_in_the_environment() {
    for (words, variable, username) in [
        (&["alice"][..], "eve", "alice%40example.com"),
        (&[], "eve", "eve"),
        (&[], "", "alice%40example.com"),
    ] {
        let (home, server) = (Home::new(), Scripted::new([granted()]));
        home.configure(format!("[ttr]\napi = \"{}\"\n{ALICE}", server.root()));
        let variables = [
            ("PLAYCOOKIE_USERNAME", variable),
            ("PLAYCOOKIE_PASSWORD", "pw"),
        ];
        let body = credentials(&home, server, words, &variables);
        assert_eq!(body, format!("username={username}&password=pw"));
    }
}

#[test]
fn a_failing_password_command_ends_the_login() {
    for command in ["exit 1", "true", "echo hunter2-pw; exit 1"] {
        let (home, server) = (Home::new(), Scripted::untouched());
        home.configure(format!(
            "[ttr]\napi = \"{}\"\npassword-command = \"echo games\"\n{ALICE}password-command = \"{command}\"\n",
            server.root()
        ));
        let ended = home.program(&["ttr", "login", "alice"]).run();
        ended.fails(66, "password-command").hides(&["hunter2-pw"]);
    }
}

#[test]
fn a_password_command_answers_only_the_origin_of_the_configuration() {
    const COMMAND: &str = "password-command = \"touch ran; echo pw\"\n";
    for (of_game, of_account) in [(COMMAND, ""), ("", COMMAND)] {
        let (home, own, other) = (Home::new(), Scripted::untouched(), Scripted::untouched());
        let api = own.root();
        home.configure(format!(
            "[ttr]\napi = \"{api}\"\n{of_game}{ALICE}{of_account}"
        ));
        let login = ["ttr", "login", "alice", "--api", &other.root()];
        let ended = home.program(&login).run().fails(66, "a password is needed");
        assert!(ended.hint().contains(&api), "{ended:#?}");
        assert!(!home.path().join("ran").exists());
        own.finish();
        other.finish();
    }
}

#[test]
fn the_code_comes_from_option_environment_account_or_game_in_this_order() {
    for (words, variable, code) in [
        (&["alice", "--code", "111111"][..], "222222", "111111"),
        (
            &["alice", "--code-command", "echo 111111"],
            "222222",
            "111111",
        ),
        (&["alice"], "222222", "222222"),
        (&["alice"], "", "333333"),
        (&["-u", "x"], "", "444444"),
    ] {
        let (home, server) = (Home::new(), Scripted::new([partial("t1"), granted()]));
        home.configure(format!(
            "[ttr]\napi = \"{}\"\ncode-command = \"echo 444444\"\n{ALICE}code-command = \"echo 333333\"\n",
            server.root()
        ));
        let words = [&["ttr", "login"], words].concat();
        let program = home.program(&words).env("PLAYCOOKIE_PASSWORD", "pw");
        program.env("PLAYCOOKIE_CODE", variable).run().exits(0);
        assert_eq!(
            server.finish()[1].body,
            format!("appToken={code}&authToken=t1")
        );
    }
}

#[test]
fn with_several_accounts_one_has_to_be_named() {
    let home = Home::new();
    home.configure(format!("{ALICE}{}", ALICE.replace("alice", "eve")));
    let ended = home
        .program(&["ttr", "login"])
        .env("PLAYCOOKIE_PASSWORD", "pw")
        .run()
        .fails(66, "several remembered accounts");
    assert!(ended.hint().contains("alice, eve"), "{ended:#?}");
}
