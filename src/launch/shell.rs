//! The player's own shell commands, such as `pass show ttr/alice`.

use std::ffi::OsStr;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdout, Command};
use zeroize::Zeroizing;

use super::start::code;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;

/// The most that is read of a command's output.
const MOST_OUTPUT: usize = 64 * 1024;
/// How long a command may go on after it closed its output.
const LAST_MOMENTS: Duration = Duration::from_secs(5);

/// How long a pipe may take to give what is in it already.
const LAST_BYTES: Duration = Duration::from_millis(200);
/// The status of a program that Ctrl-C ended.
pub(super) const INTERRUPTED: i32 = 130;

/// What a command may not see: it is not for it.
pub(super) const HIDDEN: [&str; 2] = ["PLAYCOOKIE_PASSWORD", "PLAYCOOKIE_CODE"];

/// The first line of what a shell command prints. `option` is where the command came from; `forget` are the game's
/// variables, which it does not see; `input` is whether it may read standard input.
///
/// # Errors
/// [`Reason::InputNeeded`] when it fails or prints nothing.
pub async fn first_line(
    command: &str,
    option: &str,
    forget: &[&str],
    input: bool,
) -> Result<Secret, Failure> {
    let mut shell = shell(command.as_ref(), forget);
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
            let_our_signal_come().await;
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

/// Reads until the command ends: what it left running may keep its output open for ever. Gives nothing when it went on
/// after it closed its output, or printed too much.
async fn run(child: &mut Child, output: &mut Zeroizing<Vec<u8>>) -> Option<ExitStatus> {
    let mut pipe = child.stdout.take()?;
    let ended = tokio::select! {
        () = read(&mut pipe, output) => None,
        ended = child.wait() => ended.ok(),
    };
    if ended.is_some() {
        // What it printed before it ended is in the pipe already.
        clock::timeout(LAST_BYTES, read(&mut pipe, output)).await;
        return ended;
    }
    drop(pipe);
    clock::timeout(LAST_MOMENTS, child.wait()).await?.ok()
}

/// Reads to the end, or to the most that is read.
async fn read(pipe: &mut ChildStdout, output: &mut Zeroizing<Vec<u8>>) {
    while output.len() < MOST_OUTPUT {
        match pipe.read_buf(&mut **output).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The first line without its end.
fn line(output: &[u8]) -> Option<Secret> {
    let line = output
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = Secret::new(std::str::from_utf8(line).ok()?.trim_end_matches('\r'));
    (!line.has_control_characters()).then_some(line)
}

/// Ctrl-C at the terminal is for this program too, and ends it: its own signal may be a moment behind.
pub(super) async fn let_our_signal_come() {
    clock::sleep(LAST_MOMENTS).await;
}

/// A command as the player's shell would run it, without the variables that are not for it to see and those of
/// `forget`.
pub(super) fn shell(command: &OsStr, forget: &[&str]) -> Command {
    let mut shell = interpreter(command);
    for name in HIDDEN.iter().chain(forget) {
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
    // `cmd` takes the rest of its line as it stands, without the quoting that other programs expect.
    shell.raw_arg(line);
    shell
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(output: &[u8]) -> Option<String> {
        line(output).map(|line| line.reveal().to_owned())
    }

    #[test]
    fn only_the_first_line_counts() {
        assert_eq!(taken(b" pw \r\nurl: x\n").as_deref(), Some(" pw "));
        assert_eq!(taken(b"pw").as_deref(), Some("pw"));
        assert_eq!(taken(b"").as_deref(), Some(""));
    }

    #[test]
    fn what_is_not_plain_text_is_refused() {
        assert_eq!(taken(b"\xff\n"), None);
        assert_eq!(taken(b"a\x1bb\n"), None);
    }
}
