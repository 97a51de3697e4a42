//! One update of one game's directory, from the lists of files to the last file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file_servers::{FileServers, PublishedManifest};
use super::progress::UpdateProgress;
use super::wait::wait_for_lock;
use crate::auth::target::LoginTarget;
use crate::base::blocking;
use crate::base::failure::{Failure, Reason};
use crate::base::quantity::ByteCount;
use crate::base::sanitize::escaped;
use crate::context::Context;
use crate::failures;
use crate::launch::find::expected;
use crate::manifest::{Manifest, MirrorAddress};
use crate::terminal::event::{CheckedFile, EventKind, Subject};
use crate::update::cache::Cache;
use crate::update::check::{Depth, OutdatedFile, check, make_programs_executable};
use crate::update::directory_key::directory_key;
use crate::update::folder::Folder;
use crate::update::update_lock::{Conflict, UpdateLock};
use crate::update::{Updater, WorkerPool};

/// An update of a game's directory.
pub(crate) struct GameUpdate<'a> {
    pub(crate) context: &'a Context,
    pub(crate) subject: Subject,
    pub(crate) directory: &'a Path,
    pub(super) file_servers: FileServers<'a>,
    /// The path of the list of files, when a login named one.
    pub(super) list: Option<&'a str>,
    /// The servers of the files, when a login named them.
    pub(super) mirrors: &'a [MirrorAddress],
    pub(crate) depth: Depth,
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UpdateSummary {
    /// How many files the game has.
    files: usize,
    /// How many of them were replaced.
    pub(super) placed: usize,
    /// How many bytes were downloaded.
    fetched: u64,
}

/// How an update ended.
pub(super) enum UpdateOutcome {
    Done(UpdateSummary),
    /// The game runs, so nothing was changed; its files should be these.
    Running(Arc<Manifest>),
}

/// What an update would do.
pub(crate) struct UpdateCheck {
    manifest: Arc<Manifest>,
    pub(crate) outdated: Vec<OutdatedFile>,
}

impl UpdateCheck {
    /// Returns the files that an update would replace.
    fn files(&self) -> Vec<CheckedFile> {
        let files = self.outdated.iter().filter_map(|outdated| {
            let file = self.manifest.files.get(outdated.index)?;
            let old_hash = outdated.old_hash.as_ref();
            Some(CheckedFile {
                name: file.name.escaped(),
                size: file.size,
                patch: old_hash.is_some_and(|hash| file.patches.contains_key(hash)),
            })
        });
        files.collect()
    }
}

/// Returns whether no file of the manifest is there.
fn is_new(manifest: &Manifest, outdated: &[OutdatedFile]) -> bool {
    outdated.len() == manifest.files.len() && outdated.iter().all(|file| file.old_hash.is_none())
}

impl<'a> GameUpdate<'a> {
    /// Returns an update of the target's game in `directory`, for the system that its runner runs, that trusts the cache.
    ///
    /// # Errors
    /// [`Reason::Usage`] when the makers publish no files for the runner.
    pub(crate) fn new(
        context: &'a Context,
        target: &LoginTarget,
        directory: &'a Path,
    ) -> Result<Self, Failure> {
        let (game, runner) = (target.game_id.game(), target.options.runner);
        let runner = runner.unwrap_or_default();
        let Some(expected) = expected(game, directory, runner) else {
            let (name, runner) = (game.name, runner.name());
            return Err(Failure::usage(
                format!("the makers of {name} publish no files that the runner {runner} runs here"),
                "leave --runner and runner out, or name another one",
            ));
        };
        Ok(Self {
            context,
            subject: target.subject(),
            directory,
            file_servers: FileServers::new(context, target, expected.system()),
            list: None,
            mirrors: &[],
            depth: Depth::Quick,
        })
    }

    /// Finds out what an update would do, and changes nothing.
    ///
    /// # Errors
    /// When the lists or the files cannot be read.
    pub(crate) async fn check(&self) -> Result<UpdateCheck, Failure> {
        let published = self.file_servers.manifest(self.list).await?;
        self.check_by(published.manifest).await
    }

