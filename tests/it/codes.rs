//! The sources of two-factor codes. No code is sent twice.

use crate::harness::ttr::{grant, partial};
use crate::harness::{Home, Program, Reaction, RunOutput, Scripted};

fn granted() -> Reaction {
    grant("gameserver.example.com", "deadbeef")
}

/// Returns `login` with the password and these further lines on standard input.
fn login(home: &Home, server: &Scripted, lines: &str, more: &[&str]) -> Program {
    home.ttr("login", &server.root(), more)
        .stdin(format!("hunter2-pw\n{lines}"))
}

/// Returns the codes that were sent, each with its token.
#[track_caller]
fn codes(server: Scripted) -> Vec<String> {
    let requests = server.finish();
    assert_eq!(requests[0].body, "username=alice&password=hunter2-pw");
    requests[1..]
        .iter()
        .map(|request| request.body.clone())
        .collect()
}

/// Asserts that the login failed because of a refused code.
#[track_caller]
fn assert_code_refused(ended: RunOutput) {
    let ended = ended
        .fails(77, "code")
        .hides(&["111111", "222222", "hunter2-pw"]);
    assert_eq!(ended.error_event()["reason"], "code");
}

#[test]
fn each_further_line_answers_one_request() {
    let (home, server) = (
        Home::new(),
        Scripted::new([partial("t1"), partial("t2"), granted()]),
    );
    login(&home, &server, "111111\r\n 022222 \n333333\n", &[])
        .run()
        .exits(0);
    assert_eq!(
        codes(server),
        [
            "appToken=111111&authToken=t1",
            "appToken=022222&authToken=t2"
        ]
    );
}

#[test]
fn a_code_is_sent_without_spaces_and_hyphens() {
    for typed in ["123 456", "123-456", " 12 34\u{a0}56 "] {
        let (home, server) = (Home::new(), Scripted::new([partial("t1"), granted()]));
        let ended = login(&home, &server, &format!("{typed}\n"), &[]).run();
        ended.exits(0);
        assert_eq!(codes(server), ["appToken=123456&authToken=t1"]);
        let (home, server) = (Home::new(), Scripted::new([partial("t1"), granted()]));
        login(&home, &server, "", &["--code", typed]).run().exits(0);
        assert_eq!(codes(server), ["appToken=123456&authToken=t1"]);
    }
}

#[test]
fn when_the_lines_are_used_up_the_refusal_is_final() {
    for lines in ["111111\n", "111111", "111111\n\n222222\n"] {
        let (home, server) = (Home::new(), Scripted::new([partial("t1"), partial("t2")]));
        assert_code_refused(login(&home, &server, lines, &["--json"]).run());
        assert_eq!(codes(server), ["appToken=111111&authToken=t1"]);
    }
}

#[test]
fn without_a_code_the_error_names_the_options() {
    for lines in ["", "\n", "  \n111111\n"] {
        let (home, server) = (Home::new(), Scripted::new([partial("t1")]));
        let ended = login(&home, &server, lines, &["--json"])
            .env("PLAYCOOKIE_CODE", "")
            .run();
        let ended = ended.fails(66, "code");
        assert_eq!(ended.error_event()["reason"], "input-needed");
        assert!(
            ended.stderr.contains("--code") && ended.stderr.contains("PLAYCOOKIE_CODE"),
            "{ended:#?}"
        );
        assert_eq!(codes(server), Vec::<String>::new());
    }
}

#[test]
fn lines_of_standard_input_need_the_option() {
    let (home, server) = (Home::new(), Scripted::new([partial("t1")]));
    home.program(&["ttr", "login", "-u", "alice", "--api", &server.root()])
        .env("PLAYCOOKIE_PASSWORD", "hunter2-pw")
        .stdin("111111\n")
        .run()
        .fails(66, "code");
    assert_eq!(codes(server), Vec::<String>::new());
}

#[test]
fn a_given_code_is_sent_once() {
    for (options, environment) in [
        (&["--code", "111111"][..], "222222"),
        (&["--code-command", "echo 111111"], "222222"),
        (&[], "111111"),
    ] {
        let (home, server) = (Home::new(), Scripted::new([partial("t1"), partial("t2")]));
        let options = [options, &["--json"]].concat();
        let program = login(&home, &server, "", &options).env("PLAYCOOKIE_CODE", environment);
        assert_code_refused(program.run());
        assert_eq!(
            codes(server),
            ["appToken=111111&authToken=t1"],
            "{options:?}"
        );
    }
}

