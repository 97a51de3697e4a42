//! Shell commands of the user, such as `pass show ttr/alice`.

use std::ffi::OsStr;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdout, Command};
use zeroize::Zeroizing;

use super::game_process::code;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;

/// How many bytes of a command's output are read at most.
pub(super) const MAX_OUTPUT: usize = 64 * 1024;
/// How long a command may run after it closed its output.
pub(super) const EXIT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long reading the rest of a pipe may take after the command ended.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(200);
/// The exit status of a program that Ctrl-C ended.
pub(super) const INTERRUPTED: i32 = 130;

/// Variables that commands do not inherit, because they contain secrets.
const SECRET_VARIABLES: [&str; 2] = ["PLAYCOOKIE_PASSWORD", "PLAYCOOKIE_CODE"];

/// Runs a shell command and returns the first line that it prints.
///
/// `option` is the option that gave the command, and for whom. The command does not inherit the variables in `removed`, which are those of
/// the game. `input` is whether it may read standard input.
///
/// # Errors
/// [`Reason::InputNeeded`] when the command fails or prints nothing.
pub async fn first_line(
    command: &str,
    option: &str,
    removed: &[&str],
    input: bool,
) -> Result<Secret, Failure> {
    let mut shell = shell(command.as_ref(), removed);
    if !input {
        shell.stdin(Stdio::null());
    }
    shell.stdout(Stdio::piped()).kill_on_drop(true);
    let failed = |what: String| {
        Failure::new(
            Reason::InputNeeded,
            format!("the command of {option} {what}"),
            "run it in a shell to see why",
        )
    };
    let mut child = shell
        .spawn()
        .map_err(|error| failed(format!("cannot be started ({error})")))?;
    let mut output = Zeroizing::new(Vec::with_capacity(4096));
    match run(&mut child, &mut output).await {
        Some(status) if status.success() => {}
        Some(status) if code(status) == INTERRUPTED => {
            wait_for_own_signal().await;
            return Err(failed("was interrupted".to_owned()));
        }
        Some(status) => return Err(failed(format!("failed ({status})"))),
        None => return Err(failed("printed too much, or did not end".to_owned())),
    }
    let line = line(&output).ok_or_else(|| failed("did not print plain text".to_owned()))?;
    if line.is_empty() {
        Err(failed("printed an empty first line".to_owned()))
    } else {
        Ok(line)
    }
}

/// Reads the output until the command ends, since a process that it leaves behind may keep the output open. Returns none
/// when the command runs on after it closed its output, or prints too much.
pub(super) async fn run(child: &mut Child, output: &mut Zeroizing<Vec<u8>>) -> Option<ExitStatus> {
    let mut pipe = child.stdout.take()?;
    let ended = tokio::select! {
        () = read(&mut pipe, output) => None,
        ended = child.wait() => ended.ok(),
    };
    if ended.is_some() {
        // The pipe may still have output.
        clock::timeout(DRAIN_TIMEOUT, read(&mut pipe, output)).await;
        return ended;
    }
    drop(pipe);
    clock::timeout(EXIT_TIMEOUT, child.wait()).await?.ok()
}

/// Reads up to the end or up to [`MAX_OUTPUT`].
async fn read(pipe: &mut ChildStdout, output: &mut Zeroizing<Vec<u8>>) {
    while output.len() < MAX_OUTPUT {
        match pipe.read_buf(&mut **output).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Returns the first line without its line end.
fn line(output: &[u8]) -> Option<Secret> {
    let line = output
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = Secret::new(std::str::from_utf8(line).ok()?.trim_end_matches('\r'));
    (!line.has_control_characters()).then_some(line)
}

/// Waits, so that the signal of a Ctrl-C that ended the command reaches this program first.
pub(super) async fn wait_for_own_signal() {
    clock::sleep(EXIT_TIMEOUT).await;
}

/// Keeps the variables that hold the user's secrets away from a program.
pub(super) fn remove_secrets(command: &mut std::process::Command) {
    for name in SECRET_VARIABLES {
        command.env_remove(name);
    }
}

/// Returns a shell that runs a command, without the user's secrets and the variables in `removed`.
pub(super) fn shell(command: &OsStr, removed: &[&str]) -> Command {
    let mut shell = interpreter(command);
    remove_secrets(shell.as_std_mut());
    for name in removed {
        shell.env_remove(name);
    }
    shell
}

#[cfg(unix)]
fn interpreter(command: &OsStr) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command);
    shell
}

#[cfg(windows)]
fn interpreter(command: &OsStr) -> Command {
    let mut line = std::ffi::OsString::from("/D /S /C \"");
    line.push(command);
    line.push("\"");
    let mut shell = Command::new("cmd");
    // `cmd` does not read the quoting that other programs expect.
    shell.raw_arg(line);
    shell
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(output: &[u8]) -> Option<String> {
        line(output).map(|line| line.reveal().to_owned())
    }

    #[test]
    fn only_the_first_line_is_returned() {
        assert_eq!(first(b" pw \r\nurl: x\n").as_deref(), Some(" pw "));
        assert_eq!(first(b"pw").as_deref(), Some("pw"));
        assert_eq!(first(b"").as_deref(), Some(""));
    }

    #[test]
    fn control_characters_and_invalid_utf8_are_refused() {
        assert_eq!(first(b"\xff\n"), None);
        assert_eq!(first(b"a\x1bb\n"), None);
    }
}
