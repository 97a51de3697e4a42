//! Wrong arguments, help and colours.

use crate::harness::{Home, Program};

/// Wrong command lines with words of their error. The unknown word could be a password.
const WRONG: [(&str, &str); 23] = [
    ("-q", "a command"),
    ("hunter2", "argument 1"),
    ("ttr --hunter2", "argument 2"),
    ("ttr -phunter2", "argument 2"),
    ("ttr --passwort=hunter2", "argument 2"),
    ("ttr login --format hunter2", "--format"),
    ("ttr login --format", "--format"),
    ("ttr --queue-timeout hunter2", "--queue-timeout"),
    ("ttr --queue-timeout=-1", "--queue-timeout"),
    ("ttr --wait-for-server=hunter2", "--wait-for-server"),
    ("ttr --timeout 0", "--timeout"),
    ("ttr --api https://alice:hunter2@example.com", "--api"),
    ("ttr --api http://example.com/hunter2", "--api"),
    ("ttr --api hunter2", "--api"),
    ("ttr --password-stdin=hunter2", "--password-stdin"),
    ("ttr --json=hunter2", "--json"),
    ("ttr --color hunter2", "--color"),
    ("ttr --runner hunter2", "--runner"),
    ("completions hunter2", ""),
    ("completions bash hunter2", "argument 3"),
    ("man hunter2", "command"),
    ("rehearse hunter2", ""),
    ("rehearse ttr --serve --port hunter2", "--port"),
];

fn line(home: &Home, line: &str) -> Program {
    home.program(&line.split(' ').collect::<Vec<_>>())
}

#[test]
fn wrong_arguments_are_reported_and_unknown_words_not_printed() {
    let home = Home::new();
    for (words, expected) in WRONG {
        let ended = line(&home, words)
            .run()
            .fails(64, expected)
            .hides(&["hunter2"]);
        assert_eq!(ended.stdout, "", "{words}");
    }
}

#[test]
fn with_json_a_usage_error_is_an_event_too() {
    let home = Home::new();
    for (words, expected) in WRONG {
        let ended = line(&home, &format!("--json {words}")).run();
        // `--json` shifts every position by one.
        let expected = if expected.starts_with("argument") {
            "argument"
        } else {
            expected
        };
        let error = ended.fails(64, expected).hides(&["hunter2"]).error_event();
        assert_eq!(
            (&error["reason"], &error["exit"]),
            (&"usage".into(), &64.into()),
            "{words}"
        );
    }
}

#[test]
fn a_password_on_the_command_line_gets_a_hint() {
    let home = Home::new();
    for words in [
        "ttr --password hunter2",
        "ttr --password=hunter2",
        "ttr login --password hunter2 -u alice",
        "ttr login -u alice --password",
        "rehearse ttr --password hunter2",
    ] {
        let program = line(&home, words).env("PLAYCOOKIE_PASSWORD", "x");
        let ended = program
            .run()
            .fails(64, "every process could read it")
            .hides(&["hunter2"]);
        for way in [
            "--password-stdin",
            "--password-command",
            "PLAYCOOKIE_PASSWORD",
        ] {
            assert!(ended.stderr.contains(way), "{words}: {way}");
        }
    }
}

#[test]
fn an_option_before_a_verb_is_a_usage_error() {
    let home = Home::new();
    for words in [
        "ttr -u alice login",
        "ttr --password-stdin exec -- true",
        "ttr --detach play",
        "ttr --api documented login -u alice",
    ] {
        line(&home, words).run().fails(64, "in front of the verb");
    }
    line(&home, "ttr --format sh login").run().fails(64, "");
}

#[test]
fn without_arguments_help_is_on_standard_error() {
    let ended = Home::new().program(&[]).run().exits(64);
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("Usage: playcookie"), "{ended:#?}");
}

