//! What a file will be.

use std::fs::File;
use std::io::{self, Write};

use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::entry::{look, missing, open};
use super::{Stat, stat};
use crate::base::files;
use crate::manifest::{FileName, Hash};
use crate::update::trouble::FileError;

/// What the names of such files end with.
pub(super) const END: &str = "new";

/// New content for a file. It is gone when this is dropped before it was placed.
#[derive(Debug)]
pub struct StagedFile {
    directory: Dir,
    name: FileName,
    file: String,
    /// Open until it is about to be placed.
    content: Option<File>,
    is_placed: bool,
}

impl StagedFile {
    pub(super) fn create(directory: Dir, name: &FileName, hash: &Hash) -> Result<Self, FileError> {
        let file = format!(".{}.{hash}.{END}", name.file_name());
        // Left behind by a program that died.
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

    /// Puts it in the file's place, in one step and to stay there. A program is made one for all who may read it; what the
    /// old file was allowed stays allowed. Gives how the new one looks.
    ///
    /// # Errors
    /// What the system says; [`FileError::Link`] and [`FileError::NotAFile`] when something that is no file is in its place.
    /// What was there stays then.
    pub fn place(mut self, is_executable: bool) -> Result<Stat, FileError> {
        let old = look(&self.directory, self.name.file_name(), &self.name)?;
        self.finish(old.as_ref(), is_executable)
            .and_then(|()| self.rename(old.as_ref()))
            .map_err(|cause| FileError::new(&self.name, cause))?;
        let new = look(&self.directory, self.name.file_name(), &self.name)?;
        new.map(|metadata| Stat::of(&metadata))
            .ok_or_else(|| FileError::new(&self.name, missing()))
    }

    /// Everything that has to be true of the file before it has its name.
    fn finish(&self, old: Option<&Metadata>, is_executable: bool) -> io::Result<()> {
        let content = self.content()?;
        stat::permit_like(content, old, is_executable)?;
        content.sync_all()
    }

    fn rename(&mut self, old: Option<&Metadata>) -> io::Result<()> {
        // Windows renames more readily what nobody has open.
        self.content = None;
        let (directory, file) = (&self.directory, self.name.file_name());
        allow_replacing(directory, file, old)?;
        files::retry_while_in_use(|| directory.rename(&self.file, directory, file))?;
        self.is_placed = true;
        // Lets the new name survive a power failure. Windows does that by itself; the file is in place either way.
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

/// Windows replaces no file that is read-only.
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
#[expect(clippy::unnecessary_wraps, reason = "there it can fail")]
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
        // Closed first: Windows keeps the name of what is open.
        self.content = None;
        if !self.is_placed {
            let _ = self.directory.remove_file(&self.file);
        }
    }
}
