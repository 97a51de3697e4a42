//! A game's directory. All access to the files of a game is through this module.
//!
//! ```text
//!   FILE                the file of the game: the old or the new content, replaced atomically
//!   .FILE.HASH.part     the partial download, kept for the next run
//!   .FILE.HASH.new      the staged file: the new content until it is complete
//! ```
//!
//! The path of the directory itself may contain links. Below the directory, every folder is opened relative to its parent
//! and no link is followed, so nothing outside can be reached, even when links are created concurrently.

mod entry;
mod leftovers;
mod partial_download;
mod staged_file;
mod stat;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::iter;
use std::path::Path;

use cap_fs_ext::DirExt as _;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

pub use partial_download::PartialDownload;
pub use staged_file::StagedFile;
pub use stat::Stat;

use super::file_error::FileError;
use crate::base::sanitize::escaped;
use crate::manifest::{FileName, Hash, NameRules};
use crate::update::folder::entry::{file_metadata, is_missing, missing, open};

/// An open handle of a game's directory.
#[derive(Debug)]
pub struct Folder {
    #[cfg(windows)]
    path: std::path::PathBuf,
    directory: Dir,
}

impl Folder {
    /// Opens a game's directory, and creates it and its parents if necessary.
    ///
    /// # Errors
    /// The error of the system.
    pub fn create(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Self::open_existing(path)
    }

