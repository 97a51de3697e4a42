//! Prompts.

use super::Terminal;
#[cfg(windows)]
use super::console_line;
use super::input::{InputError, Visibility, read_line};
#[cfg(unix)]
use super::line_editor as console_line;
use super::prompter::is_yes;
use super::wrapped_for_errors;
use crate::base::secret::Secret;

/// How many answers may be empty or no text, since a terminal that was closed answers with empty lines for ever.
const MAX_ODD_ANSWERS: u32 = 3;

impl Terminal {
    /// Reads a secret line of standard input; spaces are kept. A terminal does not echo it, and shows the prompt unless
    /// `--no-input` is given. `masked` is that of [`Self::ask_hidden`].
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn secret_line(&self, prompt: &str, masked: bool) -> Result<Secret, InputError> {
        if self.can_ask() && self.reads_from_terminal() {
            self.ask_hidden(prompt, masked).await
        } else {
            let line = self.read("", Visibility::Hidden).await;
            line.inspect(|line| self.redactor.add(line))
        }
    }

    /// Asks for a value that is visible while it is typed, and returns it without surrounding spaces.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_openly(&self, prompt: &str) -> Result<String, InputError> {
        let line = self.ask_again(prompt, Visibility::Open).await?;
        Ok(line.reveal().trim().to_owned())
    }

    /// Asks once for a visible value; returns none for an empty line.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_openly_or_nothing(&self, prompt: &str) -> Result<Option<String>, InputError> {
        let line = self.ask_once(prompt, Visibility::Open).await?;
        let line = line.reveal().trim();
        Ok((!line.is_empty()).then(|| line.to_owned()))
    }

    /// Asks for yes or no; an empty line and a closed window mean no. Returns none at the end of input.
    pub async fn ask_yes(&self, prompt: &str) -> Option<bool> {
        if self.prompter().has_programs().is_some() {
            self.progress.clear();
            return self.prompter().confirm(prompt).await;
        }
        let line = self.ask_once(prompt, Visibility::Open).await.ok()?;
        Some(is_yes(line.reveal()))
    }

    /// Asks for a value that is hidden while it is typed. `masked` shows a mark for each character, so that digits can be counted.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_hidden(&self, prompt: &str, masked: bool) -> Result<Secret, InputError> {
        let visibility = Visibility::of_secret(masked);
        let answer = self.ask_again(prompt, visibility).await?;
        self.redactor.add(&answer);
        Ok(answer)
    }

    /// Asks once for a hidden value; returns none for an empty line.
    ///
    /// # Errors
    /// See [`InputError`].
    pub async fn ask_hidden_or_nothing(&self, prompt: &str) -> Result<Option<Secret>, InputError> {
        let answer = self.ask_once(prompt, Visibility::Hidden).await?;
        self.redactor.add(&answer);
        Ok((!answer.is_empty()).then_some(answer))
    }

    /// Asks until the answer is text. An open answer that has only spaces is empty.
    async fn ask_again(&self, prompt: &str, visibility: Visibility) -> Result<Secret, InputError> {
        for _ in 0..MAX_ODD_ANSWERS {
            match self.ask_once(prompt, visibility).await {
                Err(InputError::End) => break,
                Err(error @ (InputError::Refused | InputError::NoProgram)) => return Err(error),
                Err(InputError::TooLong) => self.say_always("that is longer than 4096 bytes"),
                Err(InputError::NotText) => self.say_always("that is not plain text"),
                Ok(line) => {
                    let is_open = visibility == Visibility::Open;
                    let is_empty = line.is_empty() || is_open && line.reveal().trim().is_empty();
                    if !is_empty {
                        return Ok(line);
                    }
                }
            }
        }
        Err(InputError::End)
    }

    async fn ask_once(&self, prompt: &str, visibility: Visibility) -> Result<Secret, InputError> {
        if self.prompter().has_programs().is_some() {
            self.progress.clear();
            self.prompter().ask(prompt, visibility).await
        } else {
            self.read(prompt, visibility).await
        }
    }

    /// Reads one line of standard input; a terminal shows the prompt.
    async fn read(&self, prompt: &str, visibility: Visibility) -> Result<Secret, InputError> {
        self.progress.clear();
        if self.reads_from_terminal() {
            let words = prompt.trim_end();
            let wrapped = wrapped_for_errors(words) + &prompt[words.len()..];
            // Only the last line of a long prompt is edited, and drawn again.
            let prompt = match wrapped.rsplit_once('\n') {
                None => wrapped.as_str(),
                Some((front, last)) => {
                    self.write_error(format_args!("{front}\n"));
                    last
                }
            };
            console_line::read(prompt, visibility).await
        } else {
            read_line().await
        }
    }
}
