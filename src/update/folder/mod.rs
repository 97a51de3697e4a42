//! A game's directory, held by a handle: the one place that files of a game are looked at, read and written through.
//!
//! ```text
//!   FILE                what the game has: the old content or the new, never half of it
//!   .FILE.HASH.part     what was downloaded of it so far, kept for the next time
//!   .FILE.HASH.new      what it will be, until it is whole
//! ```
//!
//! The directory itself may be reached through a link. Below it, every folder is opened from the one that it is in, and
//! no link is followed: nothing outside can be reached, whatever is there or comes in between.

mod draft;
mod entry;
mod part;
mod stat;
mod tidy;

use std::fs::{self, File};
use std::io;
use std::iter;
use std::path::{Path, PathBuf};

use cap_fs_ext::DirExt as _;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

pub use draft::StagedFile;
pub use part::Part;
pub use stat::Stat;

use super::trouble::FileError;
use crate::base::clock::Date;
use crate::base::sanitize::escaped;
use crate::manifest::{FileName, Hash, Manifest};
use crate::update::folder::entry::{date, is_missing, look, missing, open};

/// A handle of a game's directory.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    directory: Dir,
}

impl Folder {
    /// Opens a game's directory, and makes it and those above it where they are missing.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Self::at(path)
    }

    /// Opens a game's directory; nothing when it is not there.
    ///
    /// # Errors
    /// What the system says, also when it is no directory.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        match Self::at(path) {
            Err(error) if is_missing(&error) => Ok(None),
            folder => folder.map(Some),
        }
    }

    fn at(path: &Path) -> io::Result<Self> {
        let directory = Dir::open_ambient_dir(path, ambient_authority())?;
        let path = path.to_owned();
        Ok(Self { path, directory })
    }

    /// The path that it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How a file looks; nothing when it is not there.
    ///
    /// # Errors
    /// [`FileError::Link`] and [`FileError::NotAFile`] when something else has its name, and what the system says.
    pub fn stat(&self, name: &FileName) -> Result<Option<Stat>, FileError> {
        self.stats(iter::once(name)).next().unwrap_or(Ok(None))
    }

    /// The same of many files, one by one; quicker where those of one folder follow each other.
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
                Some(directory) => look(directory, name.file_name(), name)?,
                None => None,
            };
            Ok(metadata.map(|metadata| Stat::of(&metadata)))
        })
    }

    /// Opens a file to be read from its start.
    ///
    /// # Errors
    /// Those of [`Self::stat`], and when it is not there.
    pub fn read(&self, name: &FileName) -> Result<File, FileError> {
        let directory = self.parent(name)?;
        let directory = directory.ok_or_else(|| FileError::new(name, missing()))?;
        open(
            &directory,
            name.file_name(),
            name,
            OpenOptions::new().read(true),
        )
    }

    /// Lets the system run a file, for all who may read it, where its owner could not; gives how it looks afterwards.
    /// A file that belongs to somebody else stays as it is. Windows asks for nothing of the kind.
    ///
    /// # Errors
    /// Those of [`Self::read`].
    pub fn permit(&self, name: &FileName) -> Result<Stat, FileError> {
        let file = self.read(name)?;
        let trouble = |cause| FileError::new(name, cause);
        stat::permit(&file).map_err(trouble)?;
        Stat::of_file(&file).map_err(trouble)
    }

    /// What was downloaded so far of what has this hash, to go on with; it is made if it must be, with the folders that
    /// it is in.
    ///
    /// # Errors
    /// Those of [`Self::stat`].
    pub fn part(&self, name: &FileName, hash: &Hash) -> Result<Part, FileError> {
        Part::open(self.made_parent(name)?, name, hash)
    }

    /// How much of it there is, in bytes, and the date that it carries; nothing when nothing was downloaded.
    ///
    /// # Errors
    /// Those of [`Self::stat`].
    pub fn peek(
        &self,
        name: &FileName,
        hash: &Hash,
    ) -> Result<Option<(u64, Option<Date>)>, FileError> {
        let Some(directory) = self.parent(name)? else {
            return Ok(None);
        };
        let metadata = look(&directory, &part::file(name, hash), name)?;
        Ok(metadata.map(|metadata| (metadata.len(), date(&metadata))))
    }

    /// New content for a file, empty; the folders that it is in are made if they must be.
    ///
    /// # Errors
    /// Those of [`Self::stat`], and when it cannot be made.
    pub fn draft(&self, name: &FileName, hash: &Hash) -> Result<StagedFile, FileError> {
        StagedFile::create(self.made_parent(name)?, name, hash)
    }

    /// Removes what a program that died left beside the files of a manifest: every draft, and what was downloaded unless
    /// it is `wanted`, told by the file and the digits of the hash. What cannot be removed stays.
    pub fn tidy(&self, manifest: &Manifest, wanted: impl Fn(&FileName, &str) -> bool) {
        for (name, files) in tidy::folders(manifest) {
            if let Ok(Some(directory)) = self.parent(name) {
                tidy::sweep(&directory, &files, &wanted);
            }
        }
    }

    /// How many bytes this user may still write to the disk that it is on; nothing when the system does not tell.
    pub fn room(&self) -> Option<u64> {
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

    /// The folder that a file is in; nothing when it is not there.
    fn parent(&self, name: &FileName) -> Result<Option<Dir>, FileError> {
        self.walk(name, |directory, part| {
            match directory.open_dir_nofollow(part) {
                Err(error) if is_missing(&error) => Ok(None),
                read_status => read_status.map(Some),
            }
        })
    }

    /// The same, made where it is missing.
    fn made_parent(&self, name: &FileName) -> Result<Dir, FileError> {
        let directory = self.walk(name, |directory, part| {
            let read_status = directory.open_dir_nofollow(part);
            if !read_status.as_ref().is_err_and(is_missing) {
                return read_status.map(Some);
            }
            match directory.create_dir(part) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => directory.open_dir_nofollow(part).map(Some),
            }
        })?;
        directory.ok_or_else(|| FileError::new(name, missing()))
    }

    /// Goes from folder to folder down to the one that a file is in.
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
                // Where a file is in the way, some systems say that nothing is there.
                Ok(None) if directory.symlink_metadata(part).is_err() => return Ok(None),
                Ok(None) => return Err(in_the_way(&directory, part, folder, missing())),
                Err(cause) => return Err(in_the_way(&directory, part, folder, cause)),
            };
        }
        Ok(Some(directory))
    }
}

/// Why a folder cannot be entered.
fn in_the_way(directory: &Dir, part: &str, folder: &str, cause: io::Error) -> FileError {
    let name = escaped(folder);
    match directory.symlink_metadata(part) {
        Ok(metadata) if metadata.is_symlink() => FileError::Link { name },
        Ok(metadata) if !metadata.is_dir() => FileError::NotAFolder { name },
        _ => FileError::about(name, cause),
    }
}

#[cfg(test)]
mod tests;
