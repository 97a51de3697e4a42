//! An invalid configuration: errors show the line number but not the text, and commands that need it do nothing.

use super::ALICE;
use crate::harness::{Home, Program, RunOutput};

const SECRET: &str = "hunter2-5ec7e7";

/// Asserts that `config show` of this text fails, and returns its output.
#[track_caller]
fn show(text: impl AsRef<[u8]>) -> RunOutput {
    let home = Home::new();
    home.configure(text);
    let ended = home.program(&["config", "show", "--json"]).run();
    let path = home.configuration_path().display().to_string();
    let ended = ended
        .fails(78, &path)
        .hides(&[SECRET, "hunter2"])
        .prints_plain_text();
    let event = ended.error_event();
    assert_eq!(event["reason"], "configuration");
    assert_eq!(event["message"], ended.error());
    ended
}

#[test]
fn an_unknown_key_is_reported_by_its_line_with_a_suggestion() {
    for (text, line, key, meant) in [
        (
            "[ttr]\n\ngame_dir = \"S\"\n",
            3,
            "game_dir",
            Some("game-dir"),
        ),
        ("[ttr]\nwraper = [\"S\"]\n", 2, "wraper", Some("wrapper")),
        (
            "# S\n[ttcc]\ntoonslot = \"S\"",
            3,
            "toonslot",
            Some("toon-slot"),
        ),
        ("[ttr]\nxyzzy = \"S\"\n", 2, "xyzzy", None),
        ("[tttr]\n", 1, "tttr", Some("ttr")),
        (
            "[groups]\n[account.alice]\n",
            2,
            "account",
            Some("accounts"),
        ),
        ("xyzzy = \"S\"\n", 1, "xyzzy", None),
        ("[ttr]\nkept = [\"S\"]\n", 2, "kept", None),
        (
            "[scid]\npassword-command = \"S\"\n",
            2,
            "password-command",
            None,
        ),
        ("ttr = { exee = \"S\" }\n", 1, "exee", Some("exe")),
        (
            "[accounts.alice]\ngame = \"ttr\"\nusername = \"S\"\npassword = \"S\"\n",
            4,
            "password",
            Some("password-command"),
        ),
    ] {
        let ended = show(text.replace('S', SECRET));
        let (error, hint) = ended.error_and_hint();
        assert!(
            error.contains(&format!("line {line}: ")) && error.contains(&format!("\"{key}\"")),
            "{ended:#?}"
        );
        match meant {
            Some(meant) => assert!(
                hint.contains(&format!("did you mean \"{meant}\"?")),
                "{ended:#?}"
            ),
            None => assert!(!hint.contains("did you mean"), "{ended:#?}"),
        }
    }
}

#[test]
fn invalid_toml_is_reported_by_its_line_without_its_text() {
    for (text, line) in [
        ("[ttr]\nexe = S\n", 2),
        ("[ttr]\nexe = \"S\n", 2),
        ("[ttr]\nS\n", 2),
        ("\n\n[ttr\npre-launch = \"S\"\n", 3),
        ("[ttr]\npre-launch = \"\\S\"\n", 2),
        ("[ttr]\nexe = \"/a\"\nexe = \"S\"\n", 3),
        ("[ttr]\npre-launch = \"\u{1b}]0;S\u{7}\"\n", 2),
        ("[ttr]\npre-launch = \"S\"\r# S\n", 2),
    ] {
        let ended = show(text.replace('S', SECRET));
        let line = format!("line {line}: ");
        assert!(ended.error().contains(&line), "{text:?} {ended:#?}");
    }
}

