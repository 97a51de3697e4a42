//! One update of one game's directory, from the lists to the last file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failures;
use super::hosts::Hosts;
use super::progress::Progress;
use super::wait::once_updated;
use crate::base::blocking;
use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::manifest::{Manifest, MirrorAddress};
use crate::state::StateDirectory;
use crate::terminal::event::Subject;
use crate::update::cache::Cache;
use crate::update::check::{Depth, OutdatedFile, check, make_programs_executable};
use crate::update::directory_key::directory_key;
use crate::update::folder::Folder;
use crate::update::update_lock::{Conflict, UpdateLock};
use crate::update::{Updater, WorkerPool};

/// A game's directory that is to be brought up to date.
pub(crate) struct Job<'a> {
    pub(crate) context: &'a Context,
    pub(crate) subject: &'a Subject,
    pub(crate) directory: &'a Path,
    pub(crate) hosts: &'a Hosts<'a>,
    /// Where what is known of the files is remembered.
    pub(crate) state: &'a StateDirectory,
    /// The path of the list of files, when a login named one.
    pub(crate) list: Option<&'a str>,
    /// Where the files are, when a login told.
    pub(crate) told: &'a [MirrorAddress],
    pub(crate) depth: Depth,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    /// How many files the game has.
    pub(crate) files: usize,
    /// How many of them were brought to their places.
    pub(crate) placed: usize,
    /// How many bytes were downloaded.
    pub(crate) fetched: u64,
}

/// What came of an update.
pub(crate) enum Brought {
    Done(Done),
    /// The game runs, so nothing was done; this is what its files should be.
    Running(Arc<Manifest>),
}

/// What is to be done.
pub(crate) struct Findings {
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) needs: Vec<OutdatedFile>,
}

