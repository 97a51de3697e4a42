//! A person at a real terminal, who is asked and answers.

use playcookie::stand_in::Scenario;
use serde_json::Value;

use crate::harness::{Home, Prompt, Pty, Reaction, Scripted, StandInServer};

const PASSWORD: &str = "hunter2-pw";
const TWO_FACTOR: Scenario = Scenario {
    two_factor: true,
    ..Scenario::PLAIN
};

/// The code that the stand-in shows in its banner, just before it is asked for.
#[track_caller]
fn shown_code(pty: &mut Pty) -> String {
    pty.expect("(This rehearsal's code is ");
    let code = pty.expect(".)");
    Prompt::Code.wait(pty);
    code
}

fn let_in() -> Reaction {
    Reaction::json(r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#)
}

#[test]
fn name_password_and_code_are_asked_for_and_the_secret_ones_are_never_shown() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let mut pty = Prompt::Username
        .login(&home, &server.root())
        .on_a_terminal();
    pty.expect("Username: ");
    pty.line("alice");
    pty.expect("alice\r\n");
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    let code = shown_code(&mut pty);
    pty.line(&code);
    pty.expect("••••••\r\n");
    pty.expect("export TTR_GAMESERVER=");
    let ended = pty.wait().exits(0).hides(&[PASSWORD]);
    assert_eq!(ended.stderr.matches(&code).count(), 1, "{ended:#?}");
    assert_eq!(ended.stderr.matches('•').count(), 6, "{ended:#?}");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0].exact_fields(["username", "password"]),
        Some(["alice", PASSWORD])
    );
}

#[test]
fn a_wrong_code_is_asked_for_again_and_the_right_one_gets_in() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let mut pty = Prompt::Code.login(&home, &server.root()).on_a_terminal();
    shown_code(&mut pty);
    pty.line("not this");
    pty.expect("That code was wrong.");
    let code = shown_code(&mut pty);
    pty.line(&code);
    pty.wait().exits(0).hides(&["not this"]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_person_is_asked_once_the_code_that_was_given_is_refused() {
    for give in [&["--code", "spent"][..], &["--code-command", "echo spent"]] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let login = Prompt::Code.login(&home, &server.root()).args(give);
        let mut pty = login.on_a_terminal();
        pty.expect("That code was wrong.");
        let code = shown_code(&mut pty);
        pty.line(&code);
        pty.wait().exits(0);
        let codes = server.requests();
        let codes = codes
            .iter()
            .filter_map(|request| request.exact_fields(["appToken", "authToken"]));
        let codes = codes.map(|[code, _]| code).collect::<Vec<_>>();
        assert_eq!(codes, ["spent", &code]);
    }
}

#[test]
fn a_typing_error_can_be_taken_back_where_it_is_not_seen() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let mut pty = Prompt::Password
        .login(&home, &server.root())
        .on_a_terminal();
    Prompt::Password.wait(&mut pty);
    pty.line("hunter3\u{7f}2-pw");
    pty.wait().exits(0);
    assert_eq!(
        server.requests()[0].exact_fields(["username", "password"]),
        Some(["alice", PASSWORD])
    );
}

#[test]
fn spaces_around_a_name_and_a_code_are_dropped_and_those_of_a_password_kept() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let mut pty = Prompt::Username
        .login(&home, &server.root())
        .on_a_terminal();
    Prompt::Username.wait(&mut pty);
    pty.line("  alice ");
    Prompt::Password.wait(&mut pty);
    pty.line(" pass word ");
    let code = shown_code(&mut pty);
    pty.line(&format!(" {code} "));
    pty.wait().exits(0);
    assert_eq!(
        server.requests()[0].exact_fields(["username", "password"]),
        Some(["alice", " pass word "])
    );
}

