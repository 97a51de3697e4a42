//! What the stand-in publishes, as it comes out of its socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroU32;

use playcookie::stand_in::{Fault, Scenario};
use serde_json::Value;

use crate::harness::{Conversation, Home, StandInServer};

/// An answer: the lines of its header, in lower case, and all that came after them.
struct Came {
    head: String,
    body: Vec<u8>,
}

impl Came {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).expect("a status")
    }

    fn line(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        { lines }
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// How long it was to be.
    fn announced(&self) -> usize {
        let length = self.line("content-length").expect("a length");
        length.parse().expect("a number")
    }
}

/// Asks a server, on a connection of its own, and reads until that is closed.
fn get(root: &str, path: &str, more: &str) -> Came {
    let host = root.strip_prefix("http://").expect("http");
    let mut connection = TcpStream::connect(host).expect("a connection");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: playcookie/0\r\nConnection: close\r\n{more}\r\n"
    );
    connection.write_all(request.as_bytes()).expect("sent");
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes).expect("an answer");
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
    let body = bytes.split_off(end.expect("a header") + 4);
    let head = String::from_utf8(bytes).expect("a header");
    let head = head.to_lowercase();
    Came { head, body }
}

fn server(fault: Fault) -> StandInServer {
    StandInServer::new(Scenario {
        fault,
        ..Scenario::PLAIN
    })
}

const NOISE: &str = "/linux2/phase_4.mf.bz2";

#[test]
fn a_file_that_is_cut_off_can_be_had_rest_by_rest() {
    let whole = get(&server(Fault::NONE).root(), NOISE, "");
    assert_eq!(
        (whole.status(), whole.body.len()),
        ("200", whole.announced())
    );
    let server = server(Fault {
        cut: Some(4000),
        ..Fault::NONE
    });
    let first = get(&server.root(), NOISE, "");
    assert_eq!(
        (first.body.len(), first.announced()),
        (4000, whole.body.len())
    );
    let tag = first.line("etag").expect("a tag").to_owned();
    let mut had = first.body;
    while had.len() < whole.body.len() {
        let from = had.len();
        let rest = get(
            &server.root(),
            NOISE,
            &format!("Range: bytes={from}-\r\nIf-Range: {tag}\r\n"),
        );
        assert_eq!(rest.status(), "206");
        assert_eq!(rest.announced(), whole.body.len() - from);
        assert!(!rest.body.is_empty() && rest.body.len() <= 4000);
        had.extend(rest.body);
    }
    assert_eq!(had, whole.body);
    let more = format!("Range: bytes={}-\r\n", had.len());
    assert_eq!(get(&server.root(), NOISE, &more).status(), "416");
}

#[test]
fn a_slow_file_is_whole_and_a_damaged_one_as_long() {
    let whole = get(&server(Fault::NONE).root(), NOISE, "").body;
    let server = server(Fault {
        corrupt: 1,
        slow: NonZeroU32::new(100),
        ..Fault::NONE
    });
    let damaged = get(&server.root(), NOISE, "").body;
    assert!(damaged != whole && damaged.len() == whole.len());
    assert_eq!(get(&server.root(), NOISE, "").body, whole);
}

#[test]
fn options_say_what_is_published_and_what_goes_wrong() {
    let home = Home::new();
    let serve = |more: &[&str]| {
        let arguments = [&["rehearse", "--serve", "--json"], more].concat();
        let serving = Conversation::start(home.program(&arguments));
        let root = serving.event("serving")["api"]
            .as_str()
            .expect("a root")
            .to_owned();
        (root, serving)
    };
    let names = |root: &str| {
        let manifest = get(root, "/content/patchmanifest.txt", "").body;
        let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
        let is_there = |name| manifest.get(name).is_some();
        [is_there("phase_6.mf"), is_there("phase_7.mf")]
    };
    let (root, _serving) = serve(&[]);
    assert_eq!(names(&root), [false, true]);
    let whole = get(&root, NOISE, "").body;
    let mirrors = get(&root, "/api/mirrors", "").body;
    assert_eq!(mirrors, format!("[\"{root}/patches/\"]").as_bytes());

    let faults = [
        "--published",
        "1",
        "--cut",
        "5000",
        "--corrupt",
        "1",
        "--slow",
        "1000",
    ];
    let (root, _serving) = serve(&faults);
    assert_eq!(names(&root), [true, false]);
    let first = get(&root, "/linux2/resources/default/phase_5.mf.bz2", "").body;
    let second = get(&root, "/linux2/resources/default/phase_5.mf.bz2", "").body;
    assert!(first != second && first.len() == second.len());
    assert_eq!(get(&root, NOISE, "").body.len(), 5000);
    assert!(whole.len() > 5000);
}

#[test]
fn what_makes_no_sense_of_downloads_is_a_usage_error() {
    let home = Home::new();
    for (option, value) in [
        ("--published", "3"),
        ("--cut", "1.5"),
        ("--corrupt", "some"),
        ("--slow", "0"),
    ] {
        home.program(&["rehearse", "ttr", option, value])
            .run()
            .fails(64, option);
    }
}

#[cfg(unix)]
#[test]
fn the_published_program_plays_the_stand_in_game() {
    let home = Home::new();
    let server = server(Fault::NONE);
    let ready = home
        .ttr("login", &server.root(), &["--format", "json"])
        .run()
        .exits(0);
    let variables: Value = serde_json::from_str(&ready.stdout).expect("JSON");
    let manifest: Value =
        serde_json::from_slice(&get(&server.root(), "/content/patchmanifest.txt", "").body)
            .expect("JSON");
    let dl = manifest["TTREngine"]["dl"].as_str().expect("a name");
    let packed = get(&server.root(), &format!("/patches/{dl}"), "").body;
    let mut script = String::new();
    let read = bzip2::read::BzDecoder::new(&packed[..]).read_to_string(&mut script);
    read.expect("a script");
    assert!(script.starts_with("#!/bin/sh\n"), "{script}");
    let mut command = std::process::Command::new("sh");
    command
        .arg(home.write("TTREngine", script))
        .arg("-x")
        .env_clear();
    for (name, value) in variables.as_object().expect("an object") {
        command.env(name, value.as_str().expect("a text"));
    }
    let output = command.output().expect("it runs");
    let lines = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(
        lines.contains("the play cookie of alice.") && lines.contains("argument -x"),
        "{lines}"
    );
}
