//! Printing a result as JSON or as text.

use serde::Serialize;

use crate::base::failure::Failure;
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
    terminal.result(text.as_bytes())
}

impl Terminal {
    /// Says on a terminal that a stored secret answers in place of the user.
    pub(crate) fn say_stored(&self, subject: &Subject, what: &str) {
        if self.redraws() {
            self.say(format_args!(
                "{}: {what}: from the secret store",
                subject.prefix()
            ));
        }
    }

    /// Prints a failure, and its event with `--json`.
    pub(crate) fn report(&self, subject: &Subject, failure: &Failure) {
        if self.json().is_some() {
            self.event(&subject.failed(failure));
        }
        if let Some(code) = &failure.code {
            self.detail(1, || format!("the server's own code is {code}"));
        }
        self.failure(failure);
        if self.json().is_none() {
            self.show_in_window(failure);
        }
    }
}
