//! `config edit`: the user's editor changes a copy, which replaces the file if it is valid.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::Signal;

use super::ALICE;
use crate::harness::{CTRL_C, Home, Program};

const BOB: &str = "[accounts.bob]\ngame = \"tlopo\"\nusername = \"bob\"\n";

/// Returns `config edit` with an editor that runs this script, with the copy as `$1`.
fn edit(home: &Home, script: &str) -> Program {
    let editor = home.write("editor", format!("{script}\n"));
    home.program(&["config", "edit"])
        .env("EDITOR", format!("sh {}", editor.display()))
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("a file").permissions().mode() & 0o777
}

#[test]
fn without_a_file_the_editor_gets_a_private_template() {
    let home = Home::new();
    let script = "cp \"$1\" seen; ls -l \"$1\" >mode; printf '[ttr]\\n' >>\"$1\"";
    let ended = edit(&home, script).run().exits(0);
    assert!(
        ended.stderr.contains("config.toml is written"),
        "{ended:#?}"
    );
    let copy = std::fs::read_to_string(home.path().join("seen")).expect("a copy");
    assert!(
        copy.contains("# game-dir") && copy.lines().all(|line| line.starts_with('#')),
        "{copy}"
    );
    let listed = std::fs::read_to_string(home.path().join("mode")).expect("a line");
    assert!(listed.starts_with("-rw-------"), "{listed}");
    assert_eq!(home.configuration(), Some(format!("{copy}[ttr]\n")));
    let file = home.configuration_path();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().expect("a folder")), 0o700);
    assert_eq!(home.beside_the_configuration(), [""; 0]);
}

#[test]
fn an_unchanged_file_is_not_written() {
    let home = Home::new();
    let ended = edit(&home, "true").run().exits(0);
    assert!(ended.stderr.contains("nothing was changed"), "{ended:#?}");
    assert_eq!(home.configuration(), None);
    // This holds even for a file that was invalid before.
    let path = home.configure("xyzzy = 1\n");
    let before = path.metadata().expect("a file").modified().expect("a time");
    let ended = edit(&home, "true").run().exits(0);
    assert!(ended.stderr.contains("nothing was changed"), "{ended:#?}");
    assert_eq!(
        path.metadata().expect("a file").modified().expect("a time"),
        before
    );
    assert_eq!(home.beside_the_configuration(), [""; 0]);
}

#[test]
fn a_valid_change_can_replace_an_invalid_file() {
    for before in ["", "# mine\n", "xyzzy = 1\n", "\u{1b}\n"] {
        let home = Home::new();
        let path = home.configure(before);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("a mode");
        home.write("new", BOB);
        edit(
            &home,
            "cmp \"$1\" \"$HOME/.config/playcookie/config.toml\" && cp new \"$1\"",
        )
        .run()
        .exits(0);
        assert_eq!(home.configuration().as_deref(), Some(BOB));
        assert_eq!(mode(&path), 0o600);
        assert_eq!(home.beside_the_configuration(), [""; 0]);
    }
}

#[test]
fn a_link_to_the_file_stays_a_link() {
    let home = Home::new();
    let target = home.write("dotfiles/playcookie.toml", "");
    let link = home.configuration_path();
    std::fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    edit(&home, "printf '[ttr]\\n' >\"$1\"").run().exits(0);
    assert!(link.is_symlink());
    assert_eq!(std::fs::read_to_string(target).expect("a file"), "[ttr]\n");
}

/// Returns the saved copy that an error or hint names.
#[track_caller]
fn saved_copy(home: &Home, hint: &str) -> String {
    let [name] = &home.beside_the_configuration()[..] else {
        panic!("one copy: {:?}", home.beside_the_configuration())
    };
    let copy = home.configuration_path().with_file_name(name);
    assert!(hint.contains(copy.to_str().expect("UTF-8")), "{hint}");
    assert_eq!(mode(&copy), 0o600);
    String::from_utf8_lossy(&std::fs::read(copy).expect("a copy")).into_owned()
}

#[test]
fn an_invalid_change_is_saved_beside_the_file() {
    for (new, words) in [
        ("xyzzy = 1", "line 1: the key \"xyzzy\""),
        ("[ttr]\\nexe = hunter2", "line 2: "),
        ("# \\377", "not UTF-8"),
        (
            "[groups]\\nevening = [\"nope\"]",
            "names \"nope\", which is no",
        ),
    ] {
        let home = Home::new();
        home.configure(ALICE);
        let ended = edit(&home, &format!("printf '{new}\\n' >\"$1\"")).run();
        let ended = ended.fails(78, words).hides(&["hunter2"]);
        let written = saved_copy(&home, &ended.error_and_hint().1);
        assert!(written.starts_with(&new[..2]), "{written}");
        assert_eq!(home.configuration().as_deref(), Some(ALICE));
    }
}

