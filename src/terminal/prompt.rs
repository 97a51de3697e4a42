//! Prompts.

use rpassword::ConfigBuilder;

use super::input::{InputError, read_line};
use super::{Stream, Terminal, echo, write};
use crate::base::blocking::run_on_thread;
use crate::base::secret::Secret;

/// How many empty answers are accepted, since a terminal that was closed answers with empty lines for ever.
const MAX_EMPTY_ANSWERS: u32 = 3;

impl Terminal {
    /// Reads a secret line of standard input; spaces are kept. A terminal does not echo it, and shows the prompt unless
    /// `--no-input` is given. `masked` is that of [`Self::ask_hidden`].
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn secret_line(&self, prompt: &str, masked: bool) -> Result<Secret, InputError> {
        if self.can_ask() {
            self.ask_hidden(prompt, masked).await
        } else if self.reads_from_terminal() {
            self.ask_hidden_once("", masked).await
        } else {
            read_line().await.inspect(|line| self.redactor.add(line))
        }
    }

    /// Asks for a value that is visible while it is typed, and returns it without surrounding spaces.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_openly(&self, prompt: &str) -> Result<String, InputError> {
        for _ in 0..MAX_EMPTY_ANSWERS {
            self.prompt(prompt);
            let line = read_line().await.map_err(end_line)?;
            let line = line.reveal().trim();
            if !line.is_empty() {
                return Ok(line.to_owned());
            }
        }
        Err(InputError::End)
    }

    /// Asks once for a visible value; returns none for an empty line.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_openly_or_nothing(&self, prompt: &str) -> Result<Option<String>, InputError> {
        self.prompt(prompt);
        let line = read_line().await.map_err(end_line)?;
        let line = line.reveal().trim();
        Ok((!line.is_empty()).then(|| line.to_owned()))
    }

    /// Asks for yes or no; an empty line means no. Returns none at the end of input.
    pub async fn ask_yes(&self, prompt: &str) -> Option<bool> {
        self.prompt(prompt);
        let line = read_line().await.map_err(end_line).ok()?;
        let answer = line.reveal().trim().to_lowercase();
        Some(answer == "y" || answer == "yes")
    }

    /// Asks for a value that is hidden while it is typed. `masked` shows a mark for each character, so that digits can be counted.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_hidden(&self, prompt: &str, masked: bool) -> Result<Secret, InputError> {
        for _ in 0..MAX_EMPTY_ANSWERS {
            let answer = self.ask_hidden_once(prompt, masked).await?;
            if !answer.is_empty() {
                return Ok(answer);
            }
        }
        Err(InputError::End)
    }

    /// Asks once for a hidden value; returns none for an empty line.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_hidden_or_nothing(&self, prompt: &str) -> Result<Option<Secret>, InputError> {
        let answer = self.ask_hidden_once(prompt, false).await?;
        Ok((!answer.is_empty()).then_some(answer))
    }

    async fn ask_hidden_once(&self, prompt: &str, masked: bool) -> Result<Secret, InputError> {
        self.prompt(prompt);
        echo::save();
        let answer = run_on_thread(move || read_hidden(masked)).await.flatten();
        echo::forget();
        let answer = answer.ok_or(InputError::End).map_err(end_line)?;
        self.redactor.add(&answer);
        Ok(answer)
    }

    fn prompt(&self, prompt: &str) {
        self.progress.clear();
        write(Stream::Error, format_args!("{prompt}"));
    }
}

/// Ends the line of a prompt that got no answer.
fn end_line(error: InputError) -> InputError {
    write(Stream::Error, format_args!("\n"));
    error
}

/// Reads from the terminal. Ctrl-C raises the signal that `signals.rs` handles; Ctrl-D ends the input.
fn read_hidden(masked: bool) -> Option<Secret> {
    let config = ConfigBuilder::new();
    let config = if masked {
        config.password_feedback_mask('•')
    } else {
        config
    };
    rpassword::read_password_with_config(config.build())
        .ok()
        .map(Secret::new)
}
