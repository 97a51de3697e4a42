//! The new content of a file before it replaces the old content.

use std::fs::File;
use std::io::{self, Write};

use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::entry::{file_metadata, missing, open};
use super::{Stat, stat};
use crate::base::files;
use crate::manifest::{FileName, Hash};
use crate::update::file_error::FileError;

/// The file extension of staged files.
pub(super) const EXTENSION: &str = "new";

/// A temporary file with the new content of a file. Dropping it without [`Self::place`] removes it.
#[derive(Debug)]
pub struct StagedFile {
    directory: Dir,
    name: FileName,
    file: String,
    /// Closed before the file is renamed.
    content: Option<File>,
    is_placed: bool,
}

impl StagedFile {
    pub(super) fn create(directory: Dir, name: &FileName, hash: &Hash) -> Result<Self, FileError> {
        let file = format!(".{}.{hash}.{EXTENSION}", name.file_name());
        // A leftover of an interrupted update.
        let _ = directory.remove_file(&file);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        let content = open(&directory, &file, name, &mut options)?;
        Ok(Self {
            directory,
            name: name.clone(),
            file,
            content: Some(content),
            is_placed: false,
        })
    }

    /// Syncs the content and replaces the target file atomically. The permissions of the old file are preserved; a program
    /// becomes executable for everyone who may read it. Returns the metadata of the new file.
    ///
    /// # Errors
    /// [`FileError::Link`] and [`FileError::NotAFile`] when something else has the name of the target, and errors of the
    /// system. The target is then unchanged.
    pub fn place(mut self, is_executable: bool) -> Result<Stat, FileError> {
        let old = file_metadata(&self.directory, self.name.file_name(), &self.name)?;
        self.finish(old.as_ref(), is_executable)
            .and_then(|()| self.rename(old.as_ref()))
            .map_err(|cause| FileError::new(&self.name, cause))?;
        let new = file_metadata(&self.directory, self.name.file_name(), &self.name)?;
        new.map(|metadata| Stat::of(&metadata))
            .ok_or_else(|| FileError::new(&self.name, missing()))
    }

    /// Sets the permissions and syncs the content, before the file is renamed.
    fn finish(&self, old: Option<&Metadata>, is_executable: bool) -> io::Result<()> {
        let content = self.content()?;
        stat::adopt_mode(content, old, is_executable)?;
        content.sync_all()
    }

    fn rename(&mut self, old: Option<&Metadata>) -> io::Result<()> {
        // Windows may refuse to rename an open file.
        self.content = None;
        let (directory, file) = (&self.directory, self.name.file_name());
        allow_replacing(directory, file, old)?;
        files::retry_while_in_use(|| directory.rename(&self.file, directory, file))?;
        self.is_placed = true;
        // Makes the rename durable. Windows does so itself. An error is ignored because the file is already in place.
        if cfg!(unix) {
            let _ = directory.open(".").and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    fn content(&self) -> io::Result<&File> {
        let closed = || io::Error::from(io::ErrorKind::NotConnected);
        self.content.as_ref().ok_or_else(closed)
    }
}

/// Makes a read-only target writable, because Windows does not replace read-only files.
#[cfg(windows)]
fn allow_replacing(directory: &Dir, file: &str, old: Option<&Metadata>) -> io::Result<()> {
    match old.map(Metadata::permissions) {
        Some(mut permissions) if permissions.readonly() => {
            permissions.set_readonly(false);
            directory.set_permissions(file, permissions)
        }
        _ => Ok(()),
    }
}

#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on Windows")]
fn allow_replacing(_directory: &Dir, _file: &str, _old: Option<&Metadata>) -> io::Result<()> {
    Ok(())
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.content()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.content()?.flush()
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // Closed first, because Windows does not remove an open file.
        self.content = None;
        if !self.is_placed {
            let _ = self.directory.remove_file(&self.file);
        }
    }
}
