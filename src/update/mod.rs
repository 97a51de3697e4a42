//! The update engine: compares a game's files with a manifest, and downloads, verifies and replaces outdated files.
//!
//! ```text
//!   manifest ─▶ check ─▶ Updater ─┬▶ Download ─▶ unpack ─┬▶ Folder
//!               finds outdated    └▶ Download ─▶ patch ──┘  the game's directory
//!               files
//! ```
//!
//! A file is replaced atomically: the new content is written to another file, verified, synced and renamed.

pub mod bsdiff;
pub mod cache;
pub mod check;
pub mod core_permit;
pub mod directory_key;
mod download;
pub mod file_error;
pub mod folder;
pub(crate) mod game;
mod packed_reader;
pub mod parallel_bzip2;
mod patch;
mod retry_state;
mod sink;
mod unpack;
pub mod update_lock;
mod updater;
mod worker_pool;

use std::time::Duration;

use crate::manifest::FileName;
pub use download::{DownloadError, Mirror};
pub use updater::{Error, Updater};
pub use worker_pool::WorkerPool;

/// Receives the events of an update.
pub trait Observer {
    /// Handles an event of a file.
    fn notify(&self, name: &FileName, event: FileEvent<'_>);
}

/// An event in the update of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileEvent<'a> {
    /// A download starts, resumes or restarts.
    Started {
        /// The length of the packed file in bytes, if the server sends it.
        length: Option<u64>,
        /// How many of these bytes are present.
        present: u64,
    },
    /// This many more packed bytes were received.
    Received(u64),
    /// An attempt failed, and the next one follows after this pause.
    Retrying(&'a DownloadError, Duration),
    /// The patch failed for this reason, and the whole file is downloaded.
    PatchFailed(&'a str),
    /// The file is in place.
    Placed(UpdateMethod),
}

/// How a file was updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateMethod {
    /// The whole file was downloaded.
    Download,
    /// The old file was patched.
    Patch,
}
