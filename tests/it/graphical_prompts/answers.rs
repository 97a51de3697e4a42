//! What each program is asked, and what its answers mean.

use crate::harness::accounts::account;
use crate::harness::{Home, StandInServer};

use super::{
    ANSWER, PASSWORD, PINENTRY, TWO_FACTOR, asked, asked_programs, assert_logged_in, fake, login,
    without_a_terminal,
};

#[test]
fn kdialog_and_zenity_show_a_username_and_hide_secrets() {
    for (program, options) in [
        ("kdialog", ["--inputbox", "--password", "--password"]),
        ("zenity", ["--entry", "--hide-text", "--hide-text"]),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        fake(&home, program, ANSWER);
        login(&home, &server).run().exits(0).hides(&[PASSWORD]);
        assert_logged_in(&home, &server);
        let asked = asked(&home);
        assert_eq!(asked.len(), 3, "{asked:?}");
        for (words, option) in asked.iter().zip(options) {
            assert!(words.contains(&option.to_owned()), "{words:?}");
        }
        assert!(!asked[0].contains(&"--hide-text".to_owned()), "{asked:?}");
    }
}

#[test]
fn pinentry_is_spoken_to_in_assuan() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    fake(&home, "pinentry", PINENTRY);
    login(&home, &server).run().exits(0).hides(&[PASSWORD]);
    assert_logged_in(&home, &server);
    assert_eq!(asked(&home), [["pinentry"]; 3]);
    let lines = std::fs::read_to_string(home.path().join("lines")).expect("its lines");
    let password = lines.split("BYE").nth(1).expect("the second question");
    assert_eq!(
        password.trim(),
        "OPTION lc-ctype=C.UTF-8\nSETTITLE playcookie\nSETDESC alice: Toontown Rewritten\n\
         SETPROMPT Password for alice:\nGETPIN"
    );
}

#[test]
fn an_answer_of_osascript_is_read() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    fake(&home, "osascript", ANSWER);
    let login = login(&home, &server).args(["--prompt", "osascript"]);
    login.run().exits(0).hides(&[PASSWORD]);
    assert_logged_in(&home, &server);
}

#[test]
fn a_cancelled_window_is_66_and_nothing_is_sent() {
    for (program, script) in [
        ("kdialog", "exit 1"),
        ("zenity", "exit 1"),
        ("zenity", "exit 5"),
        (
            "pinentry",
            r#"echo OK; while read -r word rest; do case $word in GETPIN) echo "ERR 83886179 cancelled";; *) echo OK;; esac; done"#,
        ),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        fake(&home, program, script);
        let ended = login(&home, &server).run();
        ended.fails(66, "a username is needed, and the question was cancelled");
        assert_eq!(asked_programs(&home), [program], "no window tells of it");
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn yes_and_no_are_buttons() {
    let confirm = |reply: &str| {
        format!(
            "echo OK; while read -r word rest; do case $word in CONFIRM) echo {reply:?};; *) echo OK;; esac; done"
        )
    };
    for (program, script, option, is_removed) in [
        ("kdialog", "exit 0".to_owned(), "--yesno", true),
        ("kdialog", "exit 1".to_owned(), "--yesno", false),
        ("zenity", "exit 0".to_owned(), "--question", true),
        ("zenity", "exit 1".to_owned(), "--question", false),
        ("pinentry", confirm("OK"), "pinentry", true),
        (
            "pinentry",
            confirm("ERR 83886194 Not confirmed"),
            "pinentry",
            false,
        ),
        ("ask", "echo yes".to_owned(), "ask", true),
        ("ask", "echo no".to_owned(), "ask", false),
        ("ask", "exit 1".to_owned(), "ask", false),
    ] {
        let home = Home::new();
        home.configure(account("alice", "ttr", "alice", ""));
        fake(&home, program, &script);
        let words = ["accounts", "remove", "alice", "--prompt", program];
        without_a_terminal(&home, &words).run().exits(0);
        let has_alice = home.configuration().expect("a file").contains("alice");
        assert_eq!(has_alice, !is_removed, "{program} {script}");
        let asked = asked(&home);
        assert_eq!(asked.len(), 1);
        assert!(asked[0].contains(&option.to_owned()), "{asked:?}");
        assert_eq!(asked.concat().concat().contains("[y/N]"), program == "ask");
    }
}

#[test]
fn a_program_that_does_not_work_leaves_the_question_to_the_next() {
    for script in [
        "exit 0",
        "echo hello",
        "echo OK; read -r line; echo 'INQUIRE X'; read -r line",
        "i=0; while [ $i -lt 3000 ]; do printf x; i=$((i + 1)); done; read -r line",
        "while :; do echo '# a comment'; done",
        r#"echo OK; while read -r word rest; do case $word in GETPIN) echo "ERR 83918950 no tty";; *) echo OK;; esac; done"#,
        "echo OK; while read -r word rest; do case $word in GETPIN) echo 'D %zz';; *) echo OK;; esac; done",
    ] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        fake(&home, "pinentry", script);
        fake(&home, "kdialog", "kill -ABRT $$");
        fake(&home, "zenity", ANSWER);
        let login = login(&home, &server).args(["-u", "alice"]);
        login.run().exits(0).hides(&[PASSWORD]);
        // What does not work is not asked again.
        let programs = ["pinentry", "kdialog", "zenity", "zenity"];
        assert_eq!(asked_programs(&home), programs, "{script}");
    }
}

#[test]
fn an_odd_answer_of_pinentry_is_asked_for_again() {
    for data in [
        "D %0a",
        "D %FF",
        "D ",
        &format!("D {}", "x".repeat(900)).repeat(1),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let times = if data.len() > 100 { 5 } else { 1 };
        let reply =
            format!("i=0; while [ $i -lt {times} ]; do echo '{data}'; i=$((i + 1)); done; echo OK");
        let script = format!(
            "echo OK; while read -r word rest; do case $word in GETPIN) {reply};; *) echo OK;; esac; done"
        );
        fake(&home, "pinentry", &script);
        let login = login(&home, &server).args(["-u", "alice"]);
        login.run().fails(66, "ended without one");
        assert_eq!(asked_programs(&home)[..3], ["pinentry"; 3]);
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn where_no_program_works_the_error_says_so() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    fake(&home, "kdialog", "kill -ABRT $$");
    let ended = login(&home, &server).run();
    ended.fails(66, "a username is needed, and no program can ask for it");
    assert_eq!(asked_programs(&home), ["kdialog"]);
    assert_eq!(server.requests().len(), 0);
}
