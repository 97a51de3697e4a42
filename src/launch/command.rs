//! The command that starts a game, as a value.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use super::output::Output;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::{clean, escaped};
use crate::protocol::Fields;

/// A program that is started with a game's variables: the game, or the command of `exec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchCommand {
    /// The path of the program.
    pub program: PathBuf,
    /// The arguments. They never contain a secret.
    pub arguments: Vec<OsString>,
    /// The working directory; that of this program when `None`.
    pub directory: Option<PathBuf>,
    /// Additional environment variables, such as `WINEPREFIX`. The game's own variables replace those of the same name.
    pub environment: Vec<(String, OsString)>,
    /// The names of variables that the program does not inherit.
    pub removed_variables: Vec<&'static str>,
    /// Whether the program may read standard input.
    pub input: bool,
    /// Where the output goes.
    pub output: Output,
    /// Whether the program runs in its own session and outlives this program.
    pub detached: bool,
    /// Whether the program runs in its own process group, where Ctrl-C at this terminal does not reach it. Several games
    /// run in separate process groups. It is not used for a detached program, nor on Windows, where Ctrl-C reaches every
    /// program of a console.
    pub own_group: bool,
    /// What the runner or the wrapper cannot do.
    pub limits: Vec<RunnerLimit>,
}

/// What a runner or a wrapper cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunnerLimit {
    /// It ends with 0 whatever the game's exit status is.
    UnknownStatus,
    /// It ends with this program, so that the game cannot be detached.
    DiesWithParent,
    /// Ctrl-C ends the runner only; the game goes on.
    SurvivesInterrupt,
}

/// Finds a program by its path, or by its name in the absolute folders of the `PATH`. Relative ones depend on the working
/// directory, in which another user may have put a program.
///
/// # Errors
/// [`Reason::GameStart`] when the program is not found.
pub fn find_program(program: impl AsRef<OsStr>, hint: &str) -> Result<PathBuf, Failure> {
    let program = program.as_ref();
    let is_path = Path::new(program).components().count() > 1;
    let found = if is_path {
        which::which(program).ok()
    } else {
        // What a relative folder has is returned as a relative path.
        let found = which::which_all_global(program).ok();
        found.and_then(|mut found| found.find(|path| path.is_absolute()))
    };
    found.ok_or_else(|| {
        let message = format!(
            "the program \"{}\" is not installed",
            clean(&program.to_string_lossy())
        );
        Failure::new(Reason::GameStart, message, hint)
    })
}

impl LaunchCommand {
    /// Returns the command of a program, the first of `words`, and its arguments, in this directory and at this terminal.
    pub fn of(words: impl IntoIterator<Item = OsString>) -> Self {
        let mut words = words.into_iter();
        Self {
            program: words.next().unwrap_or_default().into(),
            arguments: words.collect(),
            directory: None,
            environment: Vec::new(),
            removed_variables: Vec::new(),
            input: true,
            output: Output::Inherited,
            detached: false,
            own_group: false,
            limits: Vec::new(),
        }
    }

    /// Returns the command that runs this one with a wrapper, which is split into words; an empty one changes nothing.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when the wrapper is not installed.
    pub fn with_wrapper(self, wrapper: &[String]) -> Result<Self, Failure> {
        let Some((program, rest)) = wrapper.split_first() else {
            return Ok(self);
        };
        let program = find_program(program, "check the command of --wrapper")?;
        let mut arguments: Vec<_> = rest.iter().map(OsString::from).collect();
        arguments.push(self.program.into());
        arguments.extend(self.arguments);
        let mut limits = self.limits;
        let mut words = std::iter::once(program.as_path()).chain(rest.iter().map(Path::new));
        if words.any(|word| word.file_name().is_some_and(|name| name == "gamescope")) {
            limits.push(RunnerLimit::UnknownStatus);
        }
        Ok(Self {
            program,
            arguments,
            limits,
            ..self
        })
    }

    /// Returns the working directory, escaped for display.
    pub fn working_directory(&self) -> String {
        let current = || std::env::current_dir().ok();
        let directory = self.directory.clone().or_else(current);
        directory
            .map(|path| escaped(&path.to_string_lossy()))
            .unwrap_or_default()
    }

    /// Returns the program and its arguments, escaped for display.
    pub fn words(&self) -> Vec<String> {
        let program = std::iter::once(self.program.as_os_str());
        let words = program.chain(self.arguments.iter().map(OsString::as_os_str));
        words.map(|word| escaped(&word.to_string_lossy())).collect()
    }

    /// Returns the command with the game's variables in its environment, and without the variables of this program.
    ///
    /// # Errors
    /// When the log cannot be opened.
    pub(super) fn command(&self, variables: &Fields) -> std::io::Result<Command> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        for (name, _) in std::env::vars_os() {
            if is_ours(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        for name in &self.removed_variables {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.envs(variables.iter().map(|(name, value)| (name, value.reveal())));
        let (output, error) = self.output.streams()?;
        command.stdout(output).stderr(error);
        if !self.input {
            command.stdin(Stdio::null());
        }
        Ok(command)
    }
}

/// Whether a variable is one of this program. Case is ignored, as on Windows.
pub fn is_ours(name: &str) -> bool {
    name.get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case("PLAYCOOKIE_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variables_of_this_program_are_kept_from_the_game() {
        assert!(is_ours("PLAYCOOKIE_PASSWORD") && is_ours("PlayCookie_Code"));
        assert!(!is_ours("PLAYCOOKIE") && !is_ours("TTR_PLAYCOOKIE") && !is_ours("ÄÖÜÄÖÜÄÖÜ"));
    }
}
