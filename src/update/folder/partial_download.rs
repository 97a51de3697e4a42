//! The packed bytes that were downloaded so far.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

use cap_std::fs::{Dir, OpenOptions};

use super::entry::{file_metadata, open, sibling};
use super::stat;
use crate::base::clock::Date;
use crate::manifest::{FileName, Hash};
use crate::update::file_error::FileError;

/// The file extension of partial downloads.
pub(super) const EXTENSION: &str = "part";

/// A file with the packed bytes that were downloaded so far. Dropping it keeps the file.
#[derive(Debug)]
pub struct PartialDownload {
    directory: Dir,
    name: FileName,
    file: String,
    /// Positioned at the end.
    content: File,
    length: u64,
    date: Option<Date>,
}

impl PartialDownload {
    pub(super) fn open(directory: Dir, name: &FileName, hash: &Hash) -> Result<Self, FileError> {
        let file = format!(".{}.{hash}.{EXTENSION}", name.file_name());
        // Not opened in append mode, because Windows could not truncate the file then.
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        let error = |cause| FileError::with_name(sibling(name, &file), cause);
        let mut content = open(&directory, &file, name, &mut options)?;
        if stat::has_other_names(&content).map_err(error)? {
            directory.remove_file(&file).map_err(error)?;
            content = open(&directory, &file, name, options.create_new(true))?;
        }
        let length = content.seek(SeekFrom::End(0)).map_err(error)?;
        Ok(Self {
            directory,
            name: name.clone(),
            file,
            content,
            length,
            date: None,
        })
    }

    /// Returns the length in bytes.
    pub const fn len(&self) -> u64 {
        self.length
    }

    /// Returns whether the file is empty.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns the modification date: that of [`Self::set_modified`], or of the last write.
    pub fn modified(&self) -> Option<Date> {
        self.content.metadata().ok()?.modified().ok()
    }

    /// Opens the file for reading from the start, also while bytes are appended.
    ///
    /// # Errors
    /// Errors of the system, and when something else has the name of the file.
    pub fn read(&self) -> Result<File, FileError> {
        let mut options = OpenOptions::new();
        open(&self.directory, &self.file, &self.name, options.read(true))
    }

    /// Appends bytes and preserves the date of [`Self::set_modified`].
    ///
    /// # Errors
    /// Errors of the system. A part of the bytes may be written.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let written = self.content.write_all(bytes);
        let length = self.content.stream_position();
        self.length = length.unwrap_or(self.length);
        let dated = self.write_date();
        written.and(dated).map_err(|cause| self.error(cause))
    }

    /// Empties the file and resets its date.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn truncate(&mut self) -> Result<(), FileError> {
        let result = self.content.set_len(0);
        let result = result.and_then(|()| self.content.rewind());
        result.map_err(|cause| self.error(cause))?;
        self.length = 0;
        self.date = None;
        Ok(())
    }

    /// Sets the modification date to that of the file on the server. Later writes preserve it, so that it is correct even
    /// when the program is killed.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn set_modified(&mut self, date: Date) -> Result<(), FileError> {
        self.date = Some(date);
        self.write_date().map_err(|cause| self.error(cause))
    }

    fn write_date(&self) -> io::Result<()> {
        match self.date {
            Some(date) => self.content.set_modified(date),
            None => Ok(()),
        }
    }

    /// Removes the file. Drop all readers before, because Windows may not remove an open file.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn remove(self) -> Result<(), FileError> {
        let name = sibling(&self.name, &self.file);
        // Closed first, for the same reason.
        drop(self.content);
        if file_metadata(&self.directory, &self.file, &self.name)?.is_none() {
            return Ok(());
        }
        let removed = self.directory.remove_file(&self.file);
        removed.map_err(|cause| FileError::with_name(name, cause))
    }

    /// Converts an error of the system. A full disk is reported with the name of the game's file.
    pub(crate) fn error(&self, cause: io::Error) -> FileError {
        match FileError::new(&self.name, cause) {
            FileError::Io { cause, .. } => {
                FileError::with_name(sibling(&self.name, &self.file), cause)
            }
            full => full,
        }
    }
}
