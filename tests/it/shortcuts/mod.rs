//! Shortcuts in the menu, on the desktop and in Steam.

mod desktop_entries;
mod hostile_paths;
mod steam;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::accounts::account;
use crate::harness::{Home, RunOutput};

/// The folder of the menu below a home.
const MENU: &str = ".local/share/applications";

/// Returns a home with accounts: all that alice needs is stored, and bob is asked for a code.
fn home() -> Home {
    let home = Home::new();
    let everything = "kept = [\"password\", \"totp\"]";
    home.configure(
        account("alice", "ttr", "alice-u", everything)
            + &account("bob", "tlopo", "bob-u", "kept = [\"password\"]")
            + &account("carol", "ttcc", "carol-u", "kept = [\"token\"]")
            + &account(
                "dora",
                "ttr",
                "dora-u",
                "password-command = \"echo pw\"\ncode-command = \"echo 123456\"",
            )
            + "[groups]\nkept = [\"alice\", \"carol\"]\nevening = [\"alice\", \"bob\"]\n",
    );
    home
}

/// Runs `playcookie shortcut …`.
#[track_caller]
fn shortcut(home: &Home, arguments: &[&str]) -> RunOutput {
    home.program(&[&["shortcut"], arguments].concat()).run()
}

/// Returns the sorted names of the entries of a folder below the home.
fn names(home: &Home, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(home.path().join(folder));
    let entries = entries.into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

fn read(home: &Home, path: &str) -> String {
    let path = home.path().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the shortcuts that `list --json` prints: name, place and path below the home.
#[track_caller]
fn list(home: &Home) -> Vec<[String; 3]> {
    let listed = shortcut(home, &["list", "--json"]).exits(0).stdout;
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let rows = listed["shortcuts"].as_array().expect("a list").iter();
    rows.map(|row| {
        let text = |key: &str| row[key].as_str().expect("a text").to_owned();
        let path = text("path");
        let path = Path::new(&path).strip_prefix(home.path()).expect("a path");
        let path = path.to_str().expect("UTF-8").to_owned();
        [text("name"), text("place"), path]
    })
    .collect()
}

#[test]
fn shortcuts_are_listed_and_removed_by_what_they_start() {
    let home = home();
    let nothing = shortcut(&home, &["list"]).exits(0);
    assert!(
        nothing.stderr.contains("there is no shortcut"),
        "{nothing:#?}"
    );
    shortcut(&home, &["add", "ALICE", "--menu", "--desktop"]).exits(0);
    shortcut(&home, &["add", "@evening"]).exits(0);
    shortcut(&home, &["add", "ttr"]).exits(0);
    let menu = |name: &str| format!("{MENU}/playcookie-{name}.desktop");
    let row = |name: &str, place: &str, path: String| [name.to_owned(), place.to_owned(), path];
    let desktop = "Desktop/playcookie-ttr-alice.desktop".to_owned();
    let expected = [
        row("@evening", "menu", menu("group-evening")),
        row("alice", "menu", menu("ttr-alice")),
        row("ttr", "menu", menu("ttr")),
        row("alice", "desktop", desktop),
    ];
    let mut listed = list(&home);
    listed.sort_by_key(|[name, place, _]| (place != "menu", name.clone()));
    assert_eq!(listed, expected);
    let table = shortcut(&home, &["list"]).exits(0).stdout;
    assert!(table.starts_with("NAME      PLACE    FILE\n"), "{table}");
    // All or none.
    let failed = shortcut(&home, &["remove", "alice", "evening"]).fails(64, "\"evening\"");
    assert_eq!(failed.hint(), "did you mean \"@evening\"?");
    assert_eq!(list(&home).len(), 4);
    let removed = shortcut(&home, &["rm", "Alice", "@EVENING", "--json"]).exits(0);
    let removed: Value = serde_json::from_str(&removed.stdout).expect("JSON");
    assert_eq!(removed["removed"].as_array().map(Vec::len), Some(3));
    assert_eq!(names(&home, "Desktop"), Vec::<String>::new());
    assert_eq!(names(&home, MENU), ["playcookie-ttr.desktop"]);
}

#[test]
fn a_shortcut_can_be_removed_when_its_account_is_forgotten() {
    let home = home();
    shortcut(&home, &["add", "dora"]).exits(0);
    home.configure("");
    shortcut(&home, &["remove", "dora"]).exits(0);
    assert_eq!(list(&home), Vec::<[String; 3]>::new());
}

#[test]
fn only_an_account_a_group_or_a_game_gets_a_shortcut() {
    let home = home();
    let long = "x".repeat(300);
    for (name, words) in [
        ("alcie", "\"alcie\" is no remembered account"),
        ("@morning", "morning"),
        ("a\nb \"c\" %f", "\"a b \"c\" %f\" is no remembered account"),
        (&long, "is no remembered account"),
        ("", "is no remembered account"),
        ("@", "group"),
        ("scid", "Supercell ID has no shortcut"),
    ] {
        shortcut(&home, &["add", name]).fails(64, words);
    }
    assert_eq!(names(&home, ".local"), Vec::<String>::new());
}

#[test]
fn added_shortcuts_are_printed_as_json() {
    let home = home();
    let added = shortcut(&home, &["add", "alice", "--json"]).exits(0);
    let added: Value = serde_json::from_str(&added.stdout).expect("JSON");
    let path = home.path().join(MENU).join("playcookie-ttr-alice.desktop");
    let expected = json!({ "name": "alice", "place": "menu", "path": path });
    assert_eq!(added, json!({ "added": [expected] }));
}

#[test]
fn shortcuts_whose_account_or_group_is_gone_are_named_and_marked() {
    let home = home();
    for name in ["alice", "bob", "@evening", "ttr"] {
        shortcut(&home, &["add", name, "--menu", "--desktop"]).exits(0);
    }
    let accounts = |words: &[&str]| {
        let words = [&["accounts"], words].concat();
        home.program(&words).run().exits(0).stderr
    };
    let renamed = accounts(&["edit", "dora", "--rename", "dot"]);
    assert_eq!(renamed, "dora is now dot\n");
    let renamed = accounts(&["rename", "bob", "rob"]);
    let command =
        "`playcookie shortcut remove bob && playcookie shortcut add rob --menu --desktop`";
    assert!(
        renamed.contains("still starts bob (menu, desktop)"),
        "{renamed}"
    );
    assert!(renamed.contains(command), "{renamed}");
    let removed = accounts(&["group", "evening", "--delete"]);
    assert!(
        removed.contains("`playcookie shortcut remove @evening`"),
        "{removed}"
    );
    let listed = shortcut(&home, &["list"]).exits(0).stdout;
    let gone = |listed: &str| listed.matches(" (gone) ").count();
    assert_eq!(gone(&listed), 4, "{listed}");
    shortcut(&home, &["remove", "bob", "@evening"]).exits(0);
    let left = shortcut(&home, &["list", "--json"]).exits(0).events();
    let left = left[0]["shortcuts"].as_array().expect("a list").iter();
    let left: Vec<_> = left.map(|row| row["gone"].clone()).collect();
    assert_eq!(left, [false; 4]);
}
