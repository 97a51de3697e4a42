//! Wrong arguments, help and colours.

use crate::harness::{Home, Program};

/// Lines that clap refuses, and what its message says.
const REFUSED: [(&str, &str); 23] = [
    ("-q", "requires a subcommand"),
    ("tttr", "unrecognized subcommand 'tttr'"),
    ("tttr", "tip: a similar subcommand exists: 'ttr'"),
    ("ttr --usrname", "unexpected argument '--usrname' found"),
    (
        "ttr --usrname",
        "tip: a similar argument exists: '--username'",
    ),
    (
        "ttr login --format x",
        "possible values: sh, fish, powershell",
    ),
    ("ttr login --format", "--format"),
    (
        "ttr login --password-stdin --password-command x",
        "'--password-command <CMD>'",
    ),
    (
        "ttr login --password-stdin --password-command x",
        "'--password-stdin'",
    ),
    ("ttr --color x", "--color"),
    ("ttr --api x", "--api"),
    (
        "ttr --queue-timeout x",
        "'x' for '--queue-timeout <MINUTES>': minutes are",
    ),
    ("ttr --queue-timeout=-1", "--queue-timeout"),
    ("ttr --wait-for-server=x", "--wait-for-server"),
    ("ttr --timeout 0", "--timeout"),
    ("ttr --api http://example.com", "--api"),
    ("ttr --json=x", "'--json'"),
    ("ttr --runner x", "--runner"),
    (
        "ttr districts --notify",
        "<--watch[=<SECONDS>]|--until <CONDITION>>",
    ),
    ("completions x", "possible values: bash"),
    ("completions bash x", "unexpected argument 'x' found"),
    ("rehearse x", "possible values: ttr"),
    ("rehearse ttr --serve --port x", "--port"),
];

fn line(home: &Home, line: &str) -> Program {
    home.program(&line.split(' ').collect::<Vec<_>>())
}

#[test]
fn wrong_arguments_are_met_with_claps_message() {
    let home = Home::new();
    for (arguments, text) in REFUSED {
        let ended = line(&home, arguments).run().exits(64);
        assert_eq!(ended.stdout, "", "{arguments}");
        assert!(ended.stderr.starts_with("error: "), "{ended:#?}");
        assert!(ended.stderr.contains(text), "{text}: {ended:#?}");
        assert!(ended.stderr.ends_with("try '--help'.\n"), "{ended:#?}");
    }
}

#[test]
fn with_json_a_usage_error_is_an_event_too() {
    let home = Home::new();
    for (arguments, text) in REFUSED {
        let ended = line(&home, &format!("--json {arguments}")).run().exits(64);
        assert!(ended.stderr.contains(text), "{text}: {ended:#?}");
        assert_eq!(ended.reason_without_account(), "usage", "{arguments}");
    }
    let ended = line(&home, "--json accounts").run().exits(64);
    assert_eq!(ended.error_event()["reason"], "usage");
}

#[test]
fn what_would_lose_something_is_never_suggested() {
    let home = Home::new();
    for (words, withheld) in [
        ("accounts remov alice", "remove"),
        ("accounts remove alice --yess", "yes"),
        ("accounts group evening --delet", "delete"),
        ("accounts edit alice --forgett password", "forget"),
        ("ttr uninstall --yess", "yes"),
        ("config unse ttr.log", "unset"),
        ("stopp", "stop"),
        ("stop --al", "all"),
    ] {
        let ended = line(&home, words).run().fails(64, "");
        let is_tip = |line: &&str| line.trim_start().starts_with("tip:");
        let mut tips = ended.stderr.lines().filter(is_tip);
        let suggests = |tip: &str| tip.contains(&format!("{withheld}'"));
        assert!(!tips.any(suggests), "{words}: {ended:#?}");
    }
    let ended = line(&home, "accounts renam a b").run().fails(64, "");
    assert!(ended.stderr.contains("'rename'"), "{ended:#?}");
}

