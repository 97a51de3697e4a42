//! `playcookie completions`: prints completion scripts, and answers them.

use std::ffi::OsString;

use super::Context;
use crate::cli::completion::{self, Shell};
use crate::config::file::ConfigFile;
use crate::terminal::{Terminal, TerminalOptions};

pub(super) fn script(context: &Context, shell: Shell) -> anyhow::Result<i32> {
    context.terminal.result(&completion::script(shell)?)?;
    Ok(0)
}

/// Answers the script of a shell. Without an answer, the script offers nothing.
pub(super) fn answer(shell: &str, words: &[OsString], config_file: &ConfigFile) -> i32 {
    // An invalid configuration is not reported in the middle of a command line.
    let configuration = config_file.load().unwrap_or_default();
    let terminal = Terminal::new(TerminalOptions::default());
    match completion::candidates(shell, words, &configuration) {
        Ok(answer) if terminal.result(&answer).is_ok() => 0,
        _ => 1,
    }
}
