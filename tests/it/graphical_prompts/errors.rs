//! What a run tells that nobody sees on a terminal.

use playcookie::stand_in::{LoginRefusal, Scenario};

use crate::harness::{Engine, Home, StandInServer, wait_until};

use super::{ANSWER, asked, fake, without_a_terminal};

fn server(queue: Option<u32>, refuse: Option<LoginRefusal>) -> StandInServer {
    StandInServer::new(Scenario {
        queue,
        refuse,
        ..Scenario::PLAIN
    })
}

/// Returns the arguments of a play whose game exists.
fn play<'a>(server: &'a str, engine: &'a Engine, account: &'a str) -> Vec<&'a str> {
    vec!["ttr", "-u", account, "--exe", engine.exe(), "--api", server]
}

/// Waits for a window, and returns its arguments.
fn error_window(home: &Home) -> Vec<String> {
    wait_until("the error is shown", || !asked(home).is_empty());
    let asked = asked(home);
    assert_eq!(asked.len(), 1, "{asked:?}");
    asked[0].clone()
}

#[test]
fn the_error_of_a_play_is_shown_in_a_window_that_is_not_waited_for() {
    for (program, option) in [("kdialog", "--error"), ("zenity", "--error")] {
        let home = Home::new();
        fake(&home, "pinentry", "");
        // Until the home is removed.
        let shown = "while [ -e \"$HOME/asked\" ]; do /bin/sleep 0.05; done";
        fake(&home, program, shown);
        let words = ["ttr", "-u", "alice", "--exe", "/nothing/here"];
        let ended = without_a_terminal(&home, &words).run().exits(72);
        let window = error_window(&home);
        assert!(window.contains(&option.to_owned()), "{window:?}");
        let text = window.concat().replace('\n', " ");
        assert!(text.contains(&ended.error()), "{text} {ended:#?}");
        assert!(text.contains(&ended.hint()), "{text} {ended:#?}");
    }
}

#[test]
fn pinentry_shows_an_error_as_a_message() {
    let home = Home::new();
    fake(
        &home,
        "pinentry",
        r#"while read -r line; do echo "$line"; done >"$HOME/lines""#,
    );
    let words = ["ttr", "-u", "alice", "--exe", "/nothing/here"];
    without_a_terminal(&home, &words).run().exits(72);
    wait_until("the message", || {
        let lines = std::fs::read_to_string(home.path().join("lines")).unwrap_or_default();
        lines.contains("SETDESC ") && lines.ends_with("MESSAGE\nBYE\n")
    });
}

#[test]
fn several_errors_are_one_window() {
    let (home, server) = (Home::new(), server(None, Some(LoginRefusal::Banned)));
    home.configure(
        "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\npassword-command = \"echo pw\"\n\
        [accounts.bob]\ngame = \"ttr\"\nusername = \"bob\"\npassword-command = \"echo pw\"\n",
    );
    fake(&home, "zenity", "exit 0");
    let engine = Engine::new(&home, "TTREngine");
    let root = server.root();
    let words = [
        "ttr",
        "alice",
        "bob",
        "--exe",
        engine.exe(),
        "--api",
        &root,
        "--password-command",
        "echo pw",
    ];
    without_a_terminal(&home, &words).run().exits(77);
    let window = error_window(&home);
    assert!(window.concat().contains("alice"), "{window:?}");
}

#[test]
fn no_window_tells_an_error_of_another_command_or_to_a_script() {
    for words in [
        &["ttr", "login", "-u", "alice", "--exe", "/nothing/here"][..],
        &["ttr", "districts", "--api", "http://127.0.0.1:9"],
        &["ttr", "-u", "alice", "--exe", "/nothing/here", "--json"],
        &["ttr", "-u", "alice", "--exe", "/nothing/here", "--no-input"],
        &[
            "ttr",
            "-u",
            "alice",
            "--exe",
            "/nothing/here",
            "--prompt",
            "terminal",
        ],
    ] {
        let home = Home::new();
        fake(&home, "zenity", "exit 0");
        let ended = without_a_terminal(&home, words).run();
        assert!(!ended.status.success(), "{ended:#?}");
        assert!(asked(&home).is_empty(), "{words:?}");
    }
}

#[test]
fn the_queue_and_the_start_are_told_by_notification() {
    let (home, server) = (Home::new(), server(Some(1), None));
    fake(&home, "zenity", ANSWER);
    fake(&home, "notify-send", "");
    // The end of the program would end the last notifications.
    let script = r#"while [ -e "$HOME/asked" ] && [ "$(/bin/grep -c '^notify-send' "$HOME/asked")" -lt 3 ]
do /bin/sleep 0.05; done"#;
    let engine = Engine::with_script(&home, "TTREngine", script);
    let root = server.root();
    let words = play(&root, &engine, "alice");
    let run = without_a_terminal(&home, &words);
    run.run().exits(0);
    wait_until("each notification", || {
        let asked = asked(&home);
        let titles = asked.iter().filter(|words| words[0] == "notify-send");
        let titles: Vec<_> = titles.map(|words| words[3].as_str()).collect();
        let expected = [
            "Toontown Rewritten: in queue, position 1",
            "alice: admitted",
            "alice: the game has started",
        ];
        expected.iter().all(|title| titles.contains(title))
    });
}
