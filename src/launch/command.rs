//! The command that starts a game, as a value.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::find::{InstalledGame, Runner};
pub use super::output::Output;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::{clean, escaped};
use crate::games::Game;
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
}

/// Returns the command that starts an installed game: the wrapper, the runner, the program and the arguments.
///
/// # Errors
/// [`Reason::GameStart`] when the wrapper or Wine is not installed.
pub fn game(
    installed: &InstalledGame,
    wrapper: &[String],
    arguments: &[OsString],
) -> Result<LaunchCommand, Failure> {
    let mut words: Vec<OsString> = Vec::new();
    let mut environment = Vec::new();
    if installed.runner == Runner::Wine {
        let hint = "install Wine, or name a native program with --exe FILE";
        words.push(find_program("wine", hint)?.into());
        let prefix = installed.prefix().map(PathBuf::into_os_string);
        environment.extend(prefix.map(|prefix| ("WINEPREFIX".to_owned(), prefix)));
    }
    words.push(installed.program.clone().into());
    words.extend_from_slice(arguments);
    let command = LaunchCommand {
        directory: Some(installed.directory.clone()),
        environment,
        ..LaunchCommand::of(words)
    };
    command.with_wrapper(wrapper)
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

/// Makes a native program executable, since archives and downloads lose that permission. A program that has other names
/// (hard links) is replaced by a copy.
///
/// # Errors
/// [`Reason::GameStart`] when the permissions cannot be changed.
pub fn make_executable(game: &Game, installed: &InstalledGame) -> Result<(), Failure> {
    if installed.runner == Runner::Wine {
        return Ok(());
    }
    let program = &installed.program;
    set_executable(program).map_err(|error| {
        Failure::new(
            Reason::GameStart,
            format!(
                "{} cannot be started: {} cannot be made executable ({error})",
                game.name,
                program.display()
            ),
            format!("run `chmod +x` on {} as its owner", program.display()),
        )
    })
}

#[cfg(unix)]
fn set_executable(program: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let metadata = fs::metadata(program)?;
    let mut permissions = metadata.permissions();
    // Everybody who may read the program may run it.
    let mode = permissions.mode();
    if mode & 0o111 != 0 {
        return Ok(());
    }
    permissions.set_mode(mode | ((mode & 0o444) >> 2) | 0o100);
    if metadata.nlink() == 1 {
        return fs::set_permissions(program, permissions);
    }
    let program = program.canonicalize()?;
    let copy = program.with_added_extension("new");
    // Remove the copy of a run that was killed.
    let _ = fs::remove_file(&copy);
    let mut new = fs::File::create_new(&copy)?;
    let replaced = std::io::copy(&mut fs::File::open(&program)?, &mut new)
        .and_then(|_| new.set_permissions(permissions))
        .and_then(|()| fs::rename(&copy, &program));
    replaced.inspect_err(|_| {
        let _ = fs::remove_file(&copy);
    })
}

#[cfg(not(unix))]
fn set_executable(program: &Path) -> std::io::Result<()> {
    fs::metadata(program).map(drop)
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
        Ok(Self {
            program,
            arguments,
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
    #[cfg(unix)]
    use crate::games::ttr::GAME;

    fn installed(program: &Path, runner: Runner) -> InstalledGame {
        let directory = program.parent().expect("a folder").to_owned();
        InstalledGame {
            program: program.to_owned(),
            directory,
            runner,
        }
    }

    #[test]
    fn only_variables_of_this_program_are_kept_from_the_game() {
        assert!(is_ours("PLAYCOOKIE_PASSWORD") && is_ours("PlayCookie_Code"));
        assert!(!is_ours("PLAYCOOKIE") && !is_ours("TTR_PLAYCOOKIE") && !is_ours("ÄÖÜÄÖÜÄÖÜ"));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_becomes_executable_for_everybody_who_may_read_it() {
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
            make_executable(&GAME, &installed(&program, Runner::Native)).expect("a mode");
            assert_eq!(
                fs::metadata(&program).expect("a file").permissions().mode() & 0o777,
                after
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_copy_that_a_killed_run_left_behind_is_replaced() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("TTREngine");
        let (other_name, copy) = (
            folder.path().join("other"),
            folder.path().join("TTREngine.new"),
        );
        fs::write(&program, "program").expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).expect("a mode");
        fs::hard_link(&program, &other_name).expect("a link");
        fs::write(&copy, "pro").expect("a file");
        make_executable(&GAME, &installed(&program, Runner::Native)).expect("a mode");
        assert_eq!(fs::read(&program).expect("a file"), b"program");
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!((mode(&program), mode(&other_name)), (0o755, 0o644));
        assert!(!copy.exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_wrapper_comes_first_and_the_arguments_last() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("TTREngine");
        fs::write(&program, "").expect("a file");
        let wrapper = ["env".to_owned(), "A=b c".to_owned()];
        let command = game(
            &installed(&program, Runner::Native),
            &wrapper,
            &["-x".into()],
        )
        .expect("a command");
        assert!(command.program.ends_with("env"));
        assert_eq!(
            command.arguments,
            [OsString::from("A=b c"), program.into(), "-x".into()]
        );
    }

    #[test]
    fn a_wrapper_that_is_not_installed_is_an_error_before_the_login() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("TTREngine");
        fs::write(&program, "").expect("a file");
        let command = game(
            &installed(&program, Runner::Native),
            &["no-such-wrapper".to_owned()],
            &[],
        );
        assert_eq!(command.expect_err("no wrapper").reason, Reason::GameStart);
    }
}
