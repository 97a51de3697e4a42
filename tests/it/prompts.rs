//! Prompts on a terminal that are answered.

use std::time::{Duration, Instant};

use playcookie::stand_in::Scenario;
use serde_json::Value;

use crate::harness::fixture::refusal;
use crate::harness::{CTRL_C, Home, Prompt, Pty, Reaction, Scripted, StandInServer};

const PASSWORD: &str = "hunter2-pw";
const TWO_FACTOR: Scenario = Scenario {
    two_factor: true,
    ..Scenario::PLAIN
};

/// Returns the code that the stand-in shows in its banner.
#[track_caller]
fn shown_code(pty: &mut Pty) -> String {
    pty.expect("(This rehearsal's code is ");
    let code = pty.expect(".)");
    Prompt::Code.wait(pty);
    code
}

fn granted() -> Reaction {
    Reaction::json(r#"{"success":"true","gameserver":"127.0.0.1","cookie":"c00kie"}"#)
}

#[test]
fn username_password_and_code_are_asked_for_and_secrets_are_hidden() {
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
fn after_a_wrong_code_the_code_is_asked_for_again() {
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
fn after_a_refused_option_the_code_is_asked_for() {
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
fn a_wrong_password_may_be_typed_three_times_in_all() {
    for refused in [1, 3] {
        let home = Home::new();
        let refusals = [(); 3].map(|()| refusal()).into_iter().take(refused);
        let server = Scripted::new(refusals.chain((refused < 3).then(granted)));
        let mut pty = Prompt::Password
            .login(&home, &server.root())
            .on_a_terminal();
        for _ in 0..refused.min(2) {
            Prompt::Password.wait(&mut pty);
            pty.line("wrong");
            pty.expect("the password was refused: Incorrect username");
        }
        Prompt::Password.wait(&mut pty);
        pty.line(PASSWORD);
        let ended = pty.wait().exits(if refused == 3 { 77 } else { 0 });
        ended.hides(&[PASSWORD, "wrong"]);
        server.finish();
    }
}

#[test]
fn a_password_is_typed_again_no_faster_than_the_game_permits() {
    let home = Home::new();
    let refused = Reaction::json(r#"{"status":"1","message":"wrong"}"#);
    let granted = r#"{"status":"7","message":"","token":"ck","gameserver":"gs.example"}"#;
    let server = Scripted::new([refused, Reaction::json(granted)]);
    let begun = Instant::now();
    let login = ["tlopo", "login", "-u", "alice", "--api", &server.root()];
    let mut pty = home.program(&login).on_a_terminal();
    for _ in 0..2 {
        Prompt::Password.wait(&mut pty);
        pty.line(PASSWORD);
    }
    pty.wait().exits(0);
    // The interval of two seconds, less the inaccuracy of clocks.
    assert!(begun.elapsed() >= Duration::from_millis(1_900));
}

#[test]
fn a_wrong_password_that_was_not_typed_is_not_asked_for_again() {
    let (home, server) = (Home::new(), Scripted::new([refusal()]));
    let login = Prompt::Password.login(&home, &server.root());
    let login = login.env("PLAYCOOKIE_PASSWORD", PASSWORD);
    let ended = login.on_a_terminal().wait().exits(77);
    assert!(!ended.stderr.contains("Password for"), "{ended:#?}");
}

#[test]
fn input_can_be_edited() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let mut pty = Prompt::Username
        .login(&home, &server.root())
        .on_a_terminal();
    Prompt::Username.wait(&mut pty);
    pty.line("wrong\u{15}lce\u{1b}[D\u{1b}[Di\u{1b}OHa");
    pty.expect("alice");
    Prompt::Password.wait(&mut pty);
    pty.line("hunter3\u{7f}2-p\u{1b}[D\u{1b}[F\u{1b}[15~w");
    pty.wait().exits(0).hides(&["hunter"]);
    assert_eq!(
        server.requests()[0].exact_fields(["username", "password"]),
        Some(["alice", PASSWORD])
    );
}

#[test]
fn an_answer_that_is_no_text_is_asked_for_again() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let login = home.program(&["ttr", "login", "--api", &server.root()]);
    let mut pty = login.on_a_terminal();
    for (prompt, answer) in [(Prompt::Username, "alice"), (Prompt::Password, PASSWORD)] {
        prompt.wait(&mut pty);
        pty.keys(b"\xff\r");
        pty.expect("that is not plain text");
        prompt.wait(&mut pty);
        pty.line(answer);
    }
    pty.wait().exits(0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn ctrl_z_at_a_prompt_restores_the_terminal_until_the_program_continues() {
    // A shell with job control that does not care for the modes of the terminal.
    const SHELL: &str =
        r#"trap : INT; set -m; "$@"; echo "stopped: $?."; read -r go; fg >fg; echo "status: $?.""#;
    for prompt in Prompt::ALL {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let login = prompt.login(&home, &server.root()).args(["--no-save"]);
        let mut pty = login.through_a_shell(SHELL).on_a_terminal();
        prompt.wait(&mut pty);
        if prompt == Prompt::Username {
            pty.keys(b"al");
            pty.expect("al");
        }
        pty.keys(b"\x1a");
        pty.expect("stopped: ");
        assert!(pty.is_restored(), "{prompt:?}");
        pty.line("go");
        // The prompt is drawn again, with what was typed.
        pty.expect(prompt.text());
        pty.wait_until_hidden();
        if prompt == Prompt::Username {
            pty.expect("al");
            pty.line("ice");
            Prompt::Password.wait(&mut pty);
        }
        if prompt != Prompt::Code {
            pty.line(PASSWORD);
            Prompt::Code.wait(&mut pty);
        }
        pty.keys(&[CTRL_C]);
        pty.expect("status: 130.");
        assert!(pty.is_restored(), "{prompt:?}");
        pty.wait();
        let requests = server.requests();
        let username = requests[0].exact_fields(["username", "password"]);
        assert_eq!(username.map(|[username, _]| username), Some("alice"));
    }
}

#[test]
fn ctrl_z_is_ignored_where_no_shell_could_continue_the_program() {
    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let mut pty = Prompt::Password
        .login(&home, &server.root())
        .on_a_terminal();
    Prompt::Password.wait(&mut pty);
    pty.keys(b"\x1a");
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    pty.wait().exits(0);
}

#[test]
fn spaces_around_a_username_and_a_code_are_trimmed_but_not_around_a_password() {
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
fn the_banner_is_shown_before_the_code_prompt_without_control_characters() {
    let banner =
        r"\u001b]0;owned\u0007\u001b[2JCheck\u0008 your\r\n\u202eToonGuard\u009b31m e-mail";
    let asks = format!(r#"{{"success":"partial","banner":"{banner}","responseToken":"t1"}}"#);
    let (home, server) = (
        Home::new(),
        Scripted::new([Reaction::json(asks), granted()]),
    );
    let mut pty = Prompt::Code.login(&home, &server.root()).on_a_terminal();
    let before = pty.expect("Check your ToonGuard e-mail\r\n");
    assert!(!before.contains("owned"), "{before:?}");
    Prompt::Code.wait(&mut pty);
    pty.line("123456");
    let ended = pty.wait().exits(0);
    let steers = |character: char| character.is_control() && character != '\n';
    assert!(!ended.stderr.contains(steers), "{ended:#?}");
    assert!(!ended.stderr.contains('\u{202e}'), "{ended:#?}");
    assert_eq!(server.finish().len(), 2);
}

#[test]
fn password_stdin_reads_a_hidden_line_from_a_terminal() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    let mut pty = home.ttr("login", &server.root(), &[]).on_a_terminal();
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    let code = shown_code(&mut pty);
    pty.line(&code);
    pty.wait().exits(0).hides(&[PASSWORD]);
}

#[test]
fn with_json_prompts_are_events_too() {
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
    // The event with the banner is written before the answer.
    let event = events().pop().expect("the question");
    let text = event["text"].as_str().unwrap_or_default();
    assert!(
        text.starts_with("Please enter an authenticator token."),
        "{event}"
    );
    let code = text.rsplit(' ').next().unwrap_or_default();
    pty.line(code.trim_end_matches(".)"));
    pty.wait().exits(0).hides(&[PASSWORD]);
    let questions = events();
    let names = questions.iter().map(|event| {
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
    assert_eq!(questions[2]["username"], "alice");
    assert_eq!(questions[0]["account"], Value::Null);
}

#[test]
fn with_no_input_the_error_names_the_option() {
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
fn a_terminal_does_not_echo_a_password_from_standard_input() {
    for more in [&[][..], &["--no-input"]] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
        let login = Prompt::Password.login(&home, &server.root());
        let mut pty = login.args(["--password-stdin"]).args(more).on_a_terminal();
        pty.wait_until_hidden();
        pty.line(PASSWORD);
        pty.wait().exits(0).hides(&[PASSWORD]);
    }
}

#[test]
fn prompts_need_terminals_on_standard_input_and_standard_error() {
    for redirection in [r#": | { "$@"; }"#, r#"exec "$@" 2>said"#] {
        for prompt in Prompt::ALL {
            let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
            let login = prompt.login(&home, &server.root());
            let pty = login.through_a_shell(redirection).on_a_terminal();
            let ended = pty.wait().exits(66);
            let text = std::fs::read_to_string(home.path().join("said"));
            let text = text.unwrap_or_else(|_| ended.stderr.clone());
            assert!(text.contains("nobody can be asked"), "{text}");
            assert!(!text.contains(prompt.text()), "{text}");
            assert_eq!(server.requests().len(), prompt.requests());
        }
    }
}

#[test]
fn a_missing_game_is_reported_before_the_password_prompt() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let play = home.program(&["ttr", "play", "-u", "alice", "--api", &server.root()]);
    let ended = play.on_a_terminal().wait().exits(72);
    assert!(!ended.stderr.contains("Password"), "{ended:#?}");
}

#[test]
fn the_game_reads_the_terminal_after_the_prompts() {
    use crate::harness::Engine;

    let (home, server) = (Home::new(), StandInServer::new(Scenario::default()));
    let engine = Engine::with_script(&home, "engine", "read line && exit \"$line\"");
    let play = home.program(&["ttr", "play", "-u", "alice", "--no-update"]);
    let play = play.args(["--api", &server.root(), "--exe", engine.exe()]);
    let mut pty = play.on_a_terminal();
    Prompt::Password.wait(&mut pty);
    pty.line(PASSWORD);
    pty.expect("started\r\n");
    assert!(pty.is_restored());
    pty.line("9");
    pty.wait().exits(9);
}

#[test]
fn quiet_still_shows_the_banner_of_the_code() {
    for manner in ["-q", "--json"] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let login = Prompt::Code.login(&home, &server.root()).args([manner]);
        let mut pty = login.on_a_terminal();
        let code = shown_code(&mut pty);
        pty.line(&code);
        pty.wait().exits(0);
    }
}