    /// Finds out what an update to this manifest would do, and changes nothing.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub(super) async fn check_by(&self, manifest: Arc<Manifest>) -> Result<UpdateCheck, Failure> {
        let folder = Folder::open(self.directory).map_err(|error| self.unusable(&error))?;
        let outdated = if let Some(folder) = folder {
            self.compare(&Arc::new(folder), &manifest).await?.0
        } else {
            let files = 0..manifest.files.len();
            files
                .map(|index| OutdatedFile {
                    index,
                    old_hash: None,
                })
                .collect()
        };
        Ok(UpdateCheck { manifest, outdated })
    }

    /// Checks whether an update can begin, and changes nothing.
    ///
    /// # Errors
    /// When the directory cannot be used, or the game runs in it.
    pub(super) fn check_directory(&self) -> Result<(), Failure> {
        Folder::open(self.directory).map_err(|error| self.unusable(&error))?;
        match UpdateLock::for_update(self.directory, &self.context.state) {
            Err(Conflict::Running) => Err(self.running()),
            // Another update is waited for when this one begins.
            Ok(_) | Err(Conflict::Updating | Conflict::Foreign) => Ok(()),
        }
    }

    /// Updates all files, once no other update runs. The pool holds the lock from then on.
    ///
    /// # Errors
    /// When the game runs, or a file cannot be fetched, verified or written.
    pub(crate) async fn run(&self, pool: &WorkerPool) -> Result<UpdateSummary, Failure> {
        match self.run_unless_running(pool).await? {
            UpdateOutcome::Done(summary) => Ok(summary),
            UpdateOutcome::Running(_) => Err(self.running()),
        }
    }

    /// Updates all files, unless the game runs.
    ///
    /// # Errors
    /// When a file cannot be fetched, verified or written.
    pub(super) async fn run_unless_running(
        &self,
        pool: &WorkerPool,
    ) -> Result<UpdateOutcome, Failure> {
        // Fetched first: without a list, no directory is created.
        let mut published = self.file_servers.manifest(self.list).await?;
        let folder = Folder::create(self.directory).map_err(|error| self.unusable(&error))?;
        let folder = Arc::new(folder);
        let lock = || UpdateLock::for_update(self.directory, &self.context.state);
        let terminal = &self.context.terminal;
        let Some(locked) = wait_for_lock(terminal, &self.subject, lock).await? else {
            return Ok(UpdateOutcome::Running(published.manifest));
        };
        pool.hold(locked.lock);
        if locked.was_updated {
            // The other update may have followed a later list.
            published = self.file_servers.manifest(self.list).await?;
        }
        let PublishedManifest { manifest, version } = published;
        let (outdated, mut cache) = self.prepare(&folder, &manifest).await?;
        if version.remember(&self.context.state) && !outdated.is_empty() {
            terminal.warn(&format!(
                "{}: the server's list of files is older than one that was used before; newer files are replaced by older ones",
                self.subject.prefix()
            ));
        }
        let mirrors = match outdated.as_slice() {
            [] => Vec::new(),
            _ => self.file_servers.mirrors(self.mirrors).await?,
        };
        let progress = UpdateProgress::new(self.context, &self.subject, outdated.len());
        progress.print();
        let updater = Updater::new(&folder, &manifest, &mirrors, &progress, pool);
        let outcome = updater.run(&outdated).await;
        progress.end();
        terminal.clear();
        updater.add_to_cache(&mut cache);
        self.store(&cache);
        outcome.map_err(|error| failures::update::of(&error))?;
        Ok(UpdateOutcome::Done(UpdateSummary {
            files: manifest.files.len(),
            placed: outdated.len(),
            fetched: progress.fetched(),
        }))
    }

    /// Prints what an update would do: with details or as an event, each file as well.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn print_check(&self, check: &UpdateCheck) -> Result<(), Failure> {
        let terminal = &self.context.terminal;
        let files = check.files();
        if terminal.json().is_some() {
            UpdateProgress::new(self.context, &self.subject, files.len()).print();
        } else if terminal.is_verbose() {
            let lines: String = files.iter().map(check_line).collect();
            terminal.result(lines.as_bytes())?;
        }
        let event = self.subject.event(EventKind::Checked {
            directory: self.shown_directory(),
            installed: !is_new(&check.manifest, &check.outdated),
            all_files: check.manifest.files.len(),
            outdated: files,
        });
        terminal.event_as_result(&event)
    }

    /// Prints what was done.
    pub(crate) fn print(&self, summary: &UpdateSummary) {
        let event = self.subject.event(EventKind::Updated {
            directory: self.shown_directory(),
            all_files: summary.files,
            files: summary.placed,
            bytes: summary.fetched,
        });
        self.context.terminal.event(&event);
    }

    fn shown_directory(&self) -> String {
        escaped(&self.directory.to_string_lossy())
    }

    /// Compares the files, stores what was found, and does what needs no download.
    async fn prepare(
        &self,
        folder: &Arc<Folder>,
        manifest: &Arc<Manifest>,
    ) -> Result<(Vec<OutdatedFile>, Cache), Failure> {
        let (outdated, mut cache) = self.compare(folder, manifest).await?;
        make_programs_executable(folder, manifest, &outdated)
            .map_err(|error| failures::update::disk(&error))?;
        if cache.installed || is_new(manifest, &outdated) {
            cache.add_installed(manifest);
        }
        cache.retain(manifest);
        self.store(&cache);
        let names = manifest.files.iter().map(|file| &file.name);
        folder.remove_leftovers(names, |name, digits| {
            let mut files = outdated
                .iter()
                .filter_map(|file| manifest.files.get(file.index));
            files.any(|file| file.name == *name && file.download_hash().to_string() == digits)
        });
        Ok((outdated, cache))
    }

    /// Compares the files with the manifest, on other threads, so that signals are handled meanwhile.
    async fn compare(
        &self,
        folder: &Arc<Folder>,
        manifest: &Arc<Manifest>,
    ) -> Result<(Vec<OutdatedFile>, Cache), Failure> {
        let (folder, manifest, depth) = (Arc::clone(folder), Arc::clone(manifest), self.depth);
        let mut cache = Cache::load(&self.context.state, &directory_key(self.directory));
        let checked = blocking::run_on_thread(move || {
            let outdated = check(&folder, &manifest, &mut cache, depth);
            outdated.map(|outdated| (outdated, cache))
        });
        let checked = checked.await.map_err(|error| failures::refused(&error))?;
        checked.map_err(|error| failures::update::disk(&error))
    }

    /// Stores the cache; without it, the next update only takes longer.
    fn store(&self, cache: &Cache) {
        if let Err(error) = cache.store(&self.context.state, &directory_key(self.directory)) {
            self.context.terminal.detail(1, || error.to_string());
        }
    }

    /// The failure when the game runs.
    pub(super) fn running(&self) -> Failure {
        running(self.directory)
    }

    fn unusable(&self, error: &io::Error) -> Failure {
        unusable(self.directory, error)
    }
}