impl Job<'_> {
    /// Finds out what is to be done, and changes nothing.
    ///
    /// # Errors
    /// When the lists or the files cannot be read.
    pub(crate) async fn look(&self) -> Result<Findings, Failure> {
        let manifest = self.hosts.manifest(self.list).await?;
        self.look_for(Arc::new(manifest)).await
    }

    /// The same by a list that is known.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub(crate) async fn look_for(&self, manifest: Arc<Manifest>) -> Result<Findings, Failure> {
        let folder = Folder::open(self.directory).map_err(|error| self.unusable(&error))?;
        let needs = if let Some(folder) = folder {
            self.check(&Arc::new(folder), &manifest).await?.0
        } else {
            let files = 0..manifest.files.len();
            files
                .map(|index| OutdatedFile {
                    index,
                    old_hash: None,
                })
                .collect()
        };
        Ok(Findings { manifest, needs })
    }

    /// Finds out whether it is in vain to begin, and changes nothing.
    ///
    /// # Errors
    /// When the directory cannot be used, or the game runs in it.
    pub(crate) fn may_begin(&self) -> Result<(), Failure> {
        Folder::open(self.directory).map_err(|error| self.unusable(&error))?;
        match UpdateLock::for_update(self.directory, self.state) {
            Err(Conflict::Running) => Err(self.running()),
            // Another update is waited for when it is time.
            Ok(_) | Err(Conflict::Updating) => Ok(()),
        }
    }

    /// Brings everything up to date, once no other update is under way. The crew holds the directory from then on.
    ///
    /// # Errors
    /// When the game runs, and for whatever could not be fetched, verified or written.
    pub(crate) async fn bring(&self, crew: &WorkerPool) -> Result<Done, Failure> {
        match self.bring_unless_running(crew).await? {
            Brought::Done(done) => Ok(done),
            Brought::Running(_) => Err(self.running()),
        }
    }

    /// The same; nothing is brought when the game runs.
    ///
    /// # Errors
    /// For whatever could not be fetched, verified or written.
    pub(crate) async fn bring_unless_running(&self, crew: &WorkerPool) -> Result<Brought, Failure> {
        // Asked first: where there is no list, nothing is made.
        let mut manifest = self.hosts.manifest(self.list).await?;
        let folder = Folder::create(self.directory).map_err(|error| self.unusable(&error))?;
        let folder = Arc::new(folder);
        let update = || UpdateLock::for_update(self.directory, self.state);
        let Some(turn) = once_updated(self.context, self.subject, update).await else {
            return Ok(Brought::Running(Arc::new(manifest)));
        };
        crew.hold(turn.guard);
        if turn.is_late {
            // The others may have followed a later one.
            manifest = self.hosts.manifest(self.list).await?;
        }
        let manifest = Arc::new(manifest);
        let (needs, mut cache) = self.prepare(&folder, &manifest).await?;
        let sites = match needs.as_slice() {
            [] => Vec::new(),
            _ => self.hosts.sites(self.told).await?,
        };
        let progress = Progress::new(&self.context.terminal, self.subject, needs.len());
        progress.tell_all();
        let updater = Updater::new(&folder, &manifest, &sites, &progress, crew);
        let outcome = updater.run(&needs).await;
        self.context.terminal.clear();
        updater.add_to_cache(&mut cache);
        self.store(&cache);
        outcome.map_err(|error| failures::of(&error))?;
        Ok(Brought::Done(Done {
            files: manifest.files.len(),
            placed: needs.len(),
            fetched: progress.fetched(),
        }))
    }

    /// Finds out what is to be done, remembers what was found, and puts in order what needs no download.
    async fn prepare(
        &self,
        folder: &Arc<Folder>,
        manifest: &Arc<Manifest>,
    ) -> Result<(Vec<OutdatedFile>, Cache), Failure> {
        let (needs, mut cache) = self.check(folder, manifest).await?;
        make_programs_executable(folder, manifest, &needs)
            .map_err(|trouble| failures::disk(&trouble))?;
        let is_new =
            needs.len() == manifest.files.len() && needs.iter().all(|it| it.old_hash.is_none());
        cache.installed |= is_new;
        cache.retain(manifest);
        self.store(&cache);
        folder.remove_leftovers(manifest, |name, digits| {
            let mut wanted = needs
                .iter()
                .filter_map(|need| manifest.files.get(need.index));
            wanted.any(|file| file.name == *name && file.key().to_string() == digits)
        });
        Ok((needs, cache))
    }

    /// Looks at the files, on other threads: a signal is heard meanwhile.
    async fn check(
        &self,
        folder: &Arc<Folder>,
        manifest: &Arc<Manifest>,
    ) -> Result<(Vec<OutdatedFile>, Cache), Failure> {
        let (folder, manifest, depth) = (Arc::clone(folder), Arc::clone(manifest), self.depth);
        let mut cache = Cache::load(self.state, &directory_key(self.directory));
        let checked = blocking::on_a_thread(move || {
            let needs = check(&folder, &manifest, &mut cache, depth);
            needs.map(|needs| (needs, cache))
        });
        let no_thread = || {
            Failure::new(
                Reason::Io,
                "the files could not be looked at",
                "close a few programs, then run it again",
            )
        };
        let checked = checked.await.ok_or_else(no_thread)?;
        checked.map_err(|trouble| failures::disk(&trouble))
    }

    /// What is not remembered costs time at the next start, and nothing else.
    fn store(&self, cache: &Cache) {
        if let Err(error) = cache.store(self.state, &directory_key(self.directory)) {
            self.context.terminal.detail(1, || error.to_string());
        }
    }

    /// The game runs.
    pub(crate) fn running(&self) -> Failure {
        Failure::new(
            Reason::TryLater,
            format!(
                "the game in {} is running, and its files are not replaced meanwhile",
                self.directory.display()
            ),
            "end the game, then run it again",
        )
    }

    fn unusable(&self, error: &io::Error) -> Failure {
        let place = self.directory.display();
        let is_in_the_way = matches!(
            error.kind(),
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
        );
        if is_in_the_way {
            return Failure::new(
                Reason::Io,
                format!("{place} cannot be used: it is no directory, or in none ({error})"),
                "move what is in the way somewhere else, or name another directory with --game-dir",
            );
        }
        Failure::new(
            Reason::Io,
            format!("{place} cannot be used ({error})"),
            "check who may write there, or name another directory with --game-dir",
        )
    }
}

/// Where a game is installed when nothing else is named.
///
/// # Errors
/// When the system names no place for a program's data.
pub(crate) fn usual_directory(data: Option<PathBuf>, game: &str) -> Result<PathBuf, Failure> {
    let data = data.map(|data| data.join("games").join(game));
    data.ok_or_else(|| {
        Failure::new(
            Reason::Io,
            "there is no home directory to install the game in",
            "name its directory with --game-dir",
        )
    })
}
