//! Asking the player.

use rpassword::ConfigBuilder;

use super::input;
use super::input::BadLine;
use super::{Stream, Terminal, echo, write};
use crate::base::blocking::run_on_thread;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;

/// How often an empty answer is asked for again: a terminal that went away answers nothing for ever.
const EMPTY_ANSWERS: u32 = 3;

/// Why the player gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// Input ended, or every answer was empty.
    End,
    /// A line of more than 4 KiB.
    TooLong,
    /// A line that is not UTF-8, or holds a control character.
    NotText,
}

impl From<BadLine> for NoAnswer {
    fn from(line: BadLine) -> Self {
        match line {
            BadLine::End => Self::End,
            BadLine::TooLong => Self::TooLong,
            BadLine::NotText => Self::NotText,
        }
    }
}

impl NoAnswer {
    /// The failure when `what` was wanted from `where_from`; `instead` says how else to give it.
    pub fn failure(self, what: &str, where_from: &str, instead: &str) -> Failure {
        match self {
            Self::End => Failure::new(
                Reason::InputNeeded,
                format!("{what} is needed, and {where_from} ended without one"),
                instead,
            ),
            Self::TooLong => Failure::new(
                Reason::Usage,
                format!("{what} from {where_from} is longer than 4096 bytes"),
                "give one line that holds nothing else",
            ),
            Self::NotText => Failure::new(
                Reason::Usage,
                format!("{what} from {where_from} is not plain text"),
                "give one line of UTF-8 without control characters",
            ),
        }
    }
}

impl Terminal {
    /// One line of standard input, as it stands there.
    ///
    /// # Errors
    /// See [`NoAnswer`].
    pub async fn line(&self) -> Result<Secret, NoAnswer> {
        let line = input::line().await?;
        if line.has_control_characters() {
            Err(NoAnswer::NotText)
        } else {
            Ok(line)
        }
    }

    /// Asks for something that may be seen while it is typed. Surrounding spaces are dropped.
    ///
    /// # Errors
    /// See [`NoAnswer`].
    pub async fn ask_openly(&self, prompt: &str) -> Result<String, NoAnswer> {
        for _ in 0..EMPTY_ANSWERS {
            self.prompt(prompt);
            let line = self.line().await.map_err(end_line)?;
            let line = line.reveal().trim();
            if !line.is_empty() {
                return Ok(line.to_owned());
            }
        }
        Err(NoAnswer::End)
    }

    /// Asks once for something that may be seen; nothing for an empty line.
    ///
    /// # Errors
    /// See [`NoAnswer`].
    pub async fn ask_openly_or_nothing(&self, prompt: &str) -> Result<Option<String>, NoAnswer> {
        self.prompt(prompt);
        let line = self.line().await.map_err(end_line)?;
        let line = line.reveal().trim();
        Ok((!line.is_empty()).then(|| line.to_owned()))
    }

    /// Asks for yes or no; an empty line is no, and nothing where input ended.
    pub async fn ask_yes(&self, prompt: &str) -> Option<bool> {
        self.prompt(prompt);
        let line = self.line().await.map_err(end_line).ok()?;
        let answer = line.reveal().trim().to_lowercase();
        Some(answer == "y" || answer == "yes")
    }

    /// Asks for something that must not be seen; `masked` shows a mark per character, so that digits can be counted.
    ///
    /// # Errors
    /// See [`NoAnswer`].
    pub async fn ask_hidden(&self, prompt: &str, masked: bool) -> Result<Secret, NoAnswer> {
        for _ in 0..EMPTY_ANSWERS {
            let answer = self.ask_hidden_once(prompt, masked).await?;
            if !answer.is_empty() {
                return Ok(answer);
            }
        }
        Err(NoAnswer::End)
    }

    /// Asks once for something that must not be seen; nothing for an empty line.
    ///
    /// # Errors
    /// See [`NoAnswer`].
    pub async fn ask_hidden_or_nothing(&self, prompt: &str) -> Result<Option<Secret>, NoAnswer> {
        let answer = self.ask_hidden_once(prompt, false).await?;
        Ok((!answer.is_empty()).then_some(answer))
    }

    async fn ask_hidden_once(&self, prompt: &str, masked: bool) -> Result<Secret, NoAnswer> {
        self.prompt(prompt);
        echo::remember();
        let answer = run_on_thread(move || read_hidden(masked)).await.flatten();
        echo::forget();
        answer.ok_or(NoAnswer::End).map_err(end_line)
    }

    fn prompt(&self, prompt: &str) {
        self.progress.clear();
        write(Stream::Error, format_args!("{prompt}"));
    }
}

/// A prompt that was closed leaves its line unfinished.
fn end_line(why: NoAnswer) -> NoAnswer {
    write(Stream::Error, format_args!("\n"));
    why
}

/// Reads from the terminal itself. Ctrl-C raises the signal, which `signals.rs` sees; Ctrl-D is the end.
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
