//! Reads a line at a prompt from the console of Windows, which edits it.

use rpassword::ConfigBuilder;

use super::input::{InputError, Visibility, read_line};
use super::{Stream, echo, write};
use crate::base::blocking::run_on_thread;
use crate::base::secret::Secret;

/// Prints the prompt and reads one line.
pub(super) async fn read(prompt: &str, visibility: Visibility) -> Result<Secret, InputError> {
    write(Stream::Error, format_args!("{prompt}"));
    let line = match visibility {
        Visibility::Open => read_line().await,
        hidden => {
            echo::hide_at_prompt();
            let line = run_on_thread(move || read_hidden(hidden))
                .await
                .ok()
                .flatten();
            echo::restore();
            line.ok_or(InputError::End)
        }
    };
    // Ends the line of a prompt that got no answer.
    line.inspect_err(|_| write(Stream::Error, format_args!("\n")))
}

/// Reads from the console. Ctrl-C raises the event that `signals.rs` handles; Ctrl-D ends the input.
fn read_hidden(visibility: Visibility) -> Option<Secret> {
    let config = ConfigBuilder::new();
    let config = match visibility {
        Visibility::Masked => config.password_feedback_mask('•'),
        _ => config,
    };
    rpassword::read_password_with_config(config.build())
        .ok()
        .map(Secret::new)
}

/// Writes to the terminal.
pub(super) fn write_around<T>(write: impl FnOnce() -> T) -> T {
    write()
}
