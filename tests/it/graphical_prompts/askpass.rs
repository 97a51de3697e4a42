//! `PLAYCOOKIE_ASKPASS` and `--prompt PROGRAM`.

use crate::harness::{Home, StandInServer};

use super::{
    ANSWER, PASSWORD, TWO_FACTOR, asked, asked_programs, assert_logged_in, fake, login,
    without_a_terminal,
};

#[test]
fn the_prompt_is_the_argument_and_the_first_line_of_output_the_answer() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    fake(&home, "kdialog", "exit 1");
    let script = format!("{ANSWER}\necho more");
    let askpass = fake(&home, "ask", &script);
    let login = login(&home, &server).env("PLAYCOOKIE_ASKPASS", askpass);
    login
        .env("PLAYCOOKIE_CODE", "")
        .run()
        .exits(0)
        .hides(&[PASSWORD]);
    assert_logged_in(&home, &server);
    let asked = asked(&home);
    assert_eq!(asked.len(), 3);
    for (words, prompt) in asked
        .iter()
        .zip(["Username:", "Password for alice:", "Code:"])
    {
        assert_eq!(words.len(), 2, "{words:?}");
        assert_eq!(words[1].lines().last(), Some(prompt));
    }
    assert!(
        asked[2][1].starts_with("Toontown Rewritten: Please enter"),
        "{asked:?}"
    );
}

#[test]
fn a_program_is_asked_at_a_terminal_too() {
    for is_option in [true, false] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let askpass = fake(&home, "ask", ANSWER);
        let login = login(&home, &server);
        let login = if is_option {
            login.args(["--prompt", "ask"])
        } else {
            login.env("PLAYCOOKIE_ASKPASS", &askpass)
        };
        let pty = login.on_a_terminal();
        pty.wait().exits(0).hides(&[PASSWORD]);
        assert_logged_in(&home, &server);
    }
}

#[test]
fn the_program_does_not_inherit_secret_variables() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    fake(&home, "ask", ANSWER);
    let login = login(&home, &server).args(["--prompt", "ask"]);
    login.env("PLAYCOOKIE_PASSWORD", PASSWORD).run().exits(0);
    // `asked` checks the variables.
    assert_eq!(asked_programs(&home), ["ask", "ask"]);
}

#[test]
fn an_odd_answer_is_asked_for_again_a_few_times() {
    for (script, words) in [
        ("echo", "ended without"),
        ("exit 0", "ended without"),
        (r"printf '\377\n'", "ended without"),
        (r"printf 'a\033b\n'", "ended without"),
        (
            "i=0; while [ $i -lt 5000 ]; do printf x; i=$((i + 1)); done",
            "ended without",
        ),
        (
            "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
            "ended without",
        ),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        fake(&home, "ask", script);
        let login = login(&home, &server).args(["--prompt", "ask"]);
        login.run().fails(66, words);
        assert_eq!(asked_programs(&home), ["ask"; 3], "{script}");
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn a_failure_of_the_program_is_a_refusal() {
    for status in [1, 3, 127, 255] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        fake(&home, "ask", &format!("echo alice; exit {status}"));
        let login = login(&home, &server).args(["--prompt", "ask"]);
        login.run().fails(66, "the question was cancelled");
        assert_eq!(asked_programs(&home), ["ask"]);
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn a_program_that_is_not_installed_is_a_usage_error() {
    let home = Home::new();
    for words in [&["--prompt", "nothing-here"][..], &["--prompt="], &[]] {
        let arguments = [&["ttr", "login"], words].concat();
        let login = without_a_terminal(&home, &arguments);
        let login = login.env("PLAYCOOKIE_ASKPASS", "/nothing/here");
        login.run().exits(64);
    }
    let login = without_a_terminal(&home, &["ttr", "login", "--prompt", "nothing-here"]);
    login.run().fails(
        64,
        "the program \"nothing-here\" that is to ask is not installed",
    );
}
