//! One timed run of a program.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::setup::PASSWORD;

/// A function that runs and measures a command.
pub(crate) type Measure = fn(Command) -> Run;

/// The result of a successful run.
pub(crate) struct Run {
    /// The measured time.
    pub(crate) elapsed: Duration,
    /// The text on standard error.
    pub(crate) stderr: String,
}

/// Runs a command without output and measures the time until it exits.
pub(crate) fn until_end(command: Command) -> Run {
    Process::start(command, Stdio::null()).end()
}

/// Runs a command and measures the time until the first byte of its output.
pub(crate) fn until_first_byte(command: Command) -> Run {
    let mut process = Process::start(command, Stdio::piped());
    let elapsed = process.wait_for_first_byte();
    Run {
        elapsed,
        ..process.end()
    }
}

/// A running program with the password on its standard input.
pub(crate) struct Process {
    child: Child,
    since: Instant,
    line: String,
}

impl Process {
    /// Starts the program.
    pub(crate) fn start(mut command: Command, output: Stdio) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(Stdio::piped());
        let line = format!("{command:?}");
        let since = Instant::now();
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let mut input = child.stdin.take().expect("its input");
        // The program may exit without reading.
        let _ = writeln!(input, "{PASSWORD}");
        Self { child, since, line }
    }

    /// Waits for the first byte of its output.
    pub(crate) fn wait_for_first_byte(&mut self) -> Duration {
        let output = self.child.stdout.as_mut().expect("its output");
        let bytes = output.read(&mut [0]).expect("its output can be read");
        let elapsed = self.since.elapsed();
        if bytes == 0 {
            let stderr = self.errors();
            panic!("{}: no output\n{stderr}", self.line);
        }
        elapsed
    }

    /// Returns the process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Closes the output and waits for the program to exit.
    pub(crate) fn end(mut self) -> Run {
        drop(self.child.stdout.take());
        let status = self.child.wait().expect("it can be waited for");
        let elapsed = self.since.elapsed();
        let stderr = self.errors();
        assert!(status.success(), "{}: {status}\n{stderr}", self.line);
        Run { elapsed, stderr }
    }

    fn errors(&mut self) -> String {
        let mut stderr = String::new();
        let mut errors = self.child.stderr.take().expect("its errors");
        errors.read_to_string(&mut stderr).expect("UTF-8");
        stderr
    }
}
