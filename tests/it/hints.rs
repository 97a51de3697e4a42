//! Hints that fit what was typed.

use crate::harness::{Home, Reaction, Scripted};

/// Runs a line whose words contain no spaces, and returns its error and hint.
#[track_caller]
fn said(line: &str, status: i32) -> (String, String) {
    let words: Vec<_> = line.split(' ').collect();
    Home::new()
        .program(&words)
        .run()
        .exits(status)
        .error_and_hint()
}

#[test]
fn a_number_behind_an_option_without_its_equals_sign_is_explained() {
    for (line, option) in [
        ("ttr districts --watch 30", "--watch=30"),
        ("ttr --wait-for-server 5", "--wait-for-server=5"),
        (
            "--json ttr login --wait-for-server 0.5 -u alice",
            "--wait-for-server=0.5",
        ),
    ] {
        let (error, hint) = said(line, 64);
        assert!(error.contains("follows an equals sign"), "{error}");
        assert_eq!(hint, format!("write {option}"));
    }
}

#[test]
fn the_numbers_that_are_allowed_are_named_in_words() {
    for (line, words) in [
        ("ttcc --toon-slot 9", "the slots are 0, 1, 2, 3, 4 and 5"),
        ("accounts add ttcc eve --toon-slot x", "the slots are"),
        (
            "rehearse --serve --port 99999",
            "a port is a number from 0 to 65535",
        ),
        ("rehearse ttr --queue x", "it is a whole number"),
        ("rehearse ttr --slow 0", "it is a whole number above 0"),
        ("ttr doodles --max-cost 1e3", "it is a whole number"),
    ] {
        let (error, hint) = said(line, 64);
        assert!(error.contains(words), "{line}: {error}");
        assert!(!format!("{error}{hint}").contains("..="), "{error}");
    }
}

#[test]
fn a_named_configuration_is_opened_by_its_name() {
    let home = Home::new();
    home.write("w w.toml", "[ttr]\nwraper = \"x\"\n");
    let run = |words: &[&str]| home.program(words).run().exits(78).hint();
    let path = home.path().join("w w.toml");
    let quote = if cfg!(windows) { '"' } else { '\'' };
    let hint = format!(
        "did you mean \"wrapper\"? open the file with `playcookie config edit --config {quote}{}{quote}`",
        path.display()
    );
    assert_eq!(run(&["--config", "w w.toml", "config", "show"]), hint);
    home.write("w w.toml", "[ttr]\nupdate = false\n");
    let named = |words: &[&str]| {
        let words = [words, &["--config", "w w.toml"]].concat();
        home.program(&words).run().hint()
    };
    let option = format!("--config {quote}{}{quote}`", path.display());
    for (words, hint) in [
        (
            &["config", "set", "ttr.update", "maybe"][..],
            "`playcookie config edit ",
        ),
        (
            &["config", "unset", "ttr.log"],
            "nothing was changed; see `playcookie config show ",
        ),
        (
            &["config", "get", "ttr.log"],
            "`playcookie config set ttr.log VALUE ",
        ),
    ] {
        let named = named(words);
        assert!(named.contains(&format!("{hint}{option}")), "{named}");
    }
    home.configure("[ttr]\nwraper = \"x\"\n");
    assert!(run(&["config", "show"]).ends_with("`playcookie config edit`"));
}

#[test]
fn an_unknown_account_is_remembered_by_the_command_in_its_hint() {
    let home = Home::new();
    home.configure("[accounts.bob]\ngame = \"tlopo\"\nusername = \"bob\"\n");
    let hint = |words: &[&str]| home.program(words).run().exits(64).hint();
    assert!(hint(&["play", "alise2"]).ends_with("`playcookie accounts add GAME alise2`"));
    assert!(hint(&["ttr", "a b"]).ends_with("`playcookie accounts add ttr NAME`"));
    let hint = hint(&["ttr", "alise2"]);
    let (_, command) = hint.split_once("`playcookie ").expect("a command");
    let words: Vec<_> = command.trim_end_matches('`').split(' ').collect();
    home.program(&words).args(["-u", "alice"]).run().exits(0);
    assert!(
        home.configuration()
            .is_some_and(|it| it.contains("[accounts.alise2]"))
    );
}

