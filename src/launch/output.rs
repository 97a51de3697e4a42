//! Where the output of a game goes.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

#[cfg(unix)]
use rustix::fs::OFlags;

use crate::base::failure::{Failure, Reason};
use crate::terminal::{self, Stream};

/// Where the output of a game goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To this terminal.
    Inherited,
    /// To this terminal, with this label before each line. What is no terminal is inherited: a pipe that nobody reads blocks
    /// the game, so there is one only where its lines are labelled.
    Labelled(String),
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
    pub(super) fn streams(&self) -> io::Result<(Stdio, Stdio)> {
        Ok(match self {
            Self::Inherited => (Stdio::inherit(), Stdio::inherit()),
            Self::Labelled(_) => (
                piped_if(terminal::is_terminal(Stream::Output)),
                piped_if(terminal::is_terminal(Stream::Error)),
            ),
            Self::Error => (io::stderr().into(), Stdio::inherit()),
            Self::Discarded => (Stdio::null(), Stdio::null()),
            Self::File(path) => {
                let log = open_log(path)?;
                (log.try_clone()?.into(), log.into())
            }
        })
    }
}

fn piped_if(is_terminal: bool) -> Stdio {
    if is_terminal {
        Stdio::piped()
    } else {
        Stdio::inherit()
    }
}

/// Opens a log to append to it. A new log is private, since games write names and addresses into it. Another user may have
/// put a link or a file in its place, so the log has to be a regular file of this user that has no other name.
fn open_log(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a FIFO must not wait for its reader.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
        options.mode(0o600).custom_flags(flags);
    }
    // Gives a clearer error than opening does. The path may change before it is opened, so the open file is checked as well.
    match path.symlink_metadata() {
        Ok(found) if found.is_symlink() => return Err(io::Error::other("it is a link")),
        Ok(found) if !found.is_file() => return Err(io::Error::other("it is not a file")),
        _ => {}
    }
    let log = options.open(path)?;
    check(&log.metadata()?).map_err(io::Error::other)?;
    Ok(log)
}

/// Returns why an open file cannot be a log.
#[cfg(unix)]
fn check(log: &Metadata) -> Result<(), &'static str> {
    use std::os::unix::fs::MetadataExt;
    if !log.is_file() {
        return Err("it is not a file");
    }
    if log.uid() != rustix::process::geteuid().as_raw() {
        return Err("it belongs to another user");
    }
    if log.nlink() != 1 {
        return Err("it has another name as well");
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(log: &Metadata) -> Result<(), &'static str> {
    if log.is_file() {
        Ok(())
    } else {
        Err("it is not a file")
    }
}
