//! Downloads from the stand-in server, read from its socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroU32;

use playcookie::stand_in::{Fault, Scenario};
use serde_json::Value;

use crate::harness::{Home, InteractiveRun, StandInServer};

/// A response: its head in lower case, and everything after it.
struct RawResponse {
    head: String,
    body: Vec<u8>,
}

impl RawResponse {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).expect("a status")
    }

    fn line(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        { lines }
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Returns the `Content-Length`.
    fn content_length(&self) -> usize {
        let length = self.line("content-length").expect("a length");
        length.parse().expect("a number")
    }
}

/// Sends a request on a new connection and reads until it is closed.
fn get(root: &str, path: &str, more: &str) -> RawResponse {
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
    RawResponse { head, body }
}

fn server(fault: Fault) -> StandInServer {
    StandInServer::new(Scenario {
        fault,
        ..Scenario::PLAIN
    })
}

const FILE: &str = "/linux2/phase_4.mf.bz2";

#[test]
fn a_cut_off_file_can_be_resumed() {
    let whole = get(&server(Fault::NONE).root(), FILE, "");
    assert_eq!(
        (whole.status(), whole.body.len()),
        ("200", whole.content_length())
    );
    let server = server(Fault {
        cut: Some(4000),
        ..Fault::NONE
    });
    let first = get(&server.root(), FILE, "");
    assert_eq!(
        (first.body.len(), first.content_length()),
        (4000, whole.body.len())
    );
    let tag = first.line("etag").expect("a tag").to_owned();
    let mut had = first.body;
    while had.len() < whole.body.len() {
        let from = had.len();
        let rest = get(
            &server.root(),
            FILE,
            &format!("Range: bytes={from}-\r\nIf-Range: {tag}\r\n"),
        );
        assert_eq!(rest.status(), "206");
        assert_eq!(rest.content_length(), whole.body.len() - from);
        assert!(!rest.body.is_empty() && rest.body.len() <= 4000);
        had.extend(rest.body);
    }
    assert_eq!(had, whole.body);
    let more = format!("Range: bytes={}-\r\n", had.len());
    assert_eq!(get(&server.root(), FILE, &more).status(), "416");
}

#[test]
fn a_slow_file_is_complete_and_a_corrupt_one_has_its_length() {
    let whole = get(&server(Fault::NONE).root(), FILE, "").body;
    let server = server(Fault {
        corrupt: 1,
        slow: NonZeroU32::new(100),
        ..Fault::NONE
    });
    let damaged = get(&server.root(), FILE, "").body;
    assert!(damaged != whole && damaged.len() == whole.len());
    assert_eq!(get(&server.root(), FILE, "").body, whole);
}

#[test]
fn options_choose_the_version_and_the_faults() {
    let home = Home::new();
    let serve = |more: &[&str]| {
        let arguments = [&["rehearse", "--serve", "--json"], more].concat();
        let serving = InteractiveRun::start(home.program(&arguments));
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
    let whole = get(&root, FILE, "").body;
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
    assert_eq!(get(&root, FILE, "").body.len(), 5000);
    assert!(whole.len() > 5000);
}

#[test]
fn contradictory_download_options_are_usage_errors() {
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
fn the_published_program_starts_the_stand_in_game() {
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