#[test]
fn the_banner_is_shown_before_the_code_is_asked_for_and_cannot_steer_the_terminal() {
    let banner =
        r"\u001b]0;owned\u0007\u001b[2JCheck\u0008 your\r\n\u202eToonGuard\u009b31m e-mail";
    let asks = format!(r#"{{"success":"partial","banner":"{banner}","responseToken":"t1"}}"#);
    let (home, server) = (Home::new(), Scripted::new([Reaction::json(asks), let_in()]));
    let mut pty = Prompt::Code.login(&home, &server.root()).on_a_terminal();
    let before = pty.expect("Check your ToonGuard e-mail\r\n");
    assert!(!before.contains("owned"), "{before:?}");
    Prompt::Code.wait(&mut pty);
    pty.line("123456");
    let ended = pty.wait().exits(0);
    let steers = |character: char| character.is_control() && character != '\n';
    assert!(!ended.stderr.contains(steers), "{ended:#?}");
    assert!(!ended.stderr.contains('\u{202e}'), "{ended:#?}");
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn a_password_that_is_to_come_from_standard_input_is_read_hidden_from_a_terminal() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let mut pty = home.ttr("login", &server.root(), &[]).on_a_terminal();
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    let code = shown_code(&mut pty);
    pty.line(&code);
    pty.wait().exits(0).hides(&[PASSWORD]);
}

#[test]
fn the_questions_are_events_and_are_asked_all_the_same() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let login = Prompt::Username
        .login(&home, &server.root())
        .args(["--json"])
        .through_a_shell(r#"exec "$@" >events"#);
    let mut pty = login.on_a_terminal();
    Prompt::Username.wait(&mut pty);
    pty.line("alice");
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    Prompt::Code.wait(&mut pty);
    let events = || {
        let lines = std::fs::read_to_string(home.path().join("events")).expect("events");
        let events = lines.lines().map(serde_json::from_str::<Value>);
        events.collect::<Result<Vec<_>, _>>().expect("JSON")
    };
    // The code is only in the event: it is there before the answer.
    let told = events().pop().expect("the question");
    let text = told["text"].as_str().unwrap_or_default();
    assert!(
        text.starts_with("Please enter an authenticator token."),
        "{told}"
    );
    let code = text.rsplit(' ').next().unwrap_or_default();
    pty.line(code.trim_end_matches(".)"));
    pty.wait().exits(0).hides(&[PASSWORD]);
    let told = events();
    let names = told.iter().map(|event| {
        let kind = event["kind"].as_str().unwrap_or_default();
        (event["event"].as_str().unwrap_or_default(), kind)
    });
    let expected = [
        ("login", ""),
        ("question", "username"),
        ("question", "password"),
        ("question", "code"),
        ("ready", ""),
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    assert_eq!(told[2]["username"], "alice");
    assert_eq!(told[0]["account"], Value::Null);
}

#[test]
fn with_no_input_nobody_is_asked_and_the_option_is_named() {
    let options = ["--username", "--password-stdin", "--code"];
    for (prompt, option) in Prompt::ALL.into_iter().zip(options) {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let login = prompt.login(&home, &server.root()).args(["--no-input"]);
        let ended = login
            .on_a_terminal()
            .wait()
            .fails(66, "nobody can be asked");
        assert!(ended.stderr.contains(option), "{ended:#?}");
        assert!(!ended.stderr.contains(prompt.text()), "{ended:#?}");
        assert_eq!(server.requests().len(), prompt.requests());
    }
}

#[test]
fn nobody_is_asked_unless_standard_input_and_standard_error_are_terminals() {
    for redirection in [r#": | { "$@"; }"#, r#"exec "$@" 2>said"#] {
        for prompt in Prompt::ALL {
            let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
            let login = prompt.login(&home, &server.root());
            let pty = login.through_a_shell(redirection).on_a_terminal();
            let ended = pty.wait().exits(66);
            let said = std::fs::read_to_string(home.path().join("said"));
            let said = said.unwrap_or_else(|_| ended.stderr.clone());
            assert!(said.contains("nobody can be asked"), "{said}");
            assert!(!said.contains(prompt.text()), "{said}");
            assert_eq!(server.requests().len(), prompt.requests());
        }
    }
}

#[test]
fn a_password_is_not_asked_for_when_the_game_is_not_there() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let play = home.program(&["ttr", "play", "-u", "alice", "--api", &server.root()]);
    let ended = play.on_a_terminal().wait().exits(72);
    assert!(!ended.stderr.contains("Password"), "{ended:#?}");
}

#[test]
fn the_game_reads_from_the_terminal_after_the_person_did() {
    use crate::harness::Engine;

    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::doing(&home, "engine", "read line && exit \"$line\"");
    let play = home.program(&["ttr", "play", "-u", "alice", "--no-update"]);
    let play = play.args(["--api", &server.root(), "--exe", engine.exe()]);
    let mut pty = play.on_a_terminal();
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    pty.expect("started\r\n");
    assert!(pty.is_as_it_was());
    pty.line("9");
    pty.wait().exits(9);
}

#[test]
fn a_quiet_program_still_says_what_the_code_is_for() {
    for manner in ["-q", "--json"] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let login = Prompt::Code.login(&home, &server.root()).args([manner]);
        let mut pty = login.on_a_terminal();
        let code = shown_code(&mut pty);
        pty.line(&code);
        pty.wait().exits(0);
    }
}
