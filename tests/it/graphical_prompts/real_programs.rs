//! The programs of real desktops, on a display of their own; keys are typed with xdotool.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use playcookie::stand_in::Scenario;

use super::{PASSWORD, TWO_FACTOR};
use crate::harness::accounts::account;
use crate::harness::{Home, Program, StandInServer, is_installed, wait_until};

/// A display without a screen.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a display, if everything is installed to test this program on it.
    fn start(program: &str) -> Option<Self> {
        if !["Xvfb", "xdotool", program].into_iter().all(is_installed) {
            return None;
        }
        // A reset, after each xdotool that was the only client, would lose windows that are about to open.
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "800x600x24",
                "-noreset",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut number = String::new();
        let output = server.stdout.take().expect("its output");
        let read = BufReader::new(output).read_line(&mut number);
        read.expect("the number of the display");
        let name = format!(":{}", number.trim());
        Some(Self { server, name })
    }

    /// Runs xdotool, and returns what it prints.
    fn xdotool(&self, arguments: &[&str]) -> String {
        let ended = Command::new("xdotool")
            .args(arguments)
            .env("DISPLAY", &self.name)
            .output()
            .expect("it runs");
        String::from_utf8(ended.stdout)
            .expect("UTF-8")
            .trim()
            .to_owned()
    }

    /// Returns the window that asks.
    fn window(&self) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", "playcookie"]);
        found.lines().last().map(ToOwned::to_owned)
    }

    /// Waits for a window, and types a text and a key into it.
    fn answer(&self, text: &str, key: &str) {
        wait_until("a window with the focus", || {
            let Some(window) = self.window() else {
                return false;
            };
            self.xdotool(&["windowfocus", &window]);
            self.xdotool(&["getwindowfocus"]) == window
        });
        if !text.is_empty() {
            self.xdotool(&["type", text]);
        }
        self.xdotool(&["key", key]);
    }

    /// Returns the program on this display, without a terminal.
    fn program(&self, home: &Home, arguments: &[&str]) -> Program {
        // Its lock and its sockets are private.
        let run = home.write("run/keep", "").with_file_name("");
        let program = home.program(arguments).env("DISPLAY", &self.name);
        let program = program.env("XDG_RUNTIME_DIR", run);
        program.env("NO_AT_BRIDGE", "1")
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The programs that show a line of text, yes or no, and errors.
const DIALOGS: [&str; 2] = ["kdialog", "zenity"];

#[test]
fn a_password_and_a_code_are_typed_into_windows() {
    for program in DIALOGS {
        let Some(display) = Display::start(program) else {
            continue;
        };
        let (home, server) = (Home::new(), StandInServer::new(TWO_FACTOR));
        let root = server.root();
        let words = [
            "ttr", "login", "-u", "alice", "--api", &root, "--prompt", program,
        ];
        let run = display.program(&home, &words).start();
        display.answer(PASSWORD, "Return");
        wait_until("the password is sent", || server.requests().len() == 1);
        display.answer("000000", "Return");
        wait_until("the code is sent", || server.requests().len() == 2);
        display.answer("", "Escape");
        run.wait()
            .fails(66, "the question was cancelled")
            .hides(&[PASSWORD]);
        let requests = server.requests();
        assert_eq!(
            requests[0].exact_fields(["username", "password"]),
            Some(["alice", PASSWORD])
        );
        assert_eq!(requests.len(), 2);
    }
}

#[test]
fn a_username_is_typed_into_a_window() {
    for program in DIALOGS {
        let Some(display) = Display::start(program) else {
            continue;
        };
        let (home, server) = (Home::new(), StandInServer::new(Scenario::PLAIN));
        let root = server.root();
        let words = ["ttr", "login", "--api", &root, "--prompt", program];
        let run = display
            .program(&home, &words)
            .env("PLAYCOOKIE_PASSWORD", PASSWORD);
        let run = run.start();
        display.answer("al_ice", "Return");
        run.wait().exits(0);
        let requests = server.requests();
        let sent = requests[0].exact_fields(["username", "password"]);
        assert_eq!(sent, Some(["al_ice", PASSWORD]));
    }
}

#[test]
fn a_window_that_is_closed_is_no_answer() {
    for program in DIALOGS {
        let Some(display) = Display::start(program) else {
            continue;
        };
        let (home, server) = (Home::new(), StandInServer::new(Scenario::PLAIN));
        let root = server.root();
        let words = [
            "ttr", "login", "-u", "alice", "--api", &root, "--prompt", program,
        ];
        let run = display.program(&home, &words).start();
        display.answer(PASSWORD, "Escape");
        run.wait().fails(66, "the question was cancelled");
        assert_eq!(server.requests().len(), 0);
    }
}

#[test]
fn yes_or_no_is_answered_in_a_window() {
    for program in DIALOGS {
        for (key, is_removed) in [("Return", true), ("Escape", false)] {
            let Some(display) = Display::start(program) else {
                continue;
            };
            let home = Home::new();
            home.configure(account("alice", "ttr", "alice", ""));
            let words = ["accounts", "remove", "alice", "--prompt", program];
            let run = display.program(&home, &words).start();
            display.answer("", key);
            run.wait().exits(0);
            let has_alice = home.configuration().expect("a file").contains("alice");
            assert_eq!(has_alice, !is_removed, "{program} {key}");
        }
    }
}

#[test]
fn an_error_is_shown_in_a_window_after_the_program_ended() {
    for program in DIALOGS {
        let Some(display) = Display::start(program) else {
            continue;
        };
        let home = Home::new();
        let words = ["ttr", "--exe", "/nothing/here", "--prompt", program];
        display.program(&home, &words).run().exits(72);
        display.answer("", "Return");
        wait_until("the window is closed", || display.window().is_none());
    }
}

/// Returns the arguments of a login of alice whose password a program asks for.
fn login_with<'a>(root: &'a str, program: &'a str) -> [&'a str; 8] {
    [
        "ttr", "login", "-u", "alice", "--api", root, "--prompt", program,
    ]
}

#[test]
fn a_password_is_typed_into_pinentry_of_gnome() {
    if !is_installed("dbus-run-session") {
        return;
    }
    let Some(display) = Display::start("pinentry-gnome3") else {
        return;
    };
    let (home, server) = (Home::new(), StandInServer::new(Scenario::PLAIN));
    let root = server.root();
    let words = login_with(&root, "pinentry-gnome3");
    let run = display.program(&home, &words);
    let run = run
        .through_a_shell(r#"exec dbus-run-session -- "$@""#)
        .start();
    display.answer(PASSWORD, "Return");
    run.wait().exits(0).hides(&[PASSWORD]);
    let requests = server.requests();
    let sent = requests[0].exact_fields(["username", "password"]);
    assert_eq!(sent, Some(["alice", PASSWORD]));
}

#[test]
fn a_password_is_typed_into_pinentry_at_a_terminal() {
    if !is_installed("pinentry-curses") {
        return;
    }
    for (keys, status) in [(format!("{PASSWORD}\r"), 0), ("\u{3}".to_owned(), 130)] {
        let (home, server) = (Home::new(), StandInServer::new(Scenario::PLAIN));
        let root = server.root();
        let words = login_with(&root, "pinentry-curses");
        let mut run = home.program(&words).under_a_shell();
        run.pty.expect("Password for alice:");
        run.pty.keys(keys.as_bytes());
        let (ended, pty) = run.wait();
        assert_eq!(ended, status);
        assert!(pty.is_restored());
        assert_eq!(server.requests().len(), usize::from(status == 0));
    }
}
