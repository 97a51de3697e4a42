//! The command that starts an installed game.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::command::LaunchCommand;
use super::find::InstalledGame;
use super::search_paths::SearchPaths;
use crate::base::failure::{Failure, Reason};
use crate::games::Game;

/// Returns the command that starts an installed game: the wrapper, the runner, the program and the arguments.
///
/// # Errors
/// [`Reason::GameStart`] when the wrapper or the runner is not installed.
pub fn command(
    installed: &InstalledGame,
    wrapper: &[String],
    arguments: &[OsString],
    paths: &SearchPaths,
) -> Result<LaunchCommand, Failure> {
    let (program, directory) = (&installed.program, &installed.directory);
    let mut command = if let Some(prefix) = &installed.prefix {
        prefix.command(program, directory, arguments, paths)?
    } else {
        let words = std::iter::once(program.clone().into());
        LaunchCommand::of(words.chain(arguments.iter().cloned()))
    };
    command.directory = Some(directory.clone());
    command.with_wrapper(wrapper)
}

/// Makes a native program executable, since archives and downloads lose that permission. A program that has other names
/// (hard links) is replaced by a copy.
///
/// # Errors
/// [`Reason::GameStart`] when the permissions cannot be changed.
pub fn make_executable(game: &Game, installed: &InstalledGame) -> Result<(), Failure> {
    if installed.prefix.is_some() {
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

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(unix)]
    use crate::games::ttr::GAME;

    fn installed(program: &Path) -> InstalledGame {
        let directory = program.parent().expect("a folder").to_owned();
        InstalledGame {
            program: program.to_owned(),
            directory,
            origin: "exe",
            prefix: None,
        }
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
            make_executable(&GAME, &installed(&program)).expect("a mode");
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
        make_executable(&GAME, &installed(&program)).expect("a mode");
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
        let command = command(
            &installed(&program),
            &wrapper,
            &["-x".into()],
            &SearchPaths::default(),
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
        let command = command(
            &installed(&program),
            &["no-such-wrapper".to_owned()],
            &[],
            &SearchPaths::default(),
        );
        assert_eq!(command.expect_err("no wrapper").reason, Reason::GameStart);
    }
}
