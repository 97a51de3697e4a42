//! A run that is answered while it goes on, as a script with two pipes would.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};

use serde_json::Value;

use super::wait::TIMEOUT;
use super::{Program, wait_until};

/// A run whose input stays open. It is killed with the test.
pub(crate) struct InteractiveRun {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl InteractiveRun {
    /// Starts the program; what it says on standard error is not looked at.
    pub(crate) fn start(program: Program) -> Self {
        let mut command = program.into_command();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let input = child.stdin.take().expect("its input");
        let output = child.stdout.take().expect("its output");
        let mut errors = child.stderr.take().expect("its errors");
        std::thread::spawn(move || errors.read_to_end(&mut Vec::new()));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                if sender.send(line.expect("UTF-8")).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            input,
            lines,
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it prints.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(TIMEOUT).expect("another line")
    }

    /// The next event of this name; those before it are passed over.
    #[track_caller]
    pub(crate) fn event(&self, name: &str) -> Value {
        loop {
            let event: Value = serde_json::from_str(&self.line()).expect("JSON");
            if event["event"] == name {
                return event;
            }
        }
    }

    /// Types a line.
    pub(crate) fn answer(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it reads");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until("the program ends", || {
            status = self.child.try_wait().expect("it can be waited for");
            status.is_some()
        });
        status.expect("a status")
    }
}

impl Drop for InteractiveRun {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