#[test]
fn an_invalid_value_is_reported_by_its_line_and_not_printed() {
    for (text, line, key) in [
        ("[ttr]\nexe = \"S\"\n", 2, "exe"),
        ("[ttr]\nexe = 5\n", 2, "exe"),
        ("[ttr]\nwrapper = \"'S\"\n", 2, "wrapper"),
        ("[ttr]\nargs = \"S\"\n", 2, "args"),
        (
            "[ttr]\nenv = { PLAYCOOKIE_CODE = \"S\" }\n",
            2,
            "a variable of playcookie",
        ),
        ("[ttr]\nrunner = \"S\"\n", 2, "runner"),
        ("[ttr]\nprefix = \"S\"\n", 2, "prefix"),
        ("[ttr]\nwine = \"S/wine\"\n", 2, "wine"),
        ("[ttr]\nproton = \"~S/x\"\n", 2, "proton"),
        ("[ttr]\napi = \"http://S.example\"\n", 2, "api"),
        ("[ttr]\napi = \"https://u:S@a.example\"\n", 2, "api"),
        ("[ttr]\nupdate = \"S\"\n", 2, "update"),
        ("[ttcc]\ntoon-slot = 6\n", 2, "toon-slot"),
        ("[ttr]\nlog = \"a\"\ntoon-slot = 1\n", 2, "log"),
        ("[ttr]\n\ntoon-slot = 1\n", 3, "toon-slot"),
        ("[groups]\nevening = \"S\"\n", 2, "evening"),
        ("[accounts.alice]\nusername = \"S\"\n", 1, "game"),
        ("[accounts.alice]\ngame = \"S\"\n", 2, "game"),
        ("[accounts.alice]\ngame = \"ttr\"\n", 1, "username"),
        (
            "[accounts.alice]\ngame = \"ttr\"\nusername = \"S\"\nkept = [\"S\"]\n",
            4,
            "kept",
        ),
        (
            "[accounts.alice]\ngame = \"ttr\"\nusername = \"S\"\nkept = [\"token\"]\n",
            4,
            "kept",
        ),
        (
            "[accounts.\"S@b\"]\ngame = \"ttr\"\nusername = \"S\"\n",
            1,
            "name",
        ),
        (
            "[accounts.play]\ngame = \"ttr\"\nusername = \"S\"\n",
            1,
            "name",
        ),
        ("[groups]\n\"S S\" = []\n", 2, "name"),
    ] {
        let ended = show(text.replace('S', SECRET));
        let line = format!("line {line}: ");
        let error = ended.error();
        assert!(
            error.contains(&line) && error.contains(key),
            "{text:?} {ended:#?}"
        );
    }
}

#[test]
fn two_accounts_or_groups_whose_names_differ_in_case_are_refused() {
    let both = format!("{ALICE}{}", ALICE.replace(".alice", ".Alice"));
    let ended = show(both);
    assert!(
        ended.error().contains("line 4: another account"),
        "{ended:#?}"
    );
    let ended = show(format!("{ALICE}[groups]\nEvening = []\nevening = []\n"));
    assert!(
        ended.error().contains("line 6: another group"),
        "{ended:#?}"
    );
}

#[test]
fn an_unreadable_file_is_a_configuration_error() {
    show(b"[ttr]\nexe = \"/\xff\"\n");
    let home = Home::new();
    std::fs::create_dir_all(home.configuration_path()).expect("a folder");
    let show = || home.program(&["config", "show"]).run();
    show().fails(78, "config.toml");
    let (home, most) = (Home::new(), 1024 * 1024);
    let show = || home.program(&["config", "show", "--json"]).run();
    home.configure(format!("#{}", " ".repeat(most)));
    show().fails(78, "config.toml");
    home.configure(format!("#{}", " ".repeat(most - 1)));
    show().exits(0);
}

