//! The user's editor.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::game_process::GameProcess;
use super::shell::shell;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::signals::Signals;

/// The editor when no variable names one.
const DEFAULT_EDITOR: &str = if cfg!(windows) { "notepad" } else { "vi" };
/// The exit statuses of a shell that cannot start a program, which is not executable or not found.
const NOT_STARTED: std::ops::RangeInclusive<i32> = if cfg!(windows) {
    9009..=9009
} else {
    126..=127
};

/// Opens `file` in an editor at this terminal, and waits until the editor ends.
///
/// The editor is `VISUAL`, else `EDITOR`, else `vi` (`notepad` on Windows). The variables may contain a command with
/// arguments, as for git. Ctrl-C goes to the editor; signals for this program are forwarded.
///
/// # Errors
/// [`Reason::Io`] when the editor cannot be started or fails.
pub async fn edit(file: &Path, signals: &mut Signals) -> Result<(), Failure> {
    let editor = first_named(["VISUAL", "EDITOR"].map(std::env::var_os));
    let process = spawn(&editor, file);
    let process = process.map_err(|error| not_started(&editor, &error.to_string()))?;
    check_status(&editor, process.wait(signals).await?)
}

/// Returns the first variable that is not empty.
fn first_named(named: [Option<OsString>; 2]) -> OsString {
    let mut named = named.into_iter().flatten();
    named
        .find(|editor| !editor.is_empty())
        .unwrap_or_else(|| DEFAULT_EDITOR.into())
}

fn spawn(editor: &OsStr, file: &Path) -> std::io::Result<GameProcess> {
    // A program in another process group may not read from the terminal.
    Ok(GameProcess::new(command(editor, file).spawn()?, false))
}

/// Passes the file as an argument of the shell, which then does not interpret any character of its path.
#[cfg(unix)]
fn command(editor: &OsStr, file: &Path) -> tokio::process::Command {
    let mut line = editor.to_owned();
    line.push(" \"$@\"");
    let mut shell = shell(&line, &[]);
    shell.arg("editor").arg(file);
    shell
}

/// On Windows, no path contains a quote.
#[cfg(windows)]
fn command(editor: &OsStr, file: &Path) -> tokio::process::Command {
    let mut line = editor.to_owned();
    line.push(" \"");
    line.push(file);
    line.push("\"");
    shell(&line, &[])
}

fn check_status(editor: &OsStr, status: i32) -> Result<(), Failure> {
    if status == 0 {
        return Ok(());
    }
    if NOT_STARTED.contains(&status) {
        return Err(not_started(editor, &format!("status {status}")));
    }
    Err(failure(editor, &format!("ended with status {status}")))
}

fn not_started(editor: &OsStr, why: &str) -> Failure {
    failure(editor, &format!("cannot be started ({why})"))
}

fn failure(editor: &OsStr, what: &str) -> Failure {
    let editor = clean(&editor.to_string_lossy());
    Failure::new(
        Reason::Io,
        format!("the editor \"{editor}\" {what}"),
        "name another editor in VISUAL or EDITOR",
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn edited(editor: &str, file: &Path) -> Result<(), Failure> {
        let mut process = spawn(editor.as_ref(), file).expect("a shell");
        check_status(editor.as_ref(), process.exit_status().await?)
    }

    #[test]
    fn the_first_variable_that_is_not_empty_names_the_editor() {
        let named =
            |visual: &str, editor: &str| first_named([visual, editor].map(|it| Some(it.into())));
        assert_eq!(named("code --wait", "ed"), "code --wait");
        assert_eq!(named("", "ed"), "ed");
        assert_eq!(named("", ""), "vi");
        assert_eq!(first_named([None, Some("ed".into())]), "ed");
    }

    #[tokio::test]
    async fn the_editor_gets_its_arguments_and_the_file_as_one_argument() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a $HOME 'b' \"c\".toml");
        std::fs::write(&file, "a = 1\n").expect("a file");
        let editor = "f() { [ $# -eq 2 ] && echo \"$1\" >>\"$2\"; }; f 'b = 2'";
        assert_eq!(edited(editor, &file).await, Ok(()));
        let text = std::fs::read_to_string(&file).expect("the file");
        assert_eq!(text, "a = 1\nb = 2\n");
    }

    #[tokio::test]
    async fn the_status_of_a_failed_editor_is_in_the_message() {
        let file = Path::new("/nowhere/config.toml");
        for (editor, what) in [
            ("sh -c 'exit 3'", "ended with status 3"),
            ("kill -KILL $$;", "ended with status 137"),
            ("/nowhere/editor 2>&-", "cannot be started"),
        ] {
            let failure = edited(editor, file).await.expect_err("a failure");
            assert_eq!(failure.reason, Reason::Io);
            assert!(failure.message.contains(what), "{}", failure.message);
        }
    }
}
