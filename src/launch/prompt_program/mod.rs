//! Programs that ask the user for a value: in a window (pinentry, kdialog, zenity, osascript), or however they like, as
//! `SSH_ASKPASS` does. No secret is in their arguments.

pub mod assuan;
mod dialogs;
mod pinentry;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::command::find_program;
use super::game_process::code;
use super::shell::{
    self, EXIT_TIMEOUT, INTERRUPTED, MAX_OUTPUT, remove_secrets, wait_for_own_signal,
};
use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::secret::Secret;

/// The length of the longest answer that is accepted, in bytes.
const MAX_ANSWER: usize = 4 * 1024;
/// How long the signal of a Ctrl-C is waited for when pinentry gave no answer at a terminal. Both programs get the signal, and
/// pinentry, which then exits with 1, may be the first.
const SIGNAL_DELAY: Duration = Duration::from_millis(50);
/// The exit status of zenity when its time is over.
const ZENITY_TIMEOUT: i32 = 5;

/// Why a program gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptError {
    /// The user closed the window or cancelled it.
    Refused,
    /// The answer is longer than 4 KiB.
    TooLong,
    /// The answer is not UTF-8, or contains a control character.
    NotText,
    /// The program cannot be started or does not work, so nobody was asked.
    Unusable,
}

/// How a program is asked to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProgramKind {
    Pinentry,
    Kdialog,
    Zenity,
    Osascript,
    /// The prompt is the only argument, and the answer the first line of output.
    Askpass,
}

/// A program that asks the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptProgram {
    program: PathBuf,
    kind: ProgramKind,
    /// The name of this program's terminal, where the program may ask.
    terminal: Option<String>,
}

