//! Errors of files in a game's directory.

use std::io;

use crate::manifest::FileName;

/// An error of a file. Names are relative to the game's directory and escaped for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file or a folder above it is a link, and links are never followed.
    #[error("{name} is a link")]
    Link {
        /// The link.
        name: String,
    },
    /// A folder or another special file has the name of a file.
    #[error("{name} is not a file")]
    NotAFile {
        /// The name.
        name: String,
    },
    /// Something that is not a folder has the name of a folder.
    #[error("{name} is not a folder")]
    NotAFolder {
        /// The name.
        name: String,
    },
    /// The disk is full, or the quota of this user is exceeded.
    #[error("the disk has no space for {name} ({cause})")]
    Full {
        /// The file.
        name: String,
        /// The error of the system.
        cause: io::Error,
    },
    /// Any other error of the system.
    #[error("{name} cannot be read or written ({cause})")]
    Io {
        /// The file.
        name: String,
        /// The error of the system.
        cause: io::Error,
    },
}

impl FileError {
    /// Creates the error for a file from an error of the system.
    pub fn new(name: &FileName, cause: io::Error) -> Self {
        Self::with_name(name.escaped(), cause)
    }

    /// Creates the error for an escaped name from an error of the system.
    pub(super) fn with_name(name: String, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { name, cause },
            _ => Self::Io { name, cause },
        }
    }
}