#[cfg(unix)]
#[test]
fn a_file_that_another_user_owns_or_may_write_is_refused() {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    let home = Home::new();
    let file = home.configure(ALICE);
    let set = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&file, mode).expect("a mode");
    };
    let show = || home.program(&["config", "show"]).run();
    for mode in [0o600, 0o644, 0o444] {
        set(mode);
        show().exits(0);
    }
    for mode in [0o664, 0o646, 0o620, 0o602, 0o666] {
        set(mode);
        let ended = show().fails(78, "may write it");
        assert!(ended.hint().contains("chmod go-w"), "{ended:#?}");
        home.program(&["accounts", "group", "evening", "alice"])
            .run()
            .fails(78, "may write it");
    }
    // A link is as safe as the file that it names.
    let link = home.path().join("link.toml");
    symlink(&file, &link).expect("a link");
    let named = ["config", "show", "--config", "link.toml"];
    home.program(&named).run().fails(78, "may write it");
    set(0o644);
    home.program(&named).run().exits(0);
    // Only a superuser can give a file away.
    if chown(&file, Some(1), None).is_ok() {
        let ended = show().fails(78, "belongs to another user");
        assert!(ended.hint().contains("sudo chown \"$USER\" "), "{ended:#?}");
    }
    let no_file = ["config", "show", "--config", "/dev/null"];
    home.program(&no_file).run().exits(0);
}

#[cfg(unix)]
#[test]
fn a_fifo_in_place_of_the_lock_is_an_error() {
    let home = Home::new();
    let lock = home.configure(ALICE).with_added_extension("lock");
    let made = std::process::Command::new("mkfifo").arg(&lock).status();
    assert!(made.is_ok_and(|status| status.success()));
    home.program(&["accounts", "group", "evening", "alice"])
        .run()
        .fails(74, "cannot be written");
}

#[test]
fn a_named_file_has_to_exist() {
    let home = Home::new();
    home.configure("");
    for command in [&["config", "show"][..], &["ttr", "-u", "x"], &["play", "x"]] {
        let named = [command, &["--config", "none.toml"]].concat();
        let ended = home.program(&named).run().fails(78, "none.toml");
        assert!(ended.hint().contains("--config"), "{ended:#?}");
        let ended = home
            .program(command)
            .env("PLAYCOOKIE_CONFIG", "none.toml")
            .run()
            .fails(78, "none.toml");
        assert!(ended.hint().contains("PLAYCOOKIE_CONFIG"), "{ended:#?}");
    }
}

/// Returns the program in a home with an invalid configuration.
fn with_invalid(home: &Home, words: &[&str]) -> Program {
    home.configure("[ttr]\nxyzzy = 1\n");
    home.program(words)
}

#[test]
fn commands_without_configuration_work_with_an_invalid_one() {
    for words in [
        &["--version"][..],
        &["--help"],
        &["accounts", "--help"],
        &["rehearse", "ttr", "--dry-run"],
        &["completions", "bash"],
        &["man"],
        &["config", "path"],
    ] {
        let ended = with_invalid(&Home::new(), words).run().exits(0);
        assert!(!ended.stdout.is_empty(), "{words:?} {ended:#?}");
    }
}

#[test]
fn commands_with_configuration_do_nothing_with_an_invalid_one() {
    for words in [
        &["ttr", "-u", "x"][..],
        &["ttr", "--dry-run"],
        &["ttcc", "login", "-u", "x"],
        &["tlopo", "exec", "-u", "x", "--", "true"],
        &["play", "x"],
        &["accounts", "list"],
        &["accounts", "add", "ttr", "bob", "-u", "bob"],
        &["accounts", "edit", "bob", "-u", "bob"],
        &["accounts", "remove", "bob"],
        &["accounts", "group", "g", "bob"],
        &["config", "show"],
        &["scid", "whoami"],
    ] {
        let home = Home::new();
        let ended = with_invalid(&home, words)
            .env("PLAYCOOKIE_PASSWORD", "pw")
            .run();
        ended.fails(78, "line 2: the key \"xyzzy\"");
        assert_eq!(home.configuration().as_deref(), Some("[ttr]\nxyzzy = 1\n"));
    }
}

#[test]
fn usage_errors_are_reported_before_configuration_errors() {
    with_invalid(&Home::new(), &["accounts", "list", "--xyzzy"])
        .run()
        .fails(64, "'--xyzzy'");
}
