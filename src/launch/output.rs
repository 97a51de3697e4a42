//! Where the output of a game goes.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::base::failure::{Failure, Reason};

/// Where the output of a game goes. It never is a pipe, since a pipe that nobody reads blocks the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To this terminal.
    Inherited,
    /// To standard error, because standard output has the events.
    Error,
    /// Nowhere.
    Discarded,
    /// Appended to a file.
    File(PathBuf),
}

impl Output {
    /// Checks that the log can be written, before anything is sent.
    ///
    /// # Errors
    /// [`Reason::Io`] when the log cannot be opened.
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

    /// Returns standard output and standard error for the game.
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

/// Whether the path is a FIFO or a socket, where opening or writing may wait for a reader.
#[cfg(unix)]
fn needs_a_reader(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path)
        .is_ok_and(|found| found.file_type().is_fifo() || found.file_type().is_socket())
}

#[cfg(not(unix))]
fn needs_a_reader(_: &Path) -> bool {
    false
}

/// Opens a log to append to it. A new log is private, since games write names and addresses into it.
fn open_log(path: &Path) -> std::io::Result<fs::File> {
    if needs_a_reader(path) {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