#[test]
fn the_event_of_a_usage_error_has_claps_first_paragraph_and_its_tip() {
    let home = Home::new();
    for (arguments, message, hint) in [
        (
            "tttr",
            "unrecognized subcommand 'tttr'",
            "a similar subcommand exists: 'ttr'",
        ),
        (
            "ttr login --timeout 0",
            "invalid value '0' for '--timeout <SECONDS>': seconds are a number above 0 such as 20 or 0.5",
            "see `playcookie ttr login --help`",
        ),
        (
            "scid",
            "a command is missing",
            "see `playcookie scid --help`",
        ),
    ] {
        let ended = line(&home, &format!("--json {arguments}")).run().exits(64);
        let error = ended.error_event();
        assert_eq!(
            (&error["message"], &error["hint"]),
            (&message.into(), &hint.into())
        );
    }
}

#[test]
fn a_url_with_a_password_is_refused_and_not_repeated_wherever_it_is() {
    let home = Home::new();
    for url in [
        "https://alice:hunter2@example.com",
        "https://hunter2@example.com",
        "https:alice:hunter2@example.com",
        "documented@https://alice:hun/ter2@hunter2@example.com",
        "alice:hunter2@example.com",
    ] {
        for arguments in [
            format!("ttr --api {url}"),
            format!("ttr --json --api={url}"),
            format!("scid whoami --api {url}"),
            format!("accounts add ttr alice --api {url}"),
            format!("config {url}"),
            format!("completions bash {url}"),
        ] {
            let ended = line(&home, &arguments)
                .run()
                .fails(64, "every process could read it");
            ended.hides(&["alice", "hunter2"]);
        }
    }
    let ended = line(&home, "ttr --api documented@http://example.com").run();
    ended.fails(64, "'documented@http://example.com'");
}

#[test]
fn unprintable_characters_of_typed_words_are_escaped() {
    let home = Home::new();
    let program = home.program(&["--color=always", "ttr", "--x\u{1b}]0;y\u{7}\u{202e}"]);
    let ended = program.run().exits(64).prints_plain_text();
    assert!(
        ended.stderr.contains("unexpected argument '--x"),
        "{ended:#?}"
    );
}

#[test]
fn a_password_on_the_command_line_is_refused_and_not_repeated_wherever_it_is() {
    let home = Home::new();
    for arguments in [
        "ttr --password hunter2",
        "ttr --password=hunter2",
        "ttr --password-stdin=hunter2",
        "ttr login --password hunter2 -u alice",
        "ttr login -u alice --password",
        "ttr exec --password hunter2 -- true",
        "rehearse ttr --password hunter2",
        "--password hunter2 ttr",
        "--password=hunter2 ttr login",
        "--json ttr -vv --bogus --timeout x --password hunter2",
        "scid tag --password hunter2",
        // None of these takes arguments behind `--` for a game.
        "ttr login -- --password=hunter2",
        "ttr -u login login -- alice --password hunter2",
        "completions -- --password=hunter2",
        "scid tag -- --password hunter2",
        "tttr -- --password=hunter2",
    ] {
        let program = line(&home, arguments).env("PLAYCOOKIE_PASSWORD", "x");
        let ended = program.run().fails(64, "every process could read it");
        let ended = ended.hides(&["hunter2"]);
        for way in [
            "--password-stdin",
            "--password-command",
            "PLAYCOOKIE_PASSWORD",
        ] {
            assert!(ended.error_and_hint().1.contains(way), "{arguments}: {way}");
        }
    }
}

#[test]
fn what_follows_a_misspelled_password_option_is_not_repeated() {
    let home = Home::new();
    for arguments in [
        "ttr --passwort hunter2",
        "ttr --passwor=hunter2",
        "ttr login -u alice --pass hunter2 --json",
        "ttr --Password=hunter2",
        "ttr -password hunter2",
        "ttr -phunter2",
    ] {
        let ended = line(&home, arguments)
            .run()
            .fails(64, "unexpected argument '-");
        ended.hides(&["hunter2"]);
    }
}

