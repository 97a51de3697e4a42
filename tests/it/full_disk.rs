//! Standard output on a full disk.
#![cfg(target_os = "linux")]

use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Output, Stdio};

use crate::harness::failures::{GRANTED, answers};
use crate::harness::{Home, Program, Scripted};

/// Runs a program with standard output on a full disk.
fn on_a_full_disk(program: Program, stdin: &str) -> Output {
    let full = OpenOptions::new().write(true).open("/dev/full");
    let mut command = program.into_command();
    command
        .stdin(Stdio::piped())
        .stdout(full.expect("a full disk"))
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(stdin.as_bytes()).ok();
    drop(input);
    child.wait_with_output().expect("it ends")
}

#[track_caller]
fn assert_reported(output: &Output) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = stderr.lines().rev().take(2).collect();
    assert_eq!(output.status.code(), Some(74), "{stderr}");
    assert!(lines[1].starts_with("error: standard output"), "{stderr}");
    assert!(lines[0].starts_with("hint: "), "{stderr}");
}

#[test]
fn status_74_is_for_a_result_that_cannot_be_written() {
    let home = Home::new();
    for typed in [
        &["--version"][..],
        &["--help"],
        &["ttr", "login", "--help"],
        &["completions", "bash"],
        &["man"],
    ] {
        assert_reported(&on_a_full_disk(home.program(typed), ""));
    }
    for format in ["sh", "fish", "powershell", "env", "json"] {
        let server = Scripted::new(answers([GRANTED]));
        let root = server.root();
        let program = home.ttr("login", &root, &["--format", format]);
        assert_reported(&on_a_full_disk(program, "hunter2-pw\n"));
        server.finish();
    }
}

#[test]
fn status_74_is_for_a_result_that_is_an_event_and_cannot_be_written() {
    let (home, server) = (Home::new(), Scripted::new(answers([GRANTED])));
    let program = home.ttr("login", &server.root(), &["--json"]);
    assert_reported(&on_a_full_disk(program, "hunter2-pw\n"));
    server.finish();
}

#[test]
fn status_74_is_for_a_plan_that_cannot_be_written() {
    let home = Home::new();
    let game = home.write("game/TTREngine", "");
    let exe = game.to_str().expect("UTF-8");
    for more in [&[][..], &["--json"]] {
        let typed = [&["ttr", "play", "--dry-run", "--exe", exe], more].concat();
        assert_reported(&on_a_full_disk(home.program(&typed), ""));
    }
}
