//! The player's own editor, on a file that this program keeps.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::shell::shell;
use super::start::Running;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::signals::Signals;

/// What is run when the player names none.
const USUAL: &str = if cfg!(windows) { "notepad" } else { "vi" };
/// The statuses of a shell that could not start a program: not one to run, not there.
const NOT_STARTED: std::ops::RangeInclusive<i32> = if cfg!(windows) {
    9009..=9009
} else {
    126..=127
};

/// Opens the player's editor on `file`, at this terminal, and waits until it ends: `VISUAL`, else `EDITOR`, else `vi`
/// (`notepad` on Windows), which may be a command with arguments, as for git. Ctrl-C belongs to the editor meanwhile;
/// what is sent to this program alone is passed on.
///
/// # Errors
/// [`Reason::Io`] when it cannot be started or ends with a failure.
pub async fn edit(file: &Path, signals: &mut Signals) -> Result<(), Failure> {
    let editor = chosen(["VISUAL", "EDITOR"].map(std::env::var_os));
    let started =
        start(&editor, file).map_err(|error| cannot(&editor, file, &error.to_string()))?;
    judge(&editor, file, started.wait(signals).await?)
}

/// The first that names something.
fn chosen(named: [Option<OsString>; 2]) -> OsString {
    let mut named = named.into_iter().flatten();
    named
        .find(|editor| !editor.is_empty())
        .unwrap_or_else(|| USUAL.into())
}

fn start(editor: &OsStr, file: &Path) -> std::io::Result<Running> {
    // In the group of this terminal: a program of another one may not read from it.
    Ok(Running::of(command(editor, file).spawn()?, false))
}

/// The file is an argument of the shell's own, so that no character in its path means anything there.
#[cfg(unix)]
fn command(editor: &OsStr, file: &Path) -> tokio::process::Command {
    let mut line = editor.to_owned();
    line.push(" \"$@\"");
    let mut shell = shell(&line, &[]);
    shell.arg("editor").arg(file);
    shell
}

/// No path holds a quote on Windows.
#[cfg(windows)]
fn command(editor: &OsStr, file: &Path) -> tokio::process::Command {
    let mut line = editor.to_owned();
    line.push(" \"");
    line.push(file);
    line.push("\"");
    shell(&line, &[])
}

fn judge(editor: &OsStr, file: &Path, status: i32) -> Result<(), Failure> {
    if status == 0 {
        return Ok(());
    }
    if NOT_STARTED.contains(&status) {
        return Err(cannot(editor, file, &format!("status {status}")));
    }
    Err(failure(
        editor,
        file,
        &format!("ended with status {status}"),
    ))
}

fn cannot(editor: &OsStr, file: &Path, why: &str) -> Failure {
    failure(editor, file, &format!("cannot be started ({why})"))
}

fn failure(editor: &OsStr, file: &Path, what: &str) -> Failure {
    Failure::new(
        Reason::Io,
        format!(
            "the editor \"{}\" {what}; {} is as it was left",
            clean(&editor.to_string_lossy()),
            file.display()
        ),
        "name an editor that works here in VISUAL or EDITOR",
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn edited(editor: &str, file: &Path) -> Result<(), Failure> {
        let mut started = start(editor.as_ref(), file).expect("a shell");
        judge(editor.as_ref(), file, started.ended().await?)
    }

    #[test]
    fn the_first_editor_that_is_named_counts() {
        let named = |visual: &str, editor: &str| chosen([visual, editor].map(|it| Some(it.into())));
        assert_eq!(named("code --wait", "ed"), "code --wait");
        assert_eq!(named("", "ed"), "ed");
        assert_eq!(named("", ""), "vi");
        assert_eq!(chosen([None, Some("ed".into())]), "ed");
    }

    #[tokio::test]
    async fn the_editor_gets_its_own_arguments_and_the_file_as_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a $HOME 'b' \"c\".toml");
        std::fs::write(&file, "a = 1\n").expect("a file");
        let editor = "f() { [ $# -eq 2 ] && echo \"$1\" >>\"$2\"; }; f 'b = 2'";
        assert_eq!(edited(editor, &file).await, Ok(()));
        let text = std::fs::read_to_string(&file).expect("the file");
        assert_eq!(text, "a = 1\nb = 2\n");
    }

    #[tokio::test]
    async fn an_editor_that_fails_is_told_of_with_its_status() {
        let file = Path::new("/nowhere/config.toml");
        for (editor, what) in [
            ("sh -c 'exit 3'", "ended with status 3"),
            ("kill -KILL $$;", "ended with status 137"),
            ("/nowhere/editor 2>&-", "cannot be started"),
        ] {
            let failure = edited(editor, file).await.expect_err("a failure");
            assert_eq!(failure.reason, Reason::Io);
            assert!(failure.message.contains(what), "{}", failure.message);
            assert!(failure.message.contains("/nowhere/config.toml"));
        }
    }
}
