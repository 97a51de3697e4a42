//! The start of a game as a value: what would be run, before anything is.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::find::{Found, Runner};
pub use super::output::Output;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::{clean, escaped};
use crate::games::Game;
use crate::protocol::Fields;

/// A program that is started with a game's variables: the game itself, or the command of `exec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchCommand {
    /// The program, found already.
    pub program: PathBuf,
    /// Its arguments. Nothing secret is ever among them.
    pub arguments: Vec<OsString>,
    /// Where it runs; here when `None`.
    pub directory: Option<PathBuf>,
    /// Variables beside the game's own, such as `WINEPREFIX`.
    pub environment: Vec<(&'static str, OsString)>,
    /// Variables that it does not inherit.
    pub forget: Vec<&'static str>,
    /// Whether it may read what the player types.
    pub input: bool,
    /// Where its output goes.
    pub output: Output,
    /// Whether it goes on when this program ends.
    pub detached: bool,
    /// Whether it is in a process group of its own, where no Ctrl-C of this terminal reaches it; for several games at
    /// once, and without meaning for a detached one, whose session is its own. It changes nothing on Windows, where
    /// every program of a console gets its Ctrl-C.
    pub group: bool,
}

/// The start of a game that was found: with its runner, behind the wrapper.
///
/// # Errors
/// [`Reason::GameStart`] when the wrapper or Wine is not there.
pub fn game(
    game: &Game,
    found: &Found,
    wrapper: &[String],
    arguments: &[OsString],
) -> Result<LaunchCommand, Failure> {
    let mut words: Vec<OsString> = Vec::new();
    let mut environment = Vec::new();
    if found.runner == Runner::Wine {
        let hint = "install Wine, or name a program made for this system with --exe FILE";
        words.push(on_the_path(game, "wine", hint)?.into());
        environment.extend(
            found
                .prefix()
                .map(|prefix| ("WINEPREFIX", prefix.into_os_string())),
        );
    }
    words.push(found.program.clone().into());
    words.extend_from_slice(arguments);
    let start = LaunchCommand {
        directory: Some(found.directory.clone()),
        environment,
        ..LaunchCommand::of(words)
    };
    start.behind(wrapper, game)
}

/// A program as a shell would find it.
fn on_the_path(game: &Game, program: &str, hint: &str) -> Result<PathBuf, Failure> {
    which::which(program).map_err(|_| {
        let message = format!(
            "{} cannot be started: there is no program \"{}\"",
            game.name,
            clean(program)
        );
        Failure::new(Reason::GameStart, message, hint)
    })
}

/// Sets the x bit of a program that this system runs itself; archives and downloads lose it.
///
/// # Errors
/// [`Reason::GameStart`] when it cannot be set.
pub fn make_executable(game: &Game, found: &Found) -> Result<(), Failure> {
    if found.runner == Runner::Wine {
        return Ok(());
    }
    let program = &found.program;
    set_x_bit(program).map_err(|error| {
        Failure::new(
            Reason::GameStart,
            format!(
                "{} cannot be started: {} cannot be made executable ({error})",
                game.name,
                program.display()
            ),
            format!("run chmod +x on it as its owner: {}", program.display()),
        )
    })
}

#[cfg(unix)]
fn set_x_bit(program: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(program)?.permissions();
    // Whoever may read it may run it.
    let wanted = permissions.mode() | ((permissions.mode() & 0o444) >> 2) | 0o100;
    if permissions.mode() & 0o111 == 0 {
        permissions.set_mode(wanted);
        fs::set_permissions(program, permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn set_x_bit(program: &Path) -> std::io::Result<()> {
    fs::metadata(program).map(drop)
}

impl LaunchCommand {
    /// A program, the first of `words`, and its arguments: here, and attached to this terminal.
    pub fn of(words: impl IntoIterator<Item = OsString>) -> Self {
        let mut words = words.into_iter();
        Self {
            program: words.next().unwrap_or_default().into(),
            arguments: words.collect(),
            directory: None,
            environment: Vec::new(),
            forget: Vec::new(),
            input: true,
            output: Output::Inherited,
            detached: false,
            group: false,
        }
    }

    /// The same behind a wrapper, whose words were split already.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when the wrapper is not there.
    pub fn behind(self, wrapper: &[String], game: &Game) -> Result<Self, Failure> {
        let Some((program, rest)) = wrapper.split_first() else {
            return Ok(self);
        };
        let program = on_the_path(game, program, "check the command given to --wrapper")?;
        let mut arguments: Vec<_> = rest.iter().map(OsString::from).collect();
        arguments.push(self.program.into());
        arguments.extend(self.arguments);
        Ok(Self {
            program,
            arguments,
            ..self
        })
    }

    /// The program and its arguments, for people and events.
    pub fn words(&self) -> Vec<String> {
        let program = self.program.to_string_lossy();
        let arguments = self
            .arguments
            .iter()
            .map(|argument| argument.to_string_lossy());
        std::iter::once(program)
            .chain(arguments)
            .map(|word| escaped(&word))
            .collect()
    }

    /// The command itself, with the game's variables in its environment and nothing of this program's own.
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
        for name in &self.forget {
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

/// Whether a variable is meant for this program alone; names do not tell case apart on Windows.
fn is_ours(name: &str) -> bool {
    name.get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case("PLAYCOOKIE_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::GAME;

    fn found(program: &Path, runner: Runner) -> Found {
        let directory = program.parent().expect("a folder").to_owned();
        Found {
            program: program.to_owned(),
            directory,
            runner,
        }
    }

    #[test]
    fn only_this_programs_own_variables_are_kept_from_the_game() {
        assert!(is_ours("PLAYCOOKIE_PASSWORD") && is_ours("PlayCookie_Code"));
        assert!(!is_ours("PLAYCOOKIE") && !is_ours("TTR_PLAYCOOKIE") && !is_ours("ÄÖÜÄÖÜÄÖÜ"));
    }

    #[cfg(unix)]
    #[test]
    fn the_x_bit_is_set_for_whoever_may_read_the_program() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("TTREngine");
        fs::write(&program, "").expect("a file");
        for (before, after) in [
            (0o644, 0o755),
            (0o600, 0o700),
            (0o755, 0o755),
            (0o710, 0o710),
        ] {
            fs::set_permissions(&program, fs::Permissions::from_mode(before)).expect("a mode");
            make_executable(&GAME, &found(&program, Runner::Native)).expect("a mode");
            assert_eq!(
                fs::metadata(&program).expect("a file").permissions().mode() & 0o777,
                after
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_wrapper_goes_in_front_and_the_arguments_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("TTREngine");
        fs::write(&program, "").expect("a file");
        let wrapper = ["env".to_owned(), "A=b c".to_owned()];
        let start = game(
            &GAME,
            &found(&program, Runner::Native),
            &wrapper,
            &["-x".into()],
        )
        .expect("a start");
        assert!(start.program.ends_with("env"));
        assert_eq!(
            start.arguments,
            [OsString::from("A=b c"), program.into(), "-x".into()]
        );
    }

    #[test]
    fn a_wrapper_that_is_not_there_is_known_before_the_login() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("TTREngine");
        fs::write(&program, "").expect("a file");
        let start = game(
            &GAME,
            &found(&program, Runner::Native),
            &["no-such-wrapper".to_owned()],
            &[],
        );
        assert_eq!(start.expect_err("no wrapper").reason, Reason::GameStart);
    }
}