#[test]
fn a_dry_run_of_an_update_does_not_suggest_the_update() {
    let (error, hint) = said("ttr --dry-run --update --game-dir nowhere -u alice", 72);
    assert!(error.contains("not found"), "{error}");
    assert!(
        hint.contains("leave --dry-run out") && !hint.contains("--update"),
        "{hint}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_store_the_option_that_was_given_is_no_suggestion() {
    let home = Home::new();
    let words = [
        "accounts",
        "add",
        "ttcc",
        "eve",
        "-u",
        "eve",
        "--password-command",
        "echo x",
    ];
    let hint = home.program(&words).run().exits(78).hint();
    assert!(
        hint.contains("--no-save") && !hint.contains("or use --password-command"),
        "{hint}"
    );
}

#[cfg(unix)]
#[test]
fn a_password_command_that_fails_is_named_with_its_account() {
    let home = Home::new();
    home.configure(
        "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice@example.com\"\npassword-command = \"false\"\napi = \"http://127.0.0.1:1\"\n",
    );
    let ended = home.program(&["ttr", "login", "alice"]).run();
    ended.fails(
        66,
        "the command of password-command for alice@example.com failed",
    );
}

#[cfg(unix)]
#[test]
fn a_refused_code_of_a_command_is_not_blamed_on_a_stored_secret() {
    let (home, server) = (
        Home::new(),
        Scripted::new([
            crate::harness::ttr::partial("t1"),
            crate::harness::ttr::partial("t2"),
        ]),
    );
    let login = home.ttr("login", &server.root(), &["--code-command", "echo 111111"]);
    let hint = login.run().exits(77).hint();
    assert!(
        hint.contains("the command prints") && !hint.contains("stored"),
        "{hint}"
    );
}

#[test]
fn a_failed_rehearsal_of_an_update_does_not_suggest_to_continue_it() {
    let (_, hint) = said("rehearse ttr update --corrupt 99", 65);
    assert_eq!(hint, "give --corrupt a smaller number, or leave it out");
    let (_, hint) = said("rehearse ttr update --cut 500", 68);
    assert_eq!(hint, "give --cut a larger number, or leave it out");
}

#[test]
fn an_invasion_that_is_not_known_is_met_with_a_near_name_or_the_districts() {
    const QUIET: &str = r#"[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion_online":false,"last_update":1651361800,"cogs_attacking":"None","count_defeated":0,"count_total":0,"remaining_time":0}]"#;
    for (name, warning) in [
        ("midleman", "did you mean invasion=middleman?"),
        ("kazookayon", "did you mean invasion=kazookanyon?"),
        ("xyz", "name a cog or a district: Kazoo Kanyon"),
        ("bigwig", ""),
    ] {
        let server = Scripted::new([Reaction::json(QUIET)]);
        let until = format!("invasion={name}");
        let words = [
            "ttcc",
            "districts",
            "--api",
            &server.root(),
            "--until",
            &until,
            "--give-up",
            "0.01",
        ];
        let ended = Home::new().program(&words).run().exits(75);
        let warned = ended
            .stderr
            .lines()
            .find(|line| line.starts_with("warning: "));
        assert!(warned.unwrap_or_default().ends_with(warning), "{ended:#?}");
        assert_eq!(warned.is_some(), !warning.is_empty(), "{ended:#?}");
    }
}

#[test]
fn waiting_after_too_many_requests_says_so_and_nothing_else() {
    let open = || Reaction::json(r#"{"open":true}"#);
    let too_many = || Reaction::answer(429, "text/html", "<html>");
    let answers = [open(), too_many(), open(), too_many()];
    let (home, server) = (Home::new(), Scripted::new(answers));
    let login = home.ttr("login", &server.root(), &["--wait-for-server=0.01"]);
    let ended = login.run().exits(75);
    assert!(
        ended
            .stderr
            .contains(": the server asks to try later, trying again in"),
        "{ended:#?}"
    );
    assert!(!ended.stderr.contains("queue position lost"), "{ended:#?}");
}

#[cfg(unix)]
#[test]
fn errors_and_hints_are_broken_between_words_on_a_narrow_terminal_only() {
    let home = Home::new();
    let words = ["ttr", "--game-dir", "nowhere", "-u", "alice"];
    let narrow = home
        .program(&words)
        .through_a_shell("stty cols 50; exec \"$@\"");
    let narrow = narrow.on_a_terminal().wait().exits(72).stderr;
    let lines: Vec<_> = narrow.lines().collect();
    assert!(
        lines
            .iter()
            .all(|line| line.chars().count() <= 50 || !line[2..].contains(' ')),
        "{narrow}"
    );
    let hint = lines
        .iter()
        .position(|line| line.starts_with("hint: "))
        .expect("a hint");
    assert!(
        lines[hint + 1..].iter().all(|line| line.starts_with("  ")),
        "{narrow}"
    );
    let wide = home.program(&words).run().exits(72).stderr;
    assert_eq!(wide.lines().count(), 2, "{wide}");
    assert_eq!(
        narrow.split_whitespace().collect::<Vec<_>>(),
        wide.split_whitespace().collect::<Vec<_>>()
    );
    let usage = home
        .program(&["ttr", "--queue-timeout", "x"])
        .through_a_shell("stty cols 50; exec \"$@\"");
    let usage = usage.on_a_terminal().wait().exits(64).stderr;
    assert!(
        usage.lines().all(|line| line.chars().count() <= 50),
        "{usage}"
    );
}
