//! Printing a result as JSON or as text.

use serde::Serialize;

use crate::base::failure::{Failure, Reason};
use crate::terminal::Terminal;
use crate::terminal::event::Subject;

/// Prints a result: `object` as JSON with `--json`, else the text that `lines` returns.
///
/// # Errors
/// When standard output cannot be written. A broken pipe is no error.
pub(crate) fn print(
    terminal: &Terminal,
    object: &impl Serialize,
    lines: impl FnOnce() -> String,
) -> Result<(), Failure> {
    let text = match terminal.json() {
        Some(_) => serde_json::to_string(object).unwrap_or_default() + "\n",
        None => lines(),
    };
    let written = terminal.result(text.as_bytes());
    written.map_err(|error| unwritten(&error))
}

/// Returns the failure when standard output cannot be written.
pub(crate) fn unwritten(error: &std::io::Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("standard output cannot be written ({error})"),
        "check the disk or the program that reads it",
    )
}

impl Terminal {
    /// Prints a failure, and its event with `--json`.
    pub(crate) fn report(&self, subject: &Subject, failure: &Failure) {
        if self.json().is_some() {
            self.event(&subject.failed(failure));
        }
        self.failure(failure);
    }
}
