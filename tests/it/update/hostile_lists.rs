//! Lists with unsafe names or addresses, invalid lists and endless lists: nothing is written.

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

    /// Asserts that a list is refused with this status, that nothing else is requested, and that both homes are unchanged.
    #[track_caller]
    fn refuses(&self, body: impl Into<Vec<u8>>, status: i32) {
        self.publisher.mirror.put(LIST, body);
        for home in &self.homes {
            let before = home.home_listing();
            let ended = home.update(&self.publisher, &[]).run();
            ended
                .fails(status, "the list of files of")
                .prints_plain_text();
            let ended = home.update(&self.publisher, &["--check"]).run();
            ended.exits(status);
            assert_eq!(home.home_listing(), before);
        }
        let requests = self.publisher.mirror.take();
        assert!(
            requests.iter().all(|request| request.path == LIST),
            "{requests:?}"
        );
    }
}

fn entry() -> Value {
    json!({ "dl": "x.bz2", "hash": sha1(b"x"), "compHash": sha1(b"y"), "patches": {} })
}

/// Returns a list with a valid file and this one.
fn with(name: &str, entry: &Value) -> String {
    json!({ "TTREngine": self::entry(), name: entry }).to_string()
}

#[test]
fn a_name_outside_the_directory_refuses_the_list() {
    let wary = Homes::new();
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
        wary.refuses(with(name, &entry()), 65);
    }
}

#[test]
fn a_name_invalid_on_windows_refuses_the_list() {
    let wary = Homes::new();
    let mut entry = entry();
    entry["only"] = json!(["win32"]);
    wary.refuses(with("..\\outside", &entry), 65);
}

#[test]
fn a_download_from_another_host_refuses_the_list() {
    let wary = Homes::new();
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
        wary.refuses(with("a", &entry), 65);
    }
}

#[test]
fn a_file_that_is_also_a_folder_refuses_the_list() {
    let wary = Homes::new();
    let entry = entry();
    wary.refuses(format!(r#"{{"a/b":{entry},"a":{entry}}}"#), 65);
    wary.refuses(format!(r#"{{"a/b/c":{entry},"a/b":{entry}}}"#), 65);
}

/// JSON parsers use the last of duplicate keys.
#[test]
fn the_last_of_duplicate_entries_is_used() {
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
    installation.assert_complete(&publisher);
}

#[test]
fn an_invalid_list_is_not_understood() {
    let wary = Homes::new();
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
        wary.refuses(body, 76);
    }
    wary.refuses(b"\xff\xfe{\0}\0", 76);
}

#[test]
fn an_endless_list_is_aborted() {
    let wary = Homes::new();
    let mut long = String::from("{");
    for index in 0..200_000 {
        let _ = write!(long, r#""f{index}":{{"dl":"x","hash":"{index:040x}"}},"#);
    }
    long.pop();
    wary.refuses(long + "}", 76);
    wary.refuses([&b"{\"a\":\""[..], &vec![b'x'; 40 << 20]].concat(), 76);
}

/// In memory, a short value takes far more space than in the list.
#[cfg(target_os = "linux")]
#[test]
fn a_list_of_many_short_values_takes_little_memory() {
    let publisher = one(10);
    let numbered = |more: &str| {
        let numbers = 0..2_500_000;
        let fields = numbers.map(|number| format!("\"{number:x}\":{{}}"));
        fields.collect::<Vec<_>>().join(",") + more
    };
    for body in [
        format!("{{{}}}", numbered("")),
        format!("{{\"a\":{{\"patches\":{{{}", numbered("}}}")),
        format!("{{\"a\":{{\"only\":[0{}]}}}}", ",0".repeat(15_000_000)),
    ] {
        assert!(body.len() < 32 << 20, "{}", body.len());
        publisher.mirror.put(LIST, body);
        let installation = Installation::new();
        let update = installation.update(&publisher, &[]).into_command();
        let mut limited = std::process::Command::new("sh");
        limited
            .args(["-c", "ulimit -v 300000; exec \"$0\" \"$@\""])
            .arg(update.get_program())
            .args(update.get_args())
            .env_clear();
        let variables = update.get_envs();
        limited.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        let ended = limited.output().expect("it runs");
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(76), "{stderr}");
    }
}

#[test]
fn invalid_patches_are_ignored() {
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
        installation.assert_complete(&publisher);
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
    installation.assert_complete(&publisher);
}

#[test]
fn the_list_of_the_other_game_is_checked_too() {
    let folder = if cfg!(target_os = "macos") {
        "mac"
    } else {
        "win64"
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
        assert!(installation.home_listing().is_empty(), "{body}");
    }
}

#[test]
fn a_publisher_without_files_for_this_system_is_not_understood() {
    let mut publisher = Publisher::of(&[("a", b"a")]);
    publisher.change("a", |entry| entry["only"] = json!([]));
    let installation = Installation::new();
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(76, "has no file for this system");
}