#[test]
fn the_version_is_one_line() {
    let expected = format!("playcookie {}\n", env!("CARGO_PKG_VERSION"));
    for words in ["--version", "-V"] {
        let ended = line(&Home::new(), words).run().exits(0);
        assert_eq!(
            (ended.stdout, ended.stderr),
            (expected.clone(), String::new())
        );
    }
}

#[test]
fn help_is_a_result_and_names_commands_and_options() {
    let home = Home::new();
    for (words, named) in [
        (
            "--help",
            &[
                "ttr",
                "rehearse",
                "completions",
                "man",
                "--json",
                "--no-input",
            ][..],
        ),
        ("-h", &["ttr", "--version"]),
        (
            "ttr --help",
            &[
                "play",
                "login",
                "exec",
                "--game-dir",
                "--dry-run",
                "PLAYCOOKIE_USERNAME",
            ],
        ),
        (
            "ttr login --help",
            &[
                "--format",
                "--password-stdin",
                "--code-command",
                "PLAYCOOKIE_CODE",
            ],
        ),
        ("ttr exec -h", &["COMMAND"]),
        (
            "rehearse --help",
            &["--two-factor", "--queue", "--refuse", "--serve", "--port"],
        ),
    ] {
        let program = line(&home, words)
            .env("PLAYCOOKIE_USERNAME", "al1ce")
            .env("PLAYCOOKIE_PASSWORD", "hunter2");
        let ended =
            program
                .run()
                .exits(0)
                .hides(&["hunter2", "al1ce", "stand-in-game", "--password "]);
        for name in named {
            assert!(ended.stdout.contains(name), "{words}: {name}");
        }
        assert_eq!(ended.stderr, "", "{words}");
    }
}

#[test]
fn colours_are_for_terminals_or_on_request() {
    let home = Home::new();
    for words in [
        "--help",
        "ttr --help",
        "ttr --hunter2",
        "ttr login",
        "man",
        "",
    ] {
        let words = words.split(' ').filter(|word| !word.is_empty());
        let run = |colour: &[&'static str]| {
            let all: Vec<_> = colour.iter().copied().chain(words.clone()).collect();
            let ended = home.program(&all).run();
            format!("{}{}", ended.stdout, ended.stderr)
        };
        for colour in [
            &[][..],
            &["--color", "never"],
            &["--color", "auto"],
            &["--color=never"],
        ] {
            assert!(!run(colour).contains('\u{1b}'), "{colour:?}");
        }
    }
    for words in ["--help", "ttr --help", "ttr --hunter2", "ttr login"] {
        for colour in ["--color always", "--color=always"] {
            // An option overrides the environment.
            let ended = line(&home, &format!("{colour} {words}"))
                .env("NO_COLOR", "1")
                .run();
            let shown = format!("{}{}", ended.stdout, ended.stderr);
            assert!(shown.contains("\u{1b}["), "{words}: {ended:#?}");
        }
    }
}

#[test]
fn events_are_never_coloured() {
    let ended = line(&Home::new(), "--json --color always ttr login")
        .run()
        .exits(66);
    assert_eq!(ended.event_names(), ["error"]);
    assert!(!ended.stdout.contains('\u{1b}'));
}

#[test]
fn a_password_on_the_command_line_is_explained_anywhere() {
    let home = Home::new();
    for words in [
        "ttr exec --password hunter2 -- true",
        "ttr exec --password hunter2 -u alice -- true",
        "--password hunter2 ttr",
        "--password=hunter2 ttr login",
    ] {
        let ended = line(&home, words).run();
        ended
            .fails(64, "every process could read it")
            .hides(&["hunter2"]);
    }
}

#[test]
fn the_version_option_works_after_every_verb() {
    let home = Home::new();
    for words in ["ttr --version", "ttr login -V", "scid --version"] {
        let ended = line(&home, words).run().exits(0);
        assert!(
            ended.stdout.contains(env!("CARGO_PKG_VERSION")),
            "{ended:#?}"
        );
    }
}