#[test]
fn words_for_a_game_or_a_command_may_be_anything() {
    let home = Home::new();
    for arguments in [
        "ttr --dry-run --exe /x -u alice -- --password x",
        "rehearse ttr --dry-run -- --password=x",
    ] {
        let ended = line(&home, arguments).run();
        assert!(!ended.stderr.contains("every process"), "{ended:#?}");
    }
    let ended = line(&home, "ttr exec --bogus -- x --password y").run();
    ended.fails(64, "'--bogus'");
}

#[test]
fn an_option_in_front_of_a_verb_is_a_usage_error() {
    let home = Home::new();
    for arguments in [
        "ttr -u alice login",
        "ttr --password-stdin exec -- true",
        "ttr --detach play",
        "ttr --api documented login -u alice",
    ] {
        line(&home, arguments)
            .run()
            .fails(64, "in front of the verb");
    }
    for (arguments, error) in [
        (
            "ttr -u alice login",
            "--username is in front of the verb login",
        ),
        ("ttr --detach play", "--detach is in front of the verb play"),
    ] {
        assert_eq!(line(&home, arguments).run().error(), error);
    }
    line(&home, "ttr --format sh login").run().fails(64, "");
    let behind = line(&home, "ttr -u alice login").run().error_and_hint().1;
    assert_eq!(behind, "put it behind: playcookie ttr login …");
    let ended = line(&home, "rehearse ttr --refuse districts").run();
    assert_eq!(
        ended.error_and_hint().1,
        "leave it out: districts does not take it"
    );
}

#[test]
fn global_options_may_be_anywhere_and_json_excludes_the_formats_for_shells() {
    let home = Home::new();
    for arguments in [
        "--json ttr login",
        "ttr --json login",
        "ttr login --json",
        "ttr login --json --format json",
    ] {
        let ended = line(&home, arguments).run().exits(66);
        assert_eq!(ended.event_names(), ["error"], "{arguments}");
    }
    let ended = line(&home, "ttr login --json --format sh").run();
    ended.fails(64, "--json cannot be used with a --format for a shell");
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
    for arguments in ["--version", "-V"] {
        let ended = line(&Home::new(), arguments).run().exits(0);
        assert_eq!(
            (ended.stdout, ended.stderr),
            (expected.clone(), String::new())
        );
    }
}

