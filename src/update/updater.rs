//! Updates the outdated files of a game, several at the same time.

use std::cell::RefCell;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::{Semaphore, mpsc};

use super::cache::Cache;
use super::check::OutdatedFile;
use super::core_permit::core_count;
use super::download::{Download, DownloadError, Mirror, TransferError};
use super::file_error::FileError;
use super::folder::Folder;
use super::packed_reader::{DownloadMessage, PackedReader};
use super::patch::apply_patch;
use super::retry_state::RetryState;
use super::sink::{ChannelError, ChannelSink, MemorySink};
use super::unpack::{MAX_FILE_SIZE, PlacedFile, UnpackError, unpack};
use super::worker_pool::{StopFlag, WorkerPool};
use super::{FileEvent, Observer, UpdateMethod};
use crate::base::clock;
use crate::base::quantity::ByteCount;
use crate::http::Validator;
use crate::manifest::{FileName, Manifest, ManifestFile, PackedFile, Patch};

/// The number of concurrent downloads for each core, so that one file is decoded while the next is downloaded.
const DOWNLOADS_PER_CORE: usize = 2;
/// The limit of concurrent downloads, which spares the servers.
const MAX_DOWNLOADS: usize = 16;
/// How many chunks of a file are received before they are decoded.
const CHANNEL_CAPACITY: usize = 16;

/// Why a file cannot be updated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be downloaded.
    #[error("{name} could not be fetched: {error}")]
    Download {
        /// The file.
        name: String,
        /// The error of the last attempt.
        error: DownloadError,
    },
    /// The disk has not enough space.
    #[error("{name} needs {} on the disk, and {} are free", ByteCount(*needed), ByteCount(*free))]
    NoSpace {
        /// The file.
        name: String,
        /// The required space in bytes.
        needed: u64,
        /// The free space in bytes.
        free: u64,
    },
    /// The file cannot be read or written.
    #[error("{0}")]
    Disk(#[from] FileError),
    /// A thread for this file cannot be started, or has ended early.
    #[error("the system cannot start a thread for {0}")]
    Thread(String),
}

/// Updates the outdated files of a game.
pub struct Updater<'a> {
    folder: &'a Arc<Folder>,
    manifest: &'a Manifest,
    mirrors: &'a [Mirror],
    observer: &'a dyn Observer,
    workers: &'a WorkerPool,
    /// One patch is applied at a time, because a patch is stored in memory.
    patching: Semaphore,
    placed: RefCell<Vec<(FileName, PlacedFile)>>,
}

impl<'a> Updater<'a> {
    /// Creates an updater of the files of a manifest.
    pub fn new(
        folder: &'a Arc<Folder>,
        manifest: &'a Manifest,
        mirrors: &'a [Mirror],
        observer: &'a dyn Observer,
        workers: &'a WorkerPool,
    ) -> Self {
        Self {
            folder,
            manifest,
            mirrors,
            observer,
            workers,
            patching: Semaphore::new(1),
            placed: RefCell::default(),
        }
    }

    /// Updates the outdated files.
    ///
    /// # Errors
    /// The first error. Files that were placed before stay updated.
    pub async fn run(&self, outdated: &[OutdatedFile]) -> Result<(), Error> {
        let downloads = core_count() * DOWNLOADS_PER_CORE;
        let downloads = downloads.clamp(DOWNLOADS_PER_CORE, MAX_DOWNLOADS);
        let updates = stream::iter(outdated).map(|file| self.update(file));
        let mut updates = updates.buffer_unordered(downloads);
        while let Some(result) = updates.next().await {
            result?;
        }
        Ok(())
    }

    async fn update(&self, outdated: &OutdatedFile) -> Result<(), Error> {
        let Some(file) = self.manifest.files.get(outdated.index) else {
            return Ok(());
        };
        let old_hash = outdated.old_hash.as_ref();
        let patched = match old_hash.and_then(|hash| file.patches.get(hash)) {
            Some(patch) => self.patch(file, patch).await,
            None => None,
        };
        let (placed, method) = match patched {
            Some(placed) => (placed, UpdateMethod::Patch),
            None => (self.download(file).await?, UpdateMethod::Download),
        };
        self.placed.borrow_mut().push((file.name.clone(), placed));
        let event = FileEvent::Placed(method);
        self.observer.notify(&file.name, event);
        Ok(())
    }

