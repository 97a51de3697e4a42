//! Manual pages at a terminal.

use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::command::find_program;
use super::game_process::GameProcess;
use super::shell::remove_secrets;
use crate::base::signals::Signals;

/// The program that formats a page and shows it in the user's pager.
const PROGRAM: &str = "man";

/// Shows a page with `man`, and waits until its pager ends. Returns whether it was shown. Ctrl-C goes to the pager.
pub async fn show(page: &[u8], signals: &mut Signals) -> bool {
    let Ok(program) = find_program(PROGRAM, "") else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(["-l", "-"]).stdin(Stdio::piped());
    remove_secrets(command.as_std_mut());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    if let Some(mut input) = child.stdin.take() {
        // What is missing shows in the status.
        let _ = input.write_all(page).await;
    }
    let ended = GameProcess::new(child, false).wait(signals).await;
    ended.is_ok_and(|status| status == 0)
}