#[test]
fn a_concurrent_change_is_not_overwritten() {
    for before in [None, Some(ALICE)] {
        let home = Home::new();
        before.map(|text| home.configure(text));
        home.write("other", BOB);
        let script = "mkdir -p .config/playcookie; cp other .config/playcookie/config.toml; printf '[ttr]\\n' >\"$1\"";
        let ended = edit(&home, script).run().fails(75, "another program");
        assert_eq!(saved_copy(&home, &ended.error_and_hint().1), "[ttr]\n");
        assert_eq!(home.configuration().as_deref(), Some(BOB));
    }
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    let home = Home::new();
    home.configure(ALICE);
    let ended = edit(&home, "printf '[ttr]\\n' >\"$1\"; exit 3").run();
    let ended = ended.fails(74, "status 3");
    assert_eq!(saved_copy(&home, &ended.error_and_hint().1), "[ttr]\n");
    assert_eq!(home.configuration().as_deref(), Some(ALICE));
}

#[test]
fn an_editor_that_deletes_the_copy_changes_nothing() {
    for script in ["rm \"$1\"", ": >\"$1\""] {
        for before in [Some(ALICE), None] {
            let home = Home::new();
            before.map(|text| home.configure(text));
            let ended = edit(&home, script).run();
            ended.fails(74, "the editor left nothing");
            assert_eq!(home.configuration().as_deref(), before);
            assert_eq!(home.beside_the_configuration(), [""; 0]);
        }
    }
}

#[test]
fn an_editor_that_fails_and_changed_nothing_leaves_no_copy() {
    for editor in ["false", "no-such-editor"] {
        let home = Home::new();
        home.configure(ALICE);
        let edit = home.program(&["config", "edit"]).env("EDITOR", editor);
        // Without a copy, none is named.
        edit.run().fails(74, editor).hides(&[".config-"]);
        assert_eq!(home.configuration().as_deref(), Some(ALICE));
        assert_eq!(home.beside_the_configuration(), [""; 0]);
    }
}

/// An editor that first writes an invalid and then a valid configuration.
const FIXING_EDITOR: &str = "if [ -e once ]; then grep -q xyzzy \"$1\" && printf '[ttr]\\n' >\"$1\"; else : >once; printf 'xyzzy = 1\\n' >\"$1\"; fi";

#[test]
fn an_invalid_change_can_be_edited_again() {
    let home = Home::new();
    home.configure(ALICE);
    let mut pty = edit(&home, FIXING_EDITOR).on_a_terminal();
    pty.expect("line 1: the key \"xyzzy\"");
    pty.expect("Edit it again? [y/N] ");
    pty.line("y");
    pty.wait().exits(0);
    assert_eq!(home.configuration().as_deref(), Some("[ttr]\n"));
    assert_eq!(home.beside_the_configuration(), [""; 0]);
}

#[test]
fn ctrl_c_at_the_question_ends_the_program_and_the_change_is_saved() {
    let home = Home::new();
    home.configure(ALICE);
    let mut pty = edit(&home, FIXING_EDITOR).on_a_terminal();
    pty.expect("Edit it again? [y/N] ");
    pty.keys(&[CTRL_C]);
    let ended = pty.wait().dies_of(Signal::INT);
    let last = ended.stderr.lines().last().expect("a sentence");
    assert_eq!(saved_copy(&home, last), "xyzzy = 1\n");
    assert_eq!(home.configuration().as_deref(), Some(ALICE));
}

#[test]
fn an_abandoned_change_is_saved() {
    for answer in ["", "n"] {
        let home = Home::new();
        home.configure(ALICE);
        let mut pty = edit(&home, FIXING_EDITOR).on_a_terminal();
        pty.expect("Edit it again? [y/N] ");
        pty.line(answer);
        let ended = pty.wait().exits(78);
        let last = ended.stderr.lines().last().expect("a hint");
        assert_eq!(saved_copy(&home, last), "xyzzy = 1\n");
        assert_eq!(home.configuration().as_deref(), Some(ALICE));
    }
}
