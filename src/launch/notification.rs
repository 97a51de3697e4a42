//! Desktop notifications.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::command::find_program;
use super::shell::SECRET_VARIABLES;
use crate::base::clock;
use crate::base::sanitize::clean;

/// The program that shows notifications on freedesktop.org desktops; another system may have one of the same name.
const PROGRAM: &str = "notify-send";
/// How long the program may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Shows a notification with `notify-send`. Returns whether it was shown, which takes at most two seconds.
///
/// Text from servers belongs in `title`, which is plain text on every desktop; many desktops read markup in `body`.
pub async fn show(title: &str, body: &str) -> bool {
    let Ok(program) = find_program(PROGRAM, "") else {
        return false;
    };
    let mut command = Command::new(program);
    command
        .args(["--app-name=playcookie", "--"])
        .args([clean(title), clean(body)]);
    for name in SECRET_VARIABLES {
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
    let ended = clock::timeout(TIMEOUT, child.wait()).await;
    ended.is_some_and(|ended| ended.is_ok_and(|status| status.success()))
}