/// The failure when a game's directory cannot be used.
pub(super) fn unusable(directory: &Path, error: &io::Error) -> Failure {
    let directory = directory.display();
    let is_in_the_way = matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
    );
    if is_in_the_way {
        return Failure::new(
            Reason::Io,
            format!("{directory} cannot be used: it is no directory, or in none ({error})"),
            "move what is in the way somewhere else, or name another directory with --game-dir",
        );
    }
    Failure::new(
        Reason::Io,
        format!("{directory} cannot be used ({error})"),
        "check who may write there, or name another directory with --game-dir",
    )
}

/// The failure when a game runs in its directory.
pub(super) fn running(directory: &Path) -> Failure {
    Failure::new(
        Reason::TryLater,
        format!(
            "the game in {} is running, and its files are not replaced meanwhile",
            directory.display()
        ),
        "end the game, then run it again",
    )
}

/// Returns the line of a file that an update would replace.
fn check_line(file: &CheckedFile) -> String {
    let how = if file.patch { "patch" } else { "fetch" };
    let size = file.size.map(|size| format!(", {}", ByteCount(size)));
    format!("{how}  {}{}\n", file.name, size.unwrap_or_default())
}

/// Returns the directory that a game is installed in by default.
///
/// # Errors
/// When the system names no place for a program's data.
pub(super) fn default_directory(data: Option<PathBuf>, game: &str) -> Result<PathBuf, Failure> {
    let data = data.map(|data| data.join("games").join(game));
    data.ok_or_else(|| {
        Failure::new(
            Reason::Io,
            "there is no home directory to install the game in",
            "name its directory with --game-dir",
        )
    })
}
