//! Brings file after file to where it should be, several at once.

use std::cell::RefCell;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::{Semaphore, mpsc};

use super::arriving::Arrival;
use super::cache::Cache;
use super::check::OutdatedFile;
use super::crew::{Stop, WorkerPool};
use super::fetch::{Ended, Errand, Loss, Site};
use super::folder::Folder;
use super::make::make;
use super::sinks::{Feed, Full, Held};
use super::tries::Tries;
use super::trouble::FileError;
use super::turn::cores;
use super::unpack::{Placed, UnpackError, unpack};
use super::{How, News, Observer};
use crate::base::clock;
use crate::http::Validator;
use crate::manifest::{FileName, Manifest, ManifestFile, PackedFile, Patch};

/// So many files at once for each core: while one is decoded, the next arrives.
const FILES_PER_CORE: usize = 2;
/// The most files at once, whatever the machine: more connections are rude.
const MOST_FILES: usize = 16;
/// So many pieces of a file may arrive before they are decoded.
const PIECES: usize = 16;

/// Why a game is not up to date now.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be fetched.
    #[error("{name} could not be fetched")]
    Fetch {
        /// The file.
        name: String,
        /// What happened last.
        loss: Loss,
    },
    /// A file needs more room than there is.
    #[error("{name} needs {needed} bytes, and {free} are free")]
    Room {
        /// The file.
        name: String,
        /// What it needs, in bytes.
        needed: u64,
        /// What is free, in bytes.
        free: u64,
    },
    /// The disk.
    #[error("{0}")]
    Disk(#[from] FileError),
    /// The system has no thread to give.
    #[error("there is no thread for {0}")]
    Thread(String),
}

/// An update that is under way.
pub struct Work<'a> {
    folder: &'a Arc<Folder>,
    manifest: &'a Manifest,
    sites: &'a [Site],
    observer: &'a dyn Observer,
    crew: &'a WorkerPool,
    /// Patches are made one at a time, since each is held in memory.
    patching: Semaphore,
    placed: RefCell<Vec<(FileName, Placed)>>,
}

impl<'a> Work<'a> {
    /// What brings files of a manifest from its sites into a folder.
    pub fn new(
        folder: &'a Arc<Folder>,
        manifest: &'a Manifest,
        sites: &'a [Site],
        observer: &'a dyn Observer,
        crew: &'a WorkerPool,
    ) -> Self {
        Self {
            folder,
            manifest,
            sites,
            observer,
            crew,
            patching: Semaphore::new(1),
            placed: RefCell::default(),
        }
    }

    /// Brings the files of `needs` to their places.
    ///
    /// # Errors
    /// With the first file that cannot be; those that were whole by then stay.
    pub async fn bring(&self, needs: &[OutdatedFile]) -> Result<(), Error> {
        let files = (cores() * FILES_PER_CORE).clamp(FILES_PER_CORE, MOST_FILES);
        let jobs = stream::iter(needs).map(|need| self.file(need));
        let mut jobs = jobs.buffer_unordered(files);
        while let Some(outcome) = jobs.next().await {
            outcome?;
        }
        Ok(())
    }

    async fn file(&self, need: &OutdatedFile) -> Result<(), Error> {
        let Some(wanted) = self.manifest.files.get(need.index) else {
            return Ok(());
        };
        let have = need.have.as_ref();
        let patch = have.and_then(|have| wanted.patches.get(have));
        let patched = match patch {
            Some(patch) => self.patched(wanted, patch).await,
            None => None,
        };
        let (placed, how) = match patched {
            Some(placed) => (placed, How::Patched),
            None => (self.whole(wanted).await?, How::Whole),
        };
        self.placed.borrow_mut().push((wanted.name.clone(), placed));
        self.observer.tell(&wanted.name, News::Placed(how));
        Ok(())
    }

    /// Remembers what was placed, as far as it still looks as it did then.
    pub fn remember(&self, cache: &mut Cache) {
        let seen = clock::since_epoch();
        for (name, Placed { stat, hash }) in self.placed.take() {
            if matches!(self.folder.stat(&name), Ok(Some(now)) if now == stat) {
                cache.put(&name, stat, hash, seen);
            }
        }
    }