    /// Adds the placed files to the cache, except files that have changed since.
    pub fn add_to_cache(&self, cache: &mut Cache) {
        let seen = clock::since_epoch();
        for (name, PlacedFile { stat, hash }) in self.placed.take() {
            if matches!(self.folder.stat(&name), Ok(Some(now)) if now == stat) {
                cache.put(&name, stat, hash, seen);
            }
        }
    }

    /// Downloads and places a whole file.
    async fn download(&self, file: &ManifestFile) -> Result<PlacedFile, Error> {
        let download = self.download_of(file, &file.packed);
        let mut retries = RetryState::new(self.mirrors);
        loop {
            if let Some(placed) = self.attempt(file, &download, &mut retries).await? {
                return Ok(placed);
            }
        }
    }

    /// Downloads and unpacks a file once, resuming the partial download. When the content is wrong, returns `None` after the
    /// pause before the next attempt.
    async fn attempt(
        &self,
        file: &ManifestFile,
        download: &Download<'_>,
        retries: &mut RetryState,
    ) -> Result<Option<PlacedFile>, Error> {
        let partial = self
            .folder
            .partial_download(&file.name, file.download_hash())?;
        let validator = partial.modified().map(Validator::Date);
        let (sender, messages) = mpsc::channel(CHANNEL_CAPACITY);
        let mut sink = ChannelSink {
            sender,
            length: partial.len(),
            folder: self.folder,
            size: file.size,
        };
        let unpacked = {
            let (folder, file) = (Arc::clone(self.folder), file.clone());
            let permit = self.workers.core_permit();
            self.workers.run(move |stop: &StopFlag| {
                let reader = PackedReader::new(partial, messages, permit, MAX_FILE_SIZE)?;
                unpack(&folder, &file, reader, stop)
            })
        };
        let downloaded = download.run(&mut sink, validator, retries).await;
        if downloaded.is_ok() {
            // Fails when the thread has ended, whose result has the reason.
            let _ = sink.send(DownloadMessage::End).await;
        }
        drop(sink);
        match (unpacked.await, downloaded) {
            (Some(Ok(placed)), _) => Ok(Some(placed)),
            (Some(Err(UnpackError::Disk(error))), _) => Err(error.into()),
            (_, Err(TransferError::Download(error))) => Err(download_error(file, error)),
            (Some(Err(UnpackError::Full(error))), _) => {
                let paused = download.pause(DownloadError::DiskFull, 0, retries).await;
                paused.map_or(Err(error.into()), |()| Ok(None))
            }
            (_, Err(TransferError::Sink(ChannelError::NoSpace { needed, free }))) => {
                let paused = download.pause(DownloadError::DiskFull, 0, retries).await;
                let name = file.name.escaped();
                paused.map_or(Err(Error::NoSpace { name, needed, free }), |()| Ok(None))
            }
            (Some(Err(UnpackError::Corrupt(what))), _) => {
                let error = DownloadError::Corrupt(what);
                let paused = download.pause(error, 0, retries).await;
                paused.map_err(|error| download_error(file, error))?;
                Ok(None)
            }
            (Some(Err(UnpackError::Interrupted)) | None, _) => {
                Err(Error::Thread(file.name.escaped()))
            }
        }
    }

    /// Downloads and applies a patch. Returns `None` when that fails.
    async fn patch(&self, file: &ManifestFile, patch: &Patch) -> Option<PlacedFile> {
        let _permit = self.patching.acquire().await.ok()?;
        let mut sink = MemorySink::default();
        let download = self.download_of(file, &patch.packed);
        let mut retries = RetryState::new(self.mirrors);
        let result = match download.run(&mut sink, None, &mut retries).await {
            Ok(()) => {
                let (folder, file) = (Arc::clone(self.folder), file.clone());
                let (patch, packed) = (patch.clone(), sink.into_bytes());
                let task =
                    move |stop: &StopFlag| apply_patch(&folder, &file, &patch, &packed, stop);
                self.workers.run(task).await
            }
            Err(TransferError::Download(_)) => Some(Err("the patch could not be fetched")),
            Err(TransferError::Sink(_)) => Some(Err("the patch is too large")),
        };
        let name = &file.name;
        let failed = |why| self.observer.notify(name, FileEvent::PatchFailed(why));
        result?.map_err(failed).ok()
    }

    fn download_of<'s>(&'s self, file: &'s ManifestFile, packed: &'s PackedFile) -> Download<'s> {
        Download {
            mirrors: self.mirrors,
            name: &file.name,
            packed,
            observer: self.observer,
        }
    }
}

fn download_error(file: &ManifestFile, error: DownloadError) -> Error {
    let name = file.name.escaped();
    Error::Download { name, error }
}
