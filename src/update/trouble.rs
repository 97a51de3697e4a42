//! What can go wrong with the files of a game.

use std::io;

use crate::manifest::FileName;

/// What is wrong, and with which file: names are below the game's directory, safe to show.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A link, which nothing is read or written through.
    #[error("{name} is a link")]
    Link {
        /// The link, which may be a folder that the file is in.
        name: String,
    },
    /// A folder, or something else that is no file, is where a file should be.
    #[error("{name} is not a file")]
    NotAFile {
        /// What is in the way.
        name: String,
    },
    /// Something else is where a folder should be.
    #[error("{name} is not a folder")]
    NotAFolder {
        /// What is in the way.
        name: String,
    },
    /// The disk is full, or this user's share of it.
    #[error("there is no room for {name} ({cause})")]
    Full {
        /// The file.
        name: String,
        /// What the system says.
        cause: io::Error,
    },
    /// Anything else that the system says.
    #[error("{name} cannot be read or written ({cause})")]
    Io {
        /// The file.
        name: String,
        /// What the system says.
        cause: io::Error,
    },
}

impl FileError {
    /// What the system says about a file.
    pub fn new(name: &FileName, cause: io::Error) -> Self {
        Self::about(name.escaped(), cause)
    }

    /// The same for what is safe to show.
    pub(super) fn about(name: String, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { name, cause },
            _ => Self::Io { name, cause },
        }
    }
}
