//! A run that a test talks to through pipes.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};

use serde_json::Value;

use super::wait::TIMEOUT;
use super::{Program, wait_until};

/// A run whose standard input stays open. It is killed when it is dropped.
pub(crate) struct InteractiveRun {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl InteractiveRun {
    /// Starts the program. Its standard error is discarded.
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

    /// Returns the process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the next line of standard output.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(TIMEOUT).expect("another line")
    }

    /// Waits for the next event of this name and skips others.
    #[track_caller]
    pub(crate) fn event(&self, name: &str) -> Value {
        loop {
            let event: Value = serde_json::from_str(&self.line()).expect("JSON");
            if event["event"] == name {
                return event;
            }
        }
    }

    /// Writes a line to standard input.
    pub(crate) fn answer(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it reads");
    }

    /// Waits for the program to exit.
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
