//! Where the output of a game goes.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::base::failure::{Failure, Reason};

/// Where the output of a game goes. Never into a pipe that nobody empties: that freezes the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To this terminal.
    Inherited,
    /// To standard error, because standard output carries events.
    Error,
    /// Nowhere.
    Discarded,
    /// To the end of a file.
    File(PathBuf),
}

impl Output {
    /// Opens the file, so that a log that cannot be written is known before anything is sent.
    ///
    /// # Errors
    /// [`Reason::Io`].
    pub fn check(&self) -> Result<(), Failure> {
        match self {
            Self::File(path) => open_log(path).map(drop).map_err(|error| {
                Failure::new(
                    Reason::Io,
                    format!("the log {} cannot be written ({error})", path.display()),
                    "name another file with --log FILE",
                )
            }),
            _ => Ok(()),
        }
    }

    /// Standard output and standard error of the game.
    pub(super) fn streams(&self) -> std::io::Result<(Stdio, Stdio)> {
        Ok(match self {
            Self::Inherited => (Stdio::inherit(), Stdio::inherit()),
            Self::Error => (std::io::stderr().into(), Stdio::inherit()),
            Self::Discarded => (Stdio::null(), Stdio::null()),
            Self::File(path) => {
                let log = open_log(path)?;
                (log.try_clone()?.into(), log.into())
            }
        })
    }
}

/// Whether what is written there waits for somebody who reads it.
#[cfg(unix)]
fn is_for_another_reader(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path)
        .is_ok_and(|found| found.file_type().is_fifo() || found.file_type().is_socket())
}

#[cfg(not(unix))]
fn is_for_another_reader(_: &Path) -> bool {
    false
}

/// Appends, and lets nobody else read: games write names and addresses into their logs.
fn open_log(path: &Path) -> std::io::Result<fs::File> {
    if is_for_another_reader(path) {
        // Opening it would wait for that reader.
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