    /// Opens a game's directory, or returns `None` when it does not exist.
    ///
    /// # Errors
    /// The error of the system, also when the path is not a directory.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        match Self::open_existing(path) {
            Err(error) if is_missing(&error) => Ok(None),
            folder => folder.map(Some),
        }
    }

    fn open_existing(path: &Path) -> io::Result<Self> {
        let directory = Dir::open_ambient_dir(path, ambient_authority())?;
        Ok(Self {
            #[cfg(windows)]
            path: path.to_owned(),
            directory,
        })
    }

    /// Returns the metadata of a file, or `None` when it does not exist.
    ///
    /// # Errors
    /// [`FileError::Link`], [`FileError::NotAFile`] and [`FileError::NotAFolder`] when something else has the name of the
    /// file or of a folder above it, and errors of the system.
    pub fn stat(&self, name: &FileName) -> Result<Option<Stat>, FileError> {
        self.stats(iter::once(name)).next().unwrap_or(Ok(None))
    }

    /// Like [`Self::stat`] for many files. Faster when files of the same folder are adjacent.
    pub fn stats<'n>(
        &self,
        names: impl Iterator<Item = &'n FileName>,
    ) -> impl Iterator<Item = Result<Option<Stat>, FileError>> {
        let mut last: Option<(Option<&str>, Option<Dir>)> = None;
        names.map(move |name| {
            let (_, directory) = match &mut last {
                Some(last) if last.0 == name.directory() => last,
                last => last.insert((name.directory(), self.parent(name)?)),
            };
            let metadata = match directory {
                Some(directory) => file_metadata(directory, name.file_name(), name)?,
                None => None,
            };
            Ok(metadata.map(|metadata| Stat::of(&metadata)))
        })
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// As [`Self::stat`], and when the file does not exist.
    pub fn open_file(&self, name: &FileName) -> Result<File, FileError> {
        let directory = self.parent(name)?;
        let directory = directory.ok_or_else(|| FileError::new(name, missing()))?;
        open(
            &directory,
            name.file_name(),
            name,
            OpenOptions::new().read(true),
        )
    }

    /// Makes a file with this hash executable for everyone who may read it, unless its owner may execute it already. Returns
    /// the new metadata. A file that has other names is replaced by a copy. A file of another owner is left unchanged. On
    /// Windows, this does nothing.
    ///
    /// # Errors
    /// As [`Self::open_file`], and when the copy cannot be written.
    pub fn make_executable(&self, name: &FileName, hash: &Hash) -> Result<Stat, FileError> {
        let mut file = self.open_file(name)?;
        let error = |cause| FileError::new(name, cause);
        if !stat::is_executable(&file).map_err(error)? {
            if stat::has_other_names(&file).map_err(error)? {
                let mut copy = self.stage(name, hash)?;
                io::copy(&mut file, &mut copy).map_err(error)?;
                return copy.place(true);
            }
            stat::make_executable(&file).map_err(error)?;
        }
        Stat::of_file(&file).map_err(error)
    }

    /// Opens the partial download with this hash. Creates the file and its folders if necessary. A file that has other names
    /// is replaced by an empty one.
    ///
    /// # Errors
    /// As [`Self::stat`].
    pub fn partial_download(
        &self,
        name: &FileName,
        hash: &Hash,
    ) -> Result<PartialDownload, FileError> {
        PartialDownload::open(self.create_parent(name)?, name, hash)
    }

    /// Creates an empty staged file. Creates its folders if necessary.
    ///
    /// # Errors
    /// As [`Self::stat`], and when the file cannot be created.
    pub fn stage(&self, name: &FileName, hash: &Hash) -> Result<StagedFile, FileError> {
        StagedFile::create(self.create_parent(name)?, name, hash)
    }

    /// Removes a file. Returns whether there was one.
    ///
    /// # Errors
    /// As [`Self::stat`], and when the file cannot be removed.
    pub fn remove_file(&self, name: &FileName) -> Result<bool, FileError> {
        let Some(directory) = self.parent(name)? else {
            return Ok(false);
        };
        if file_metadata(&directory, name.file_name(), name)?.is_none() {
            return Ok(false);
        }
        let removed = directory.remove_file(name.file_name());
        removed.map_err(|cause| FileError::new(name, cause))?;
        Ok(true)
    }

    /// Removes the folders of these files that are empty.
    pub fn remove_empty_folders<'n>(&self, names: impl Iterator<Item = &'n FileName>) {
        let folders = names.flat_map(|name| {
            let ends = name.as_str().match_indices('/');
            ends.filter_map(|(end, _)| name.as_str().get(..end))
        });
        let folders: BTreeSet<&str> = folders.collect();
        // In reverse, a folder follows those inside it.
        for folder in folders.iter().rev() {
            let name = FileName::new(folder, NameRules::HERE);
            if let Ok(name) = name
                && let Ok(Some(parent)) = self.parent(&name)
            {
                // Fails when the folder is not empty.
                let _ = parent.remove_dir(name.file_name());
            }
        }
    }

    /// Removes the leftovers of an interrupted update of these files: all staged files, and all partial downloads except those that are
    /// needed, given the file and the hex digits of the hash. Files that cannot be removed are ignored.
    pub fn remove_leftovers<'n>(
        &self,
        names: impl Iterator<Item = &'n FileName>,
        is_needed: impl Fn(&FileName, &str) -> bool,
    ) {
        for (name, files) in leftovers::folders(names) {
            if let Ok(Some(directory)) = self.parent(name) {
                leftovers::remove(&directory, &files, &is_needed);
            }
        }
    }

    /// Returns how many bytes this user may write to the disk, if the system reports it.
    pub fn free_space(&self) -> Option<u64> {
        #[cfg(unix)]
        {
            let disk = rustix::fs::fstatvfs(&self.directory).ok()?;
            Some(disk.f_bavail.saturating_mul(disk.f_frsize))
        }
        #[cfg(windows)]
        {
            fs4::available_space(&self.path).ok()
        }
    }

    /// Opens the folder that contains a file, or returns `None` when it does not exist.
    fn parent(&self, name: &FileName) -> Result<Option<Dir>, FileError> {
        self.walk(name, |directory, part| {
            match directory.open_dir_nofollow(part) {
                Err(error) if is_missing(&error) => Ok(None),
                result => result.map(Some),
            }
        })
    }

    /// Opens the folder that contains a file, and creates it if necessary.
    fn create_parent(&self, name: &FileName) -> Result<Dir, FileError> {
        let directory = self.walk(name, |directory, part| {
            let result = directory.open_dir_nofollow(part);
            if !result.as_ref().is_err_and(is_missing) {
                return result.map(Some);
            }
            match directory.create_dir(part) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => directory.open_dir_nofollow(part).map(Some),
            }
        })?;
        directory.ok_or_else(|| FileError::new(name, missing()))
    }

    /// Descends to the folder that contains a file. `step` opens one folder below another.
    fn walk(
        &self,
        name: &FileName,
        step: impl Fn(&Dir, &str) -> io::Result<Option<Dir>>,
    ) -> Result<Option<Dir>, FileError> {
        let start = self.directory.try_clone();
        let mut directory = start.map_err(|cause| FileError::new(name, cause))?;
        for (at, _) in name.as_str().match_indices('/') {
            let folder = name.as_str().get(..at).unwrap_or_default();
            let part = folder.rsplit('/').next().unwrap_or_default();
            directory = match step(&directory, part) {
                Ok(Some(next)) => next,
                // Some systems report `NotFound` when a file has the name of the folder.
                Ok(None) if directory.symlink_metadata(part).is_err() => return Ok(None),
                Ok(None) => return Err(folder_error(&directory, part, folder, missing())),
                Err(cause) => return Err(folder_error(&directory, part, folder, cause)),
            };
        }
        Ok(Some(directory))
    }
}

/// Returns the reason why a folder cannot be opened.
fn folder_error(directory: &Dir, part: &str, folder: &str, cause: io::Error) -> FileError {
    let name = escaped(folder);
    match directory.symlink_metadata(part) {
        Ok(metadata) if metadata.is_symlink() => FileError::Link { name },
        Ok(metadata) if !metadata.is_dir() => FileError::NotAFolder { name },
        _ => FileError::with_name(name, cause),
    }
}

#[cfg(test)]
mod tests;