impl PromptProgram {
    /// Finds a program by its path or its name, which tells how it is asked to ask. It may use `terminal`.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn named(name: impl Into<OsString>, terminal: Option<String>) -> Result<Self, Failure> {
        let program = find_program(name.into(), "")?;
        let stem = program.file_stem().unwrap_or_default().to_string_lossy();
        let kind = match &*stem {
            "kdialog" => ProgramKind::Kdialog,
            "zenity" => ProgramKind::Zenity,
            "osascript" => ProgramKind::Osascript,
            name if name.starts_with("pinentry") => ProgramKind::Pinentry,
            _ => ProgramKind::Askpass,
        };
        Ok(Self {
            program,
            kind,
            terminal,
        })
    }

    /// Whether the program asks in a window of its own.
    pub const fn has_windows(&self) -> bool {
        !matches!(self.kind, ProgramKind::Askpass)
    }

    /// Whether the program can show what is typed.
    pub const fn shows_input(&self) -> bool {
        !matches!(self.kind, ProgramKind::Pinentry | ProgramKind::Askpass)
    }

    /// Whether the program may ask at this program's terminal.
    pub const fn uses_terminal(&self) -> bool {
        self.terminal.is_some()
    }

    /// Whether the program has a question whose answer is yes or no.
    pub const fn confirms(&self) -> bool {
        !matches!(self.kind, ProgramKind::Askpass)
    }

    /// Asks for one line; the last line of `text` is the prompt. Dropping the future ends the program.
    ///
    /// # Errors
    /// See [`PromptError`].
    pub async fn ask(
        &self,
        title: &str,
        text: &str,
        is_hidden: bool,
    ) -> Result<Secret, PromptError> {
        if self.kind == ProgramKind::Pinentry {
            return secret(&self.converse(&pinentry::ask(title, text)).await?);
        }
        let (status, output) = self
            .run(dialogs::ask(self.kind, title, text, is_hidden))
            .await?;
        if status == 0 {
            let line = output
                .split(|byte| *byte == b'\n')
                .next()
                .unwrap_or_default();
            return secret(line.strip_suffix(b"\r").unwrap_or(line));
        }
        Err(self.refusal(status).await)
    }

    /// Asks for yes or no. Dropping the future ends the program.
    ///
    /// # Errors
    /// See [`PromptError`]. A closed window is a no.
    pub async fn confirm(&self, title: &str, text: &str) -> Result<bool, PromptError> {
        let answer = match dialogs::confirm(self.kind, title, text) {
            None => self
                .converse(&pinentry::confirm(title, text))
                .await
                .map(drop),
            Some(arguments) => match self.run(arguments).await? {
                (0, _) => Ok(()),
                (status, _) => Err(self.refusal(status).await),
            },
        };
        match answer {
            Ok(()) => Ok(true),
            Err(PromptError::Refused) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Shows an error, and does not wait until the user has seen it. Returns whether the program could be started.
    pub fn show_error(&self, title: &str, text: &str) -> bool {
        let (arguments, input) = match dialogs::error(self.kind, title, text) {
            Some(arguments) => (arguments, Vec::new()),
            None if self.kind == ProgramKind::Pinentry => {
                let lines = [pinentry::options(None), pinentry::error(title, text)];
                (Vec::new(), lines.concat())
            }
            None => return false,
        };
        let mut command = std::process::Command::new(&self.program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        remove_secrets(&mut command);
        let Ok(mut child) = command.spawn() else {
            return false;
        };
        // The pipe holds all of it.
        let sent = child
            .stdin
            .take()
            .map(|mut pipe| pipe.write_all(input.concat().as_bytes()));
        sent.is_some_and(|sent| sent.is_ok())
    }

    /// Runs the program until it exits, and returns its exit status and its output.
    async fn run(&self, arguments: Vec<String>) -> Result<(i32, Zeroizing<Vec<u8>>), PromptError> {
        let mut output = Zeroizing::new(Vec::with_capacity(MAX_ANSWER));
        let mut program = self.start(arguments, Stdio::null())?;
        match shell::run(&mut program.child, &mut output).await {
            _ if output.len() >= MAX_OUTPUT => Err(PromptError::TooLong),
            Some(status) => Ok((code(status), output)),
            None => Err(PromptError::Unusable),
        }
    }

    async fn converse(&self, commands: &[String]) -> Result<Zeroizing<Vec<u8>>, PromptError> {
        let mut program = self.start(Vec::new(), Stdio::piped())?;
        let options = pinentry::options(self.terminal.as_deref());
        let answer = pinentry::converse(&mut program.child, &options, commands).await;
        if answer == Err(PromptError::Unusable) {
            let ended = clock::timeout(EXIT_TIMEOUT, program.child.wait()).await;
            if ended.is_some_and(|ended| ended.is_ok_and(|status| code(status) == INTERRUPTED)) {
                wait_for_own_signal().await;
            }
        }
        if answer.is_err() && self.uses_terminal() {
            clock::sleep(SIGNAL_DELAY).await;
        }
        answer
    }

    fn start(&self, arguments: Vec<String>, input: Stdio) -> Result<RunningPrompt, PromptError> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .stdin(input)
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        remove_secrets(command.as_std_mut());
        if self.has_windows() {
            // Toolkits fill it with warnings.
            command.stderr(Stdio::null());
        }
        let own_group = !self.uses_terminal();
        #[cfg(unix)]
        if own_group {
            command.process_group(0);
        }
        let child = command.spawn().map_err(|_| PromptError::Unusable)?;
        Ok(RunningPrompt { child, own_group })
    }

    /// Returns what an exit status other than 0 means.
    async fn refusal(&self, status: i32) -> PromptError {
        if status == INTERRUPTED {
            wait_for_own_signal().await;
        }
        match self.kind {
            ProgramKind::Askpass => PromptError::Refused,
            ProgramKind::Zenity if status == ZENITY_TIMEOUT => PromptError::Refused,
            _ if status == 1 || status == INTERRUPTED => PromptError::Refused,
            _ => PromptError::Unusable,
        }
    }
}

/// A program that asks. Dropping it ends the program and what it started.
struct RunningPrompt {
    child: Child,
    /// Whether the program has its own process group, which no signal of a terminal reaches.
    own_group: bool,
}

impl Drop for RunningPrompt {
    fn drop(&mut self) {
        if let Some(pid) = self.child.id()
            && self.own_group
        {
            kill_group(pid);
        }
    }
}

/// Ends a process group.
#[cfg(unix)]
fn kill_group(pid: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // Fails when all have just ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Does nothing: Windows has no process groups.
#[cfg(not(unix))]
const fn kill_group(_: u32) {}

/// Returns an answer that is plain text of an acceptable length.
fn secret(answer: &[u8]) -> Result<Secret, PromptError> {
    if answer.len() > MAX_ANSWER {
        return Err(PromptError::TooLong);
    }
    let text = std::str::from_utf8(answer).map_err(|_| PromptError::NotText)?;
    let text = Secret::new(text);
    if text.has_control_characters() {
        return Err(PromptError::NotText);
    }
    Ok(text)
}