#[test]
fn the_version_with_details_names_what_a_report_of_a_bug_needs() {
    let home = Home::new();
    let lines = |words: &str| {
        let ended = line(&home, words).env("SSL_CERT_FILE", "x").run().exits(0);
        ended.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let shown = lines("--version --verbose");
    assert_eq!(
        shown[0],
        format!("playcookie {}", env!("CARGO_PKG_VERSION"))
    );
    let names: Vec<_> = shown[1..]
        .iter()
        .filter_map(|line| line.split(": ").next())
        .collect();
    assert_eq!(
        names,
        ["commit", "target", "tls", "certificates", "secret store"]
    );
    assert!(
        shown.contains(&"certificates: SSL_CERT_FILE".to_owned()),
        "{shown:?}"
    );
    for words in ["-vV", "-Vv", "-V -v", "--verbose -V"] {
        assert_eq!(lines(words), shown, "{words}");
    }
}

#[test]
fn help_is_a_result_and_names_commands_and_options() {
    let home = Home::new();
    for (arguments, named) in [
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
        let program = line(&home, arguments)
            .env("PLAYCOOKIE_USERNAME", "al1ce")
            .env("PLAYCOOKIE_PASSWORD", "hunter2");
        let ended =
            program
                .run()
                .exits(0)
                .hides(&["hunter2", "al1ce", "stand-in-game", "--password "]);
        for name in named {
            assert!(ended.stdout.contains(name), "{arguments}: {name}");
        }
        assert_eq!(ended.stderr, "", "{arguments}");
    }
}

#[test]
fn short_help_fits_a_screen_of_30_lines() {
    let home = Home::new();
    let mut commands = vec![String::new()];
    while let Some(command) = commands.pop() {
        let help = line(&home, format!("{command} -h").trim_start());
        let help = help.env("COLUMNS", "80").run().exits(0).stdout;
        assert!(help.lines().count() <= 30, "{help}");
        let listed = help.lines().skip_while(|line| *line != "Commands:");
        let listed = listed.skip(1).take_while(|line| !line.is_empty());
        // A description may go on in a second line.
        let listed = listed.filter(|line| !line.starts_with("   "));
        let names = listed.filter_map(|line| line.split_whitespace().next());
        let verbs = names.filter(|name| *name != "help");
        commands.extend(verbs.map(|verb| format!("{command} {verb}").trim_start().to_owned()));
    }
}

#[test]
fn long_help_fits_the_width_and_ends_with_examples() {
    let home = Home::new();
    for command in [
        "",
        "ttr",
        "ttcc update",
        "rehearse",
        "accounts add",
        "scid play",
    ] {
        let help = line(&home, format!("{command} --help").trim_start());
        let help = help.env("COLUMNS", "60").run().exits(0).stdout;
        let (options, examples) = help.split_once("\nExamples:\n").expect(&help);
        // clap does not wrap the usage.
        let lines = options.lines().filter(|line| !line.starts_with("Usage: "));
        let widest = lines.map(|line| line.chars().count()).max();
        assert!(widest <= Some(60), "{help}");
        assert!(examples.contains("\n    playcookie "), "{help}");
    }
}

#[test]
fn the_command_help_prints_what_the_option_prints() {
    let home = Home::new();
    for command in ["", "ttr", "ttr login", "accounts add", "rehearse"] {
        let by_option = line(&home, format!("{command} --help").trim_start());
        let by_command = line(&home, format!("help {command}").trim_end());
        let (by_option, by_command) = (by_option.run().exits(0), by_command.run().exits(0));
        assert_eq!(by_command.stdout, by_option.stdout, "{command}");
    }
    line(&home, "help hunter2").run().exits(64);
}

#[test]
fn colours_are_for_terminals_or_on_request() {
    let home = Home::new();
    for arguments in [
        "--help",
        "ttr --help",
        "ttr --hunter2",
        "ttr login",
        "man",
        "",
    ] {
        let arguments = arguments.split(' ').filter(|word| !word.is_empty());
        let run = |colour: &[&'static str]| {
            let all: Vec<_> = colour.iter().copied().chain(arguments.clone()).collect();
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
    for arguments in ["--help", "ttr --help", "ttr --hunter2", "ttr login"] {
        for colour in ["--color always", "--color=always"] {
            // An option overrides the environment.
            let ended = line(&home, &format!("{colour} {arguments}"))
                .env("NO_COLOR", "1")
                .run();
            let shown = format!("{}{}", ended.stdout, ended.stderr);
            assert!(shown.contains("\u{1b}["), "{arguments}: {ended:#?}");
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
fn the_version_is_known_behind_every_verb() {
    let home = Home::new();
    for arguments in ["ttr --version", "ttr login -V", "scid --version"] {
        let ended = line(&home, arguments).run().exits(0);
        let version = concat!("playcookie ", env!("CARGO_PKG_VERSION"), "\n");
        assert_eq!(ended.stdout, version);
    }
}

#[test]
fn a_verb_without_its_game_is_met_with_the_command() {
    let home = Home::new();
    for (typed, tip) in [
        (
            "update",
            "name the game in front of it: playcookie ttr update",
        ),
        (
            "--json verify",
            "name the game in front of it: playcookie ttr verify",
        ),
        (
            "install tlopo",
            "name the game in front of it: playcookie tlopo install",
        ),
        (
            "fieldoffices ttcc",
            "name the game in front of it: playcookie ttr fieldoffices",
        ),
        (
            "whoami",
            "name the game in front of it: playcookie scid whoami",
        ),
        ("TTR", "a similar subcommand exists: 'ttr'"),
    ] {
        let ended = line(&home, typed).run();
        let ended = ended.fails(64, "unrecognized subcommand");
        assert!(
            ended.stderr.contains(&format!("\n  tip: {tip}\n")),
            "{ended:#?}"
        );
    }
    for typed in ["accounts update", "STOP", "--config login updat"] {
        let ended = line(&home, typed).run().exits(64);
        assert!(
            !ended.stderr.contains("in front of it") && !ended.stderr.contains("'stop'"),
            "{ended:#?}"
        );
    }
}
