//! One run of a program, under a stopwatch.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::stage::PASSWORD;

/// A way to run a command to its end.
pub(crate) type Measure = fn(Command) -> Run;

/// A run that is over, and ended well.
pub(crate) struct Run {
    /// How long it took, up to where it was measured.
    pub(crate) took: Duration,
    /// What it wrote to standard error.
    pub(crate) said: String,
}

/// Runs a command whose output nobody reads; measures until it ended.
pub(crate) fn until_end(command: Command) -> Run {
    Running::start(command, Stdio::null()).end()
}

/// Runs a command; measures until the first byte of its output.
pub(crate) fn until_first_byte(command: Command) -> Run {
    let mut running = Running::start(command, Stdio::piped());
    let took = running.speak();
    Run {
        took,
        ..running.end()
    }
}

/// A run that goes on, with the password on its standard input.
pub(crate) struct Running {
    child: Child,
    since: Instant,
    line: String,
}

impl Running {
    /// Starts it.
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
        // It may end without reading.
        let _ = writeln!(input, "{PASSWORD}");
        Self { child, since, line }
    }

    /// Waits for the first byte of its output.
    pub(crate) fn speak(&mut self) -> Duration {
        let output = self.child.stdout.as_mut().expect("its output");
        let bytes = output.read(&mut [0]).expect("its output can be read");
        let took = self.since.elapsed();
        if bytes == 0 {
            let said = self.errors();
            panic!("{}: no output\n{said}", self.line);
        }
        took
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Takes no more output, and waits until it ended.
    pub(crate) fn end(mut self) -> Run {
        drop(self.child.stdout.take());
        let status = self.child.wait().expect("it can be waited for");
        let took = self.since.elapsed();
        let said = self.errors();
        assert!(status.success(), "{}: {status}\n{said}", self.line);
        Run { took, said }
    }

    fn errors(&mut self) -> String {
        let mut said = String::new();
        let mut errors = self.child.stderr.take().expect("its errors");
        errors.read_to_string(&mut said).expect("UTF-8");
        said
    }
}
