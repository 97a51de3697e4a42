//! A signal ends the program that asks, and what it started.

use rustix::process::Signal;

use crate::harness::{CTRL_C, Home, SendSignal, StandInServer, wait_until};

use super::{PINENTRY, TWO_FACTOR, fake, login};

/// Records the process id of a program that it waits for.
const HANGS: &str =
    "/bin/sleep 600 & echo $! >\"$HOME/new\"; /bin/mv \"$HOME/new\" \"$HOME/pid\"; wait";

/// Waits for the process that the fake started, and returns its folder in `/proc`.
fn started(home: &Home) -> String {
    let mut pid = String::new();
    wait_until("the program asks", || {
        pid = std::fs::read_to_string(home.path().join("pid")).unwrap_or_default();
        !pid.is_empty()
    });
    pid.trim().to_owned()
}

#[track_caller]
fn assert_ends(pid: &str) {
    wait_until("its process ends", || {
        // An orphan may wait for somebody to read its status.
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        state.map_or(true, |state| state.contains(") Z "))
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_the_program_that_asks_and_what_it_started() {
    for (program, signal) in [
        ("kdialog", Signal::TERM),
        ("pinentry", Signal::INT),
        ("ask", Signal::HUP),
    ] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        fake(&home, program, HANGS);
        let run = login(&home, &server).args(["--prompt", program]);
        let run = run.env("PLAYCOOKIE_USERNAME", "alice").start();
        let pid = started(&home);
        run.signal(signal);
        run.wait().dies_of(signal);
        assert_ends(&pid);
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn ctrl_c_restores_a_terminal_that_the_program_changed() {
    for program in ["ask", "pinentry-x"] {
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let script = "/bin/stty -echo raw isig </dev/tty; echo >\"$HOME/pid\"; exec /bin/sleep 600";
        fake(&home, program, script);
        let login = login(&home, &server).args(["--prompt", program]);
        let path = format!("{}/bin:/usr/bin:/bin", home.path().display());
        let login = login.env("PATH", path);
        let mut run = login.under_a_shell();
        wait_until("the program asks", || home.path().join("pid").exists());
        assert!(!run.pty.echoes());
        run.pty.keys(&[CTRL_C]);
        let (status, pty) = run.wait();
        assert_eq!(status, 130);
        assert!(pty.is_restored());
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn a_pinentry_without_windows_is_told_the_terminal() {
    let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
    fake(&home, "pinentry-x", PINENTRY);
    let login = login(&home, &server).args(["-u", "alice", "--prompt", "pinentry-x"]);
    login.on_a_terminal().wait().exits(0);
    let lines = std::fs::read_to_string(home.path().join("lines")).expect("its lines");
    assert!(lines.contains("OPTION ttyname=/dev/pts/"), "{lines}");
    assert!(lines.contains("OPTION ttytype=xterm-256color\n"), "{lines}");
}
