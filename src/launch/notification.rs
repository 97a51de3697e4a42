//! Desktop notifications.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::command::find_program;
use super::shell::remove_secrets;
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
    match start(title, body) {
        Some(child) => has_succeeded(child).await,
        None => false,
    }
}

/// Shows a notification while the program goes on. Returns whether `notify-send` could be started; its failure is ignored.
pub fn show_meanwhile(title: &str, body: &str) -> bool {
    let child = start(title, body);
    child
        .map(|child| tokio::spawn(has_succeeded(child)))
        .is_some()
}

/// Starts the program with a title and a body.
fn start(title: &str, body: &str) -> Option<Child> {
    let program = find_program(PROGRAM, "").ok()?;
    let mut command = Command::new(program);
    command
        .args(["--app-name=playcookie", "--"])
        .args([clean(title), clean(body)]);
    remove_secrets(command.as_std_mut());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command.spawn().ok()
}

async fn has_succeeded(mut child: Child) -> bool {
    let ended = clock::timeout(TIMEOUT, child.wait()).await;
    ended.is_some_and(|ended| ended.is_ok_and(|status| status.success()))
}