    /// Fetches all of a file, until it is in its place.
    async fn whole(&self, wanted: &ManifestFile) -> Result<Placed, Error> {
        let errand = self.errand(wanted, &wanted.packed);
        let mut tries = Tries::at(self.sites);
        loop {
            let corrupt = match self.attempt(wanted, &errand, &mut tries).await? {
                Ok(placed) => return Ok(placed),
                Err(what) => Loss::Corrupt(what),
            };
            let paused = errand.pause(corrupt, 0, &mut tries).await;
            paused.map_err(|loss| lost(wanted, loss))?;
        }
    }

    /// Fetches a file once, on from where the last time ended. Gives what is wrong with it, when something is.
    async fn attempt(
        &self,
        wanted: &ManifestFile,
        errand: &Errand<'_>,
        tries: &mut Tries,
    ) -> Result<Result<Placed, &'static str>, Error> {
        let part = self.folder.part(&wanted.name, wanted.download_hash())?;
        let same_as = part.modified().map(Validator::Date);
        let (sender, arrivals) = mpsc::channel(PIECES);
        let mut feed = Feed::new(sender, part.len(), self.folder, wanted.size);
        let thread = {
            let (folder, wanted) = (Arc::clone(self.folder), wanted.clone());
            let turn = self.crew.turn();
            let work = move |stop: &Stop| unpack(&folder, &wanted, part, arrivals, turn, stop);
            self.crew.start(work)
        };
        let fetched = errand.fetch(&mut feed, same_as, tries).await;
        if fetched.is_ok() {
            // It may have ended by itself, and says why.
            let _ = feed.send(Arrival::Whole).await;
        }
        drop(feed);
        match (thread.await, fetched) {
            (Some(Ok(placed)), _) => Ok(Ok(placed)),
            (Some(Err(UnpackError::Disk(trouble))), _) => Err(trouble.into()),
            (_, Err(Ended::Lost(loss))) => Err(lost(wanted, loss)),
            (_, Err(Ended::Full(Full::Room { needed, free }))) => {
                let name = wanted.name.escaped();
                Err(Error::Room { name, needed, free })
            }
            (Some(Err(UnpackError::Corrupt(what))), _) => Ok(Err(what)),
            (Some(Err(UnpackError::Cut)) | None, _) => Err(Error::Thread(wanted.name.escaped())),
        }
    }

    /// Makes a file from the old one, or says why not.
    async fn patched(&self, wanted: &ManifestFile, patch: &Patch) -> Option<Placed> {
        let _turn = self.patching.acquire().await.ok()?;
        let mut held = Held::default();
        let errand = self.errand(wanted, &patch.packed);
        let fetched = errand
            .fetch(&mut held, None, &mut Tries::at(self.sites))
            .await;
        let outcome = match fetched {
            Ok(()) => {
                let (folder, wanted) = (Arc::clone(self.folder), wanted.clone());
                let patch = patch.clone();
                let packed = held.into_bytes();
                let work = move |stop: &Stop| make(&folder, &wanted, &patch, &packed, stop);
                self.crew.start(work).await
            }
            Err(Ended::Lost(_)) => Some(Err("the patch could not be fetched")),
            Err(Ended::Full(_)) => Some(Err("the patch is too large")),
        };
        let no_patch = |why| self.observer.tell(&wanted.name, News::NoPatch(why));
        outcome?.map_err(no_patch).ok()
    }

    fn errand<'s>(&'s self, wanted: &'s ManifestFile, packed: &'s PackedFile) -> Errand<'s> {
        Errand {
            sites: self.sites,
            name: &wanted.name,
            packed,
            observer: self.observer,
        }
    }
}

/// A file that could not be fetched.
fn lost(wanted: &ManifestFile, loss: Loss) -> Error {
    let name = wanted.name.escaped();
    Error::Fetch { name, loss }
}