#[test]
fn lines_are_used_after_a_given_code() {
    for options in [["--code", "111111"], ["--code-command", "echo 111111"]] {
        let (home, server) = (
            Home::new(),
            Scripted::new([partial("t1"), partial("t2"), granted()]),
        );
        login(&home, &server, "222222\n", &options).run().exits(0);
        assert_eq!(
            codes(server),
            [
                "appToken=111111&authToken=t1",
                "appToken=222222&authToken=t2"
            ]
        );
    }
}

#[test]
fn the_request_for_a_code_is_an_event_even_when_it_is_answered_at_once() {
    let (home, server) = (Home::new(), Scripted::new([partial("t1"), granted()]));
    let ended = login(&home, &server, "", &["--json", "--code", "111111"])
        .run()
        .exits(0);
    assert_eq!(ended.event_names(), ["login", "question", "ready"]);
    let question = &ended.events()[1];
    assert_eq!(question["kind"], "code");
    assert_eq!(question["text"], "Please enter an authenticator token.");
}

#[test]
fn two_codes_on_the_command_line_exclude_each_other() {
    let (home, server) = (Home::new(), Scripted::untouched());
    let options = ["--code", "111111", "--code-command", "echo 222222"];
    login(&home, &server, "", &options)
        .run()
        .fails(64, "--code")
        .hides(&["111111", "222222"]);
}

#[test]
fn a_code_with_a_control_character_is_refused() {
    let (home, server) = (Home::new(), Scripted::untouched());
    login(&home, &server, "", &["--code", "111\u{1b}111"])
        .run()
        .fails(64, "code");
    let (home, server) = (Home::new(), Scripted::new([partial("t1")]));
    login(&home, &server, "111\t111\n", &[])
        .run()
        .fails(64, "code")
        .hides(&["111\t111"]);
    assert_eq!(codes(server), Vec::<String>::new());
}

#[cfg(unix)]
mod commands {
    use std::fs;

    use super::*;

    #[test]
    fn a_command_is_run_once_and_only_when_a_code_is_wanted() {
        for (reactions, status, runs) in [
            (vec![granted()], 0, 0),
            (vec![partial("t1"), granted()], 0, 1),
            (vec![partial("t1"), partial("t2")], 77, 1),
        ] {
            let (home, server) = (Home::new(), Scripted::new(reactions));
            let command = ["--code-command", "echo >>runs; echo 111111"];
            login(&home, &server, "", &command).run().exits(status);
            let counted = fs::read_to_string(home.path().join("runs")).unwrap_or_default();
            assert_eq!(counted.lines().count(), runs);
        }
    }

    #[test]
    fn a_command_without_a_code_ends_the_login() {
        for command in ["true", "echo 111111; exit 1", "echo; echo 111111"] {
            let (home, server) = (Home::new(), Scripted::new([partial("t1")]));
            let ended = login(&home, &server, "222222\n", &["--code-command", command]).run();
            ended.fails(66, "--code-command").hides(&["111111"]);
            assert_eq!(codes(server), Vec::<String>::new());
        }
    }

    #[test]
    fn a_code_command_gets_no_secret() {
        let (home, server) = (
            Home::new(),
            Scripted::new([partial("t1"), partial("t2"), granted()]),
        );
        let command = "cat >heard; echo ${PLAYCOOKIE_PASSWORD-none}${PLAYCOOKIE_CODE-none}${TTR_PLAYCOOKIE-none}";
        login(&home, &server, "222222\n", &["--code-command", command])
            .env("PLAYCOOKIE_PASSWORD", "seen")
            .env("PLAYCOOKIE_CODE", "seen")
            .env("TTR_PLAYCOOKIE", "seen")
            .run()
            .exits(0);
        assert_eq!(
            codes(server),
            [
                "appToken=nonenonenone&authToken=t1",
                "appToken=222222&authToken=t2"
            ]
        );
        assert_eq!(
            fs::read_to_string(home.path().join("heard")).expect("a note"),
            ""
        );
    }
}
