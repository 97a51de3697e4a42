//! A line on the player's desktop.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::shell::HIDDEN;
use crate::base::clock;
use crate::base::sanitize::clean;

/// What shows notices on a freedesktop.org desktop, and what is found under its name elsewhere.
const PROGRAM: &str = "notify-send";
/// How long it may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Shows a line with a smaller one below it, as `notify-send` does, for two seconds of waiting at most. Gives whether it
/// was shown: not where there is no such program, or where that fails.
///
/// Foreign words belong into `line`, which is plain text for every desktop; many read markup in what stands `below`.
pub async fn show(line: &str, below: &str) -> bool {
    let Ok(program) = which::which(PROGRAM) else {
        return false;
    };
    let mut command = Command::new(program);
    // Nothing behind `--` is an option.
    command
        .args(["--app-name=playcookie", "--"])
        .args([clean(line), clean(below)]);
    for name in HIDDEN {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let ended = clock::timeout(LIMIT, child.wait()).await;
    ended.is_some_and(|ended| ended.is_ok_and(|status| status.success()))
}
