//! The files of the menu and of the desktop.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{MENU, home, list, names, read, shortcut};
use crate::harness::is_installed;

const ENTRY: &str = ".local/share/applications/playcookie-ttr-alice.desktop";
const ICONS: &str = ".local/share/icons/hicolor";

/// Asserts that a file is a valid entry without a warning, if the tool for that is installed.
#[track_caller]
pub(super) fn assert_valid(file: &Path) {
    let tool = "desktop-file-validate";
    if is_installed(tool) {
        let output = Command::new(tool).arg(file).output().expect("the tool");
        let printed = String::from_utf8_lossy(&output.stdout);
        let is_valid = output.status.success() && printed.is_empty();
        assert!(
            is_valid,
            "{printed}\n{}",
            fs::read_to_string(file).expect("text")
        );
    }
}

#[test]
fn an_account_gets_a_valid_entry_with_an_icon() {
    let home = home();
    let added = shortcut(&home, &["add", "alice"]).exits(0);
    assert!(
        added.stderr.contains("alice: added to the menu"),
        "{added:#?}"
    );
    let program = env!("CARGO_BIN_EXE_playcookie");
    let expected = format!(
        "[Desktop Entry]\n\
         Type=Application\n\
         Name=Toontown Rewritten (alice)\n\
         Comment=Log in as alice and start Toontown Rewritten\n\
         Exec={program} play alice\n\
         Icon=playcookie\n\
         Terminal=false\n\
         StartupNotify=false\n\
         Categories=Game;\n\
         Keywords=playcookie;ttr;alice;\n\
         X-Playcookie-Shortcut=alice\n"
    );
    assert_eq!(read(&home, ENTRY), expected);
    assert_valid(&home.path().join(ENTRY));
    let svg = read(&home, &format!("{ICONS}/scalable/apps/playcookie.svg"));
    assert!(svg.starts_with("<svg"), "{svg}");
    let png = home.path().join(ICONS).join("256x256/apps/playcookie.png");
    assert!(fs::read(png).expect("a file").starts_with(b"\x89PNG"));
}

#[test]
fn a_terminal_is_opened_when_something_may_be_asked() {
    let home = home();
    for (name, file, terminal) in [
        ("alice", "ttr-alice", false),
        ("bob", "tlopo-bob", true),
        ("carol", "ttcc-carol", false),
        ("dora", "ttr-dora", false),
        ("@kept", "group-kept", false),
        ("@evening", "group-evening", true),
        ("ttcc", "ttcc", true),
    ] {
        shortcut(&home, &["add", name]).exits(0);
        let path = format!("{MENU}/playcookie-{file}.desktop");
        let entry = read(&home, &path);
        let line = format!("\nTerminal={terminal}\n");
        assert!(entry.contains(&line), "{name}: {entry}");
        assert_valid(&home.path().join(path));
    }
}

#[test]
fn the_folders_are_those_that_the_system_names() {
    let home = home();
    let desktop = home.path().join("Büro 1");
    let folders = "XDG_DESKTOP_DIR=\"$HOME/Büro 1\"\n";
    home.write(".config/user-dirs.dirs", folders);
    let data = home.path().join("data");
    let added = home.program(&["shortcut", "add", "alice", "--desktop", "--menu"]);
    added.env("XDG_DATA_HOME", &data).run().exits(0);
    assert_eq!(names(&home, "Büro 1"), ["playcookie-ttr-alice.desktop"]);
    assert_eq!(names(&home, "data"), ["applications", "icons"]);
    assert_eq!(names(&home, ".local/share"), Vec::<String>::new());
    let entry = desktop.join("playcookie-ttr-alice.desktop");
    let mode = fs::metadata(&entry).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_valid(&entry);
}

#[test]
fn files_of_others_are_neither_replaced_nor_removed() {
    let home = home();
    let theirs = "[Desktop Entry]\nType=Application\nName=x\nExec=playcookie play alice\n";
    home.write(ENTRY, theirs);
    shortcut(&home, &["add", "alice"]).fails(74, "was not made by playcookie");
    shortcut(&home, &["remove", "alice"]).fails(64, "there is no shortcut of \"alice\"");
    assert_eq!(list(&home), Vec::<[String; 3]>::new());
    assert_eq!(read(&home, ENTRY), theirs);
}

#[test]
fn an_added_shortcut_replaces_the_one_with_its_name() {
    let home = home();
    shortcut(&home, &["add", "alice"]).exits(0);
    let entry = read(&home, ENTRY);
    home.write(ENTRY, entry.replace("Exec=", "Exec=/old"));
    shortcut(&home, &["add", "alice"]).exits(0);
    assert_eq!(read(&home, ENTRY), entry);
    assert_eq!(names(&home, MENU), ["playcookie-ttr-alice.desktop"]);
}

#[test]
fn the_icon_goes_with_the_last_shortcut_unless_the_user_has_replaced_it() {
    let home = home();
    let svg = format!("{ICONS}/scalable/apps/playcookie.svg");
    home.write(&svg, "my own");
    for name in ["alice", "bob"] {
        shortcut(&home, &["add", name]).exits(0);
    }
    let png = format!("{ICONS}/256x256/apps");
    shortcut(&home, &["remove", "alice"]).exits(0);
    assert_eq!(names(&home, &png), ["playcookie.png"]);
    shortcut(&home, &["remove", "bob"]).exits(0);
    assert_eq!(names(&home, &png), Vec::<String>::new());
    assert_eq!(read(&home, &svg), "my own");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let home = home();
    home.write(MENU, "a file in the way");
    shortcut(&home, &["add", "alice"]).fails(74, "applications");
}
