//! Manifests that are invalid, too long, or name files outside of the game: nothing is written.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::mirror::Mirror;
use crate::harness::publisher::{LIST, Publisher, sha1};

/// A home without the game and one with it.
struct Homes {
    publisher: Publisher,
    homes: [Installation; 2],
}

impl Homes {
    fn new() -> Self {
        let publisher = game();
        let homes = [Installation::new(), Installation::of(&publisher)];
        for home in &homes {
            home.home.write("outside", "theirs");
        }
        Self { publisher, homes }
    }

    /// Asserts that a list is refused with this status, that no file is requested, and that the homes do not change.
    #[track_caller]
    fn refuses(&self, body: impl Into<Vec<u8>>, status: i32) {
        self.publisher.mirror.put(LIST, body);
        for home in &self.homes {
            let before = home.everything();
            let ended = home.update(&self.publisher, &[]).run();
            ended.fails(status, "the list of files of").stays_plain();
            let ended = home.update(&self.publisher, &["--check"]).run();
            ended.exits(status);
            assert_eq!(home.everything(), before);
        }
        let asked = self.publisher.mirror.take();
        assert!(asked.iter().all(|asked| asked.path == LIST), "{asked:?}");
    }
}

fn entry() -> Value {
    json!({ "dl": "x.bz2", "hash": sha1(b"x"), "compHash": sha1(b"y"), "patches": {} })
}

/// Returns a list with a valid file and this entry.
fn with(name: &str, entry: &Value) -> String {
    json!({ "TTREngine": self::entry(), name: entry }).to_string()
}

#[test]
fn a_list_with_a_name_outside_of_the_game_is_refused() {
    let homes = Homes::new();
    for name in [
        "/etc/passwd",
        "//server/share",
        "..",
        "../outside",
        "a/../../outside",
        "resources/../../../outside",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "",
        "C:a",
        "C:/a",
        "C:\\a",
        "a\\b",
        "..\\outside",
        "\\\\server\\share",
        "a\0b",
        "a\nb",
        "a\u{1b}[2Jb",
        "a\u{202e}b",
        ".x.0123456.part",
        "b/.x.0123456.new",
        "TTREngine/file",
        &"x".repeat(300),
        &"x/".repeat(3_000),
    ] {
        homes.refuses(with(name, &entry()), 65);
    }
}

#[test]
fn a_list_with_such_a_name_for_another_system_is_refused() {
    let homes = Homes::new();
    let mut entry = entry();
    entry["only"] = json!(["win32"]);
    homes.refuses(with("..\\outside", &entry), 65);
}

#[test]
fn a_list_with_a_source_outside_of_the_mirror_is_refused() {
    let homes = Homes::new();
    for dl in [
        "%2e%2e%2fx",
        "..%2f..%2fx",
        "../x",
        "/x",
        "%2fx",
        "https://example.com/x",
        "a%5cb",
        "a%00b",
        "a%0d%0aHost:%20example.com",
    ] {
        let mut entry = entry();
        entry["dl"] = json!(dl);
        homes.refuses(with("a", &entry), 65);
    }
}

