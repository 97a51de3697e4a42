//! Entries in the library of Steam.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command};

use super::{home, list, names, read, shortcut};
use crate::harness::Home;

const ROOT: &str = ".local/share/Steam";
/// What other programs have written, and a file without entries.
const SAMPLES: [&str; 5] = [
    "linux_shortcut",
    "shortcutsspore",
    "steam_rom_manager",
    "failing",
    "empty",
];

fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fuzz/seeds/steam_shortcuts"
    );
    fs::read(PathBuf::from(folder).join(name).with_extension("vdf")).expect("a sample")
}

/// Creates a user of Steam, with a file unless it is `None`, and returns the path of the file below the home.
fn user(home: &Home, root: &str, id: &str, file: Option<&[u8]>) -> String {
    let folder = format!("{root}/userdata/{id}/config");
    fs::create_dir_all(home.path().join(&folder)).expect("a folder");
    let path = format!("{folder}/shortcuts.vdf");
    if let Some(file) = file {
        home.write(&path, file);
    }
    path
}

fn bytes(home: &Home, path: &str) -> Vec<u8> {
    fs::read(home.path().join(path)).expect("a file")
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn what_others_have_written_stays_byte_for_byte() {
    for name in SAMPLES {
        let whole = sample(name);
        // Some programs leave out the last byte.
        for missing in [0, 1] {
            let before = &whole[..whole.len() - missing];
            let (home, ends) = (home(), 2 - missing);
            let path = user(&home, ROOT, "1234", Some(before));
            shortcut(&home, &["add", "alice", "--steam"]).exits(0);
            let added = bytes(&home, &path);
            assert!(added.len() > before.len() + 200, "{name}");
            assert!(added.starts_with(&before[..before.len() - ends]), "{name}");
            assert!(added.ends_with(&before[before.len() - ends..]), "{name}");
            assert_eq!(bytes(&home, &format!("{path}.old")), before, "{name}");
            shortcut(&home, &["add", "alice", "--steam"]).exits(0);
            assert_eq!(bytes(&home, &path), added, "{name}");
            shortcut(&home, &["remove", "alice"]).exits(0);
            assert_eq!(bytes(&home, &path), before, "{name}");
            let folder = format!("{ROOT}/userdata/1234/config");
            let files = ["shortcuts.vdf", "shortcuts.vdf.old"];
            assert_eq!(names(&home, &folder), files);
        }
    }
}

#[test]
fn an_entry_has_the_fields_that_steam_writes() {
    let home = home();
    let path = user(&home, ROOT, "1234", None);
    shortcut(&home, &["add", "@evening", "--steam"]).exits(0);
    let program = env!("CARGO_BIN_EXE_playcookie");
    let (folder, _) = program.rsplit_once('/').expect("a folder");
    let icon = home
        .path()
        .join(".local/share/icons/hicolor/256x256/apps/playcookie.png");
    let entry = bytes(&home, &path);
    let start = b"\0shortcuts\0\x000\0\x02appid\0";
    assert!(entry.starts_with(start), "{entry:?}");
    // The id is a checksum of the path.
    let rest = &entry[start.len() + 4..];
    assert_eq!(entry[start.len() + 3] & 0x80, 0x80);
    let icon = icon.display();
    let expected = [
        format!("\x01AppName\0playcookie @evening\0\x01Exe\0\"{program}\"\0\x01StartDir\0\"{folder}/\"\0"),
        format!("\x01icon\0{icon}\0\x01ShortcutPath\0\0\x01LaunchOptions\0play @evening\0"),
        "\x02IsHidden\0\0\0\0\0\x02AllowDesktopConfig\0\x01\0\0\0\x02AllowOverlay\0\x01\0\0\0".to_owned(),
        "\x02OpenVR\0\0\0\0\0\x02Devkit\0\0\0\0\0\x01DevkitGameID\0\0".to_owned(),
        "\x02DevkitOverrideAppID\0\0\0\0\0\x02LastPlayTime\0\0\0\0\0\x01FlatpakAppID\0\0".to_owned(),
        "\0tags\0\x08\x08\x08\x08".to_owned(),
    ]
    .concat();
    assert_eq!(String::from_utf8_lossy(rest), expected);
    assert!(fs::exists(icon.to_string()).expect("a file"));
    assert_eq!(
        list(&home),
        [["@evening".to_owned(), "steam".to_owned(), path]]
    );
}

#[test]
fn every_user_of_every_steam_gets_the_entry_once() {
    let home = home();
    let flatpak = ".var/app/com.valvesoftware.Steam/.local/share/Steam";
    let users = [
        user(&home, ROOT, "1", None),
        user(&home, ROOT, "22", Some(&sample("linux_shortcut"))),
        user(&home, flatpak, "1", None),
    ];
    let others = [user(&home, ROOT, "0", None), user(&home, ROOT, "ac", None)];
    fs::create_dir(home.path().join(".steam")).expect("a folder");
    symlink(home.path().join(ROOT), home.path().join(".steam/steam")).expect("a link");
    let added = shortcut(&home, &["add", "alice", "--steam"]).exits(0);
    let warnings = added
        .stderr
        .lines()
        .filter(|line| line.starts_with("warning: "));
    assert_eq!(
        warnings.collect::<Vec<_>>(),
        [
            "warning: the Steam of Flatpak cannot start playcookie, which is outside of its sandbox; add the shortcut with --menu, or install Steam without Flatpak"
        ]
    );
    for path in &users {
        let file = bytes(&home, path);
        let title = "Toontown Rewritten (alice)";
        assert!(contains(&file, title), "{path}");
        let count = file
            .windows(title.len())
            .filter(|window| *window == title.as_bytes())
            .count();
        assert_eq!(count, 1, "{path}");
    }
    for path in &others {
        assert!(!home.path().join(path).exists(), "{path}");
    }
    assert_eq!(list(&home).len(), users.len());
    shortcut(&home, &["remove", "alice"]).exits(0);
    assert_eq!(list(&home).len(), 0);
}

/// A program that ends with the test.
struct Running(Child);

impl Running {
    /// Starts a copy of `sleep` at a path below the home.
    fn new(home: &Home, path: &str) -> Self {
        let path = home.write(path, "");
        fs::copy("/bin/sleep", &path).expect("a program");
        Self(Command::new(path).arg("60").spawn().expect("it starts"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn nothing_is_changed_while_steam_runs() {
    // In a container, the process id is another one.
    for program in ["bin/steam", ".local/share/Steam/ubuntu12_32/steam"] {
        let (home, before) = (home(), sample("linux_shortcut"));
        let path = user(&home, ROOT, "1234", Some(&before));
        let added = shortcut(&home, &["add", "bob", "--steam"]).exits(0);
        assert!(!added.stderr.contains("warning: "), "{added:#?}");
        let before = bytes(&home, &path);
        let running = Running::new(&home, program);
        home.write(".steam/steam.pid", format!("{}\n", running.0.id()));
        if program.starts_with('.') {
            home.write(".steam/steam.pid", "1\n");
        }
        for arguments in [
            &["add", "alice", "--steam", "--menu"][..],
            &["remove", "bob"],
        ] {
            let failed = shortcut(&home, arguments).fails(75, "Steam is running");
            assert!(failed.hint().contains("end Steam"), "{failed:#?}");
        }
        assert_eq!(bytes(&home, &path), before);
        assert_eq!(names(&home, super::MENU), Vec::<String>::new());
        // What needs no change is no error.
        shortcut(&home, &["add", "bob", "--steam"]).exits(0);
        drop(running);
        shortcut(&home, &["remove", "bob"]).exits(0);
    }
}

#[test]
fn a_process_id_that_another_process_has_is_not_steam() {
    let home = home();
    user(&home, ROOT, "1234", None);
    let running = Running::new(&home, "bin/other");
    home.write(".steam/steam.pid", running.0.id().to_string());
    shortcut(&home, &["add", "alice", "--steam"]).exits(0);
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    let cut = {
        let mut sample = sample("linux_shortcut");
        sample.truncate(sample.len() / 2);
        sample
    };
    for file in [
        &b"\"shortcuts\"\n{\n}\n"[..],
        &cut,
        b"\x08",
        b"\0other\0\x08\x08",
    ] {
        let home = home();
        let good = user(&home, ROOT, "1", None);
        shortcut(&home, &["add", "bob", "--steam"]).exits(0);
        let before = bytes(&home, &good);
        let path = user(&home, ROOT, "2", Some(file));
        shortcut(&home, &["add", "alice", "--steam"]).fails(74, "shortcuts.vdf cannot be read");
        assert_eq!(bytes(&home, &path), file);
        assert_eq!(bytes(&home, &good), before);
        shortcut(&home, &["remove", "bob"]).exits(0);
        assert_eq!(bytes(&home, &path), file);
        assert_eq!(list(&home).len(), 0);
    }
}

#[test]
fn without_a_user_of_steam_nothing_is_added() {
    let home = home();
    let failed = shortcut(&home, &["add", "alice", "--steam"]).fails(74, "no user of Steam");
    assert!(failed.hint().contains("start Steam"), "{failed:#?}");
    assert_eq!(names(&home, ".local/share"), Vec::<String>::new());
}

#[test]
fn a_linked_file_stays_a_link() {
    let home = home();
    let path = user(&home, ROOT, "1", None);
    let target = home.write("synced/shortcuts.vdf", sample("linux_shortcut"));
    symlink(&target, home.path().join(&path)).expect("a link");
    shortcut(&home, &["add", "alice", "--steam"]).exits(0);
    let link = fs::symlink_metadata(home.path().join(&path)).expect("a link");
    assert!(link.is_symlink());
    assert!(contains(&fs::read(target).expect("a file"), "(alice)"));
    let icon = read(
        &home,
        ".local/share/icons/hicolor/scalable/apps/playcookie.svg",
    );
    assert!(icon.starts_with("<svg"));
}
