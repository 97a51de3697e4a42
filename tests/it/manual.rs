//! The command `man`.

use std::collections::BTreeSet;
use std::fs;

use playcookie::base::failure::Reason;

use crate::harness::Home;

#[test]
fn the_program_and_each_command_have_a_page() {
    let home = Home::new();
    for (command, title, words) in [
        (&[][..], "playcookie", "rehearse"),
        (&["ttr"], "playcookie-ttr", "dry\\-run"),
        (
            &["ttr", "login"],
            "playcookie-ttr-login",
            "password\\-command",
        ),
        (&["rehearse"], "playcookie-rehearse", "two\\-factor"),
    ] {
        let ended = home.program(&[&["man"], command].concat()).run().exits(0);
        assert!(
            ended
                .stdout
                .starts_with(&format!(".TH {title} 1 \"\" \"playcookie ")),
            "{command:?}: {}",
            ended.stdout
        );
        assert!(ended.stdout.contains(words), "{command:?}: {words}");
    }
}

#[test]
fn the_main_page_names_every_exit_status_and_variable() {
    let page = Home::new().program(&["man"]).run().exits(0).stdout;
    for reason in Reason::ALL {
        let line = format!("{} {}", reason.status(), reason.name());
        assert!(
            page.contains(&line) || page.contains(&line.replace('-', "\\-")),
            "{line}"
        );
    }
    for word in [
        "EXIT STATUS",
        "files are missing or outdated",
        "130",
        "143",
        "PLAYCOOKIE_USERNAME",
        "PLAYCOOKIE_PASSWORD",
        "PLAYCOOKIE_CODE",
        "NO_COLOR",
        "SSL_CERT_FILE",
    ] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn every_page_has_the_exit_statuses_and_most_have_examples() {
    let home = Home::new();
    for command in [
        "",
        "ttr login",
        "accounts add",
        "scid play",
        "rehearse update",
    ] {
        let words: Vec<_> = command.split_whitespace().collect();
        let page = home.program(&[&["man"], &words[..]].concat()).run();
        let page = page.exits(0).stdout.replace("\\-", "-");
        for part in [
            "EXIT STATUS",
            "\\fB0\\fR",
            "\\fB10\\fR",
            "129, 130",
            "77 code",
            ".SH EXAMPLES",
            "How long connecting may take",
        ] {
            assert!(page.contains(part), "{command}: {part}: {page}");
        }
        let (_, examples) = page.split_once(".SH EXAMPLES").expect("examples");
        let verb = words.last().unwrap_or(&"rehearse ttr");
        assert!(examples.contains(verb), "{command}: {examples}");
        assert_eq!(page.contains("SEE ALSO"), !command.is_empty(), "{page}");
    }
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_page_is_shown_with_man_where_man_can_show_it() {
    let home = Home::new();
    let install = |script: &str| {
        let program = home.write("bin/man", script);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(program, mode).expect("a mode");
    };
    install("#!/bin/sh\necho \"man $*\"\n/bin/grep '^.TH'\n");
    let show = |path: &str| {
        let program = home
            .program(&["man", "ttr", "login"])
            .env("PATH", home.path().join(path));
        program.on_a_terminal().wait().exits(0).stderr
    };
    assert_eq!(show("bin").lines().next(), Some("man -l -"));
    assert!(
        show("bin").contains("\n.TH playcookie-ttr-login 1 "),
        "{}",
        show("bin")
    );
    // Without the program, and with one that fails, the page itself is printed.
    assert!(show("none").starts_with(".TH playcookie-ttr-login 1 "));
    install("#!/bin/sh\n/bin/cat >/dev/null\nexit 1\n");
    assert!(show("bin").starts_with(".TH playcookie-ttr-login 1 "));
}

#[test]
fn the_main_page_and_the_readme_name_the_same_signals() {
    let page = Home::new().program(&["man"]).run().exits(0).stdout;
    let readme = include_str!("../../README.md");
    for (statuses, meaning) in [
        (
            "129, 130, 131, 143",
            "hung up, interrupted, quit, terminated",
        ),
        ("138 (158 on macOS), 142, 152", "other signals"),
    ] {
        assert!(readme.contains(&format!("| {statuses} | | {meaning} |")));
        assert!(page.contains(statuses) && page.contains(meaning), "{page}");
    }
}

#[test]
fn one_page_per_command_is_written_and_none_for_hidden_ones() {
    let home = Home::new();
    home.program(&["man", "--into", "some/pages"])
        .run()
        .exits(0);
    let folder = fs::read_dir(home.path().join("some/pages")).expect("a folder");
    let names: BTreeSet<_> = folder
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    let verbs = [
        "",
        "-districts",
        "-exec",
        "-installs",
        "-login",
        "-path",
        "-play",
        "-uninstall",
        "-update",
        "-verify",
    ];
    let games = ["ttr", "ttcc", "tlopo"];
    let games = games
        .iter()
        .flat_map(|game| verbs.map(|verb| format!("-{game}{verb}")));
    let data = ["doodles", "fieldoffices", "sillymeter"].map(|verb| format!("-ttr-{verb}"));
    let others = [
        "",
        "-completions",
        "-doctor",
        "-man",
        "-play",
        "-ps",
        "-rehearse",
        "-rehearse-districts",
        "-rehearse-status",
        "-rehearse-update",
        "-scid",
        "-shortcut",
        "-shortcut-add",
        "-shortcut-list",
        "-shortcut-remove",
        "-status",
        "-stop",
    ];
    let others = others.map(str::to_owned);
    let accounts = [
        "", "-add", "-edit", "-group", "-list", "-remove", "-rename", "-show",
    ];
    let accounts = accounts.map(|verb| format!("-accounts{verb}"));
    let config = ["", "-edit", "-get", "-path", "-set", "-show", "-unset"]
        .map(|verb| format!("-config{verb}"));
    let scid = [
        "login",
        "whoami",
        "links",
        "settings",
        "settings-set",
        "token",
        "token-import",
        "logout",
        "tag",
        "games",
        "play",
    ];
    let scid = scid.map(|verb| format!("-scid-{verb}"));
    let expected = games
        .chain(data)
        .chain(others)
        .chain(scid)
        .chain(accounts)
        .chain(config)
        .map(|name| format!("playcookie{name}.1"));
    assert_eq!(names, expected.collect());
    for name in names {
        let page = fs::read_to_string(home.path().join("some/pages").join(&name)).expect("a page");
        assert!(
            page.contains(&format!(".TH {} 1 ", name.trim_end_matches(".1"))),
            "{name}"
        );
        assert!(
            !page.contains("stand\\-in\\-game"),
            "{name} shows what is hidden"
        );
    }
}

#[test]
fn pages_that_cannot_be_written_are_an_io_failure() {
    let home = Home::new();
    home.write("taken", "");
    home.program(&["man", "--into", "taken"])
        .run()
        .fails(74, "taken");
}

#[test]
fn an_unknown_command_has_no_page() {
    let home = Home::new();
    for command in [
        &["hunter2"][..],
        &["ttr", "hunter2"],
        &["ttr", "login", "hunter2"],
        &["stand-in-game"],
    ] {
        home.program(&[&["man"], command].concat())
            .run()
            .fails(64, "no such command")
            .hides(&["hunter2"]);
    }
    home.program(&["man", "ttr", "--into", "pages"])
        .run()
        .fails(64, "--into");
}