#[test]
fn a_list_with_a_file_that_is_also_a_folder_is_refused() {
    let homes = Homes::new();
    let entry = entry();
    homes.refuses(format!(r#"{{"a/b":{entry},"a":{entry}}}"#), 65);
    homes.refuses(format!(r#"{{"a/b/c":{entry},"a/b":{entry}}}"#), 65);
}

/// As in most JSON parsers.
#[test]
fn the_last_of_two_entries_with_the_same_name_is_used() {
    let publisher = one(4_000);
    let mut list = json!({ "a.mf": entry() }).to_string();
    list.pop();
    let right = json!({
        "dl": publisher.path("a.mf").replace("/patches/", ""),
        "hash": sha1(&publisher.contents()["a.mf"]),
    });
    publisher
        .mirror
        .put(LIST, format!(r#"{list},"a\u002emf":{right}}}"#));
    let installation = Installation::new();
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn an_invalid_list_is_not_understood() {
    let homes = Homes::new();
    let whole = with("a", &entry());
    for body in [
        "",
        "null",
        "[]",
        "7",
        "\"a\"",
        "{}",
        "<!DOCTYPE html><title>Log in to the hotel</title>",
        &whole[..whole.len() - 1],
        &whole[..whole.len() / 2],
        &format!("{whole}{whole}"),
        &"{\"a\":".repeat(100_000),
        r#"{"a":null}"#,
        r#"{"a":[]}"#,
        r#"{"a":{}}"#,
        r#"{"a":{"hash":"x","dl":"x"}}"#,
        &with("a", &json!({ "dl": "x", "hash": 7 })),
        &with("a", &json!({ "dl": "", "hash": sha1(b"x") })),
        &with("a", &json!({ "dl": ["x"], "hash": sha1(b"x") })),
        &with("a", &json!({ "dl": "x", "hash": &sha1(b"x")[..39] })),
        &with("a", &json!({ "dl": "x", "hash": "g".repeat(40) })),
    ] {
        homes.refuses(body, 76);
    }
    homes.refuses(b"\xff\xfe{\0}\0", 76);
}

#[test]
fn a_list_over_the_size_limit_is_not_read() {
    let homes = Homes::new();
    let mut long = String::from("{");
    for index in 0..200_000 {
        let _ = write!(long, r#""f{index}":{{"dl":"x","hash":"{index:040x}"}},"#);
    }
    long.pop();
    homes.refuses(long + "}", 76);
    homes.refuses([&b"{\"a\":\""[..], &vec![b'x'; 40 << 20]].concat(), 76);
}

#[test]
fn invalid_patches_and_hashes_are_ignored() {
    let mut publisher = one(4_000);
    for (key, value) in [
        ("patches", json!("none")),
        ("patches", json!({ "x": 7, "../y": { "filename": "../z" } })),
        ("compHash", json!(null)),
        ("compHash", json!(7)),
        ("only", json!(null)),
    ] {
        publisher.change("a.mf", |entry| entry[key] = value);
        let installation = Installation::new();
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
    }
    let old = b"old".repeat(400);
    let installation = Installation::of(&publisher);
    publisher.file("a.mf", b"new");
    installation.write("a.mf", &old);
    publisher.patch("a.mf", &old);
    publisher.change("a.mf", |entry| {
        entry["patches"][sha1(&old)]["filename"] = json!("%2e%2e/patch");
    });
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn invalid_lists_of_the_other_game_are_refused() {
    let folder = if cfg!(target_os = "macos") {
        "mac"
    } else {
        "linux2"
    };
    for (body, status) in [
        (r#"{"files":{"../outside":{"hash":"0123456"}}}"#, 65),
        (r#"{"files":{"a\\b":{"hash":"0123456"}}}"#, 65),
        (r#"{"files":{"a":{"hash":"012345"}}}"#, 76),
        (r#"{"files":{"a":{"hash":"xyz4567"}}}"#, 76),
        (r#"{"files":{}}"#, 76),
        (r#"{"files":[]}"#, 76),
        ("<html>", 76),
    ] {
        let (mirror, installation) = (Mirror::new(), Installation::new());
        mirror.put(&format!("/{folder}/patcher.json"), body);
        let ended = installation.update_from(&mirror.root(), "tlopo", &[]).run();
        ended.fails(status, "the list of files of");
        assert!(installation.everything().is_empty(), "{body}");
    }
}

#[test]
fn a_list_without_files_for_this_system_is_not_understood() {
    let mut publisher = Publisher::of(&[("a", b"a")]);
    publisher.change("a", |entry| entry["only"] = json!([]));
    let installation = Installation::new();
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(76, "has no file for this system");
}
