//! Removing a game that this program installed.

use std::fs;
use std::path::PathBuf;

use super::files::directory_of;
use super::run::{running, unusable};
use super::wait::wait_for_lock;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::context::Context;
use crate::failures;
use crate::manifest::FileName;
use crate::terminal::event::Subject;
use crate::update::cache::Cache;
use crate::update::directory_key::directory_key;
use crate::update::file_error::FileError;
use crate::update::folder::Folder;
use crate::update::update_lock::UpdateLock;

/// A game that this program installed.
pub(crate) struct Installation<'a> {
    context: &'a Context,
    subject: Subject,
    pub(crate) directory: PathBuf,
    folder: Folder,
    /// How many of the game's files are there.
    pub(crate) files: usize,
    /// Their size.
    pub(crate) bytes: u64,
}

impl<'a> Installation<'a> {
    /// Finds what this program installed in the directory of the target.
    ///
    /// # Errors
    /// [`Reason::GameMissing`] when this program installed no game there.
    pub(crate) fn find(context: &'a Context, target: &LoginTarget) -> Result<Self, Failure> {
        let directory = directory_of(target)?;
        let folder = Folder::open(&directory).map_err(|error| unusable(&directory, &error))?;
        let cache = Cache::load(&context.state, &directory_key(&directory));
        let Some(folder) = folder.filter(|_| cache.installed) else {
            return Err(Failure::new(
                Reason::GameMissing,
                format!(
                    "playcookie has not installed {} in {}",
                    target.game_id.game().name,
                    directory.display()
                ),
                "name another directory with --game-dir; a game that its own launcher installed is removed with that launcher",
            ));
        };
        let names: Vec<_> = cache.installed_names().collect();
        let stats = folder.stats(names.iter()).filter_map(|stat| stat.ok()?);
        let sizes: Vec<u64> = stats.map(|stat| stat.size).collect();
        let (files, bytes) = (sizes.len(), sizes.iter().sum());
        Ok(Self {
            context,
            subject: target.subject(),
            directory,
            folder,
            files,
            bytes,
        })
    }

    /// Removes the files, once no update runs, and the folders that are empty then. What is not a file is left alone.
    /// Returns whether the directory is gone.
    ///
    /// # Errors
    /// When the game runs, or a file cannot be removed; the next run removes the rest.
    pub(crate) async fn remove(self) -> Result<bool, Failure> {
        let state = &self.context.state;
        let lock = || UpdateLock::for_update(&self.directory, state);
        let locked = wait_for_lock(&self.context.terminal, &self.subject, lock).await?;
        let _locked = locked.ok_or_else(|| running(&self.directory))?;
        let key = directory_key(&self.directory);
        // Another update may have added files before this one had the lock.
        let names: Vec<FileName> = Cache::load(state, &key).installed_names().collect();
        self.folder.remove_leftovers(names.iter(), |_, _| false);
        for name in &names {
            match self.folder.remove_file(name) {
                Err(error @ (FileError::Io { .. } | FileError::Full { .. })) => {
                    return Err(failures::update::disk(&error));
                }
                Err(other) => self.context.terminal.warn(&format!("{other}; it is left")),
                Ok(_) => {}
            }
        }
        self.folder.remove_empty_folders(names.iter());
        let forgotten = Cache::forget(state, &key);
        forgotten.map_err(|error| {
            let hint = "check the disk, then run it again";
            Failure::new(Reason::Io, error.to_string(), hint)
        })?;
        // Windows removes no directory that is open.
        drop(self.folder);
        // Fails when files are left.
        Ok(fs::remove_dir(&self.directory).is_ok())
    }
}
