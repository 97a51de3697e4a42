//! What was downloaded so far.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};

use cap_std::fs::{Dir, OpenOptions};

use super::entry::{beside, look, open};
use crate::base::clock::Date;
use crate::manifest::{FileName, Hash};
use crate::update::trouble::FileError;

/// What the names of such files end with.
pub(super) const END: &str = "part";

/// The name of what was downloaded so far of what has this hash.
pub(super) fn file(name: &FileName, hash: &Hash) -> String {
    format!(".{}.{hash}.{END}", name.file_name())
}

/// What was downloaded so far of a file or a patch, packed as it came. It stays when this is dropped.
#[derive(Debug)]
pub struct Part {
    directory: Dir,
    name: FileName,
    file: String,
    /// Stands at the end.
    content: File,
    length: u64,
    date: Option<Date>,
}

impl Part {
    pub(super) fn open(directory: Dir, name: &FileName, hash: &Hash) -> Result<Self, FileError> {
        let file = file(name, hash);
        // Not opened to append: Windows could not cut it then.
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        let mut content = open(&directory, &file, name, &mut options)?;
        let trouble = |cause| FileError::about(beside(name, &file), cause);
        let length = content.seek(SeekFrom::End(0)).map_err(trouble)?;
        Ok(Self {
            directory,
            name: name.clone(),
            file,
            content,
            length,
            date: None,
        })
    }

    /// How much there is, in bytes.
    pub const fn len(&self) -> u64 {
        self.length
    }

    /// Whether there is nothing.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The date that it carries: that of [`Self::stamp`], or of the last change.
    pub fn modified(&self) -> Option<Date> {
        self.content.metadata().ok()?.modified().ok()
    }

    /// Opens it to be read from its start, also while more is added.
    ///
    /// # Errors
    /// What the system says, and when something else has its name now.
    pub fn read(&self) -> Result<File, FileError> {
        let mut options = OpenOptions::new();
        open(&self.directory, &self.file, &self.name, options.read(true))
    }

    /// Adds bytes at the end, under the date of [`Self::stamp`].
    ///
    /// # Errors
    /// What the system says; part of them may be there then.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let written = self.content.write_all(bytes);
        let length = self.content.stream_position();
        self.length = length.unwrap_or(self.length);
        let dated = self.put_date();
        written.and(dated).map_err(|cause| self.trouble(cause))
    }

    /// Empties it, and forgets its date.
    ///
    /// # Errors
    /// What the system says.
    pub fn truncate(&mut self) -> Result<(), FileError> {
        let emptied = self.content.set_len(0);
        let emptied = emptied.and_then(|()| self.content.rewind());
        emptied.map_err(|cause| self.trouble(cause))?;
        self.length = 0;
        self.date = None;
        Ok(())
    }

    /// Gives it the date that the server told of the whole. It keeps that while more is added, even when the program is
    /// killed.
    ///
    /// # Errors
    /// What the system says.
    pub fn stamp(&mut self, date: Date) -> Result<(), FileError> {
        self.date = Some(date);
        self.put_date().map_err(|cause| self.trouble(cause))
    }

    fn put_date(&self) -> io::Result<()> {
        match self.date {
            Some(date) => self.content.set_modified(date),
            None => Ok(()),
        }
    }

    /// Removes it: it is of no more use. Close what [`Self::read`] gave before: Windows may keep the name of what is open.
    ///
    /// # Errors
    /// What the system says.
    pub fn discard(self) -> Result<(), FileError> {
        let name = beside(&self.name, &self.file);
        // Closed first, for the same reason.
        drop(self.content);
        if look(&self.directory, &self.file, &self.name)?.is_none() {
            return Ok(());
        }
        let removed = self.directory.remove_file(&self.file);
        removed.map_err(|cause| FileError::about(name, cause))
    }

    /// What the system says about it. Where there is no room, the file that it is of says more.
    pub(crate) fn trouble(&self, cause: io::Error) -> FileError {
        match FileError::new(&self.name, cause) {
            FileError::Io { cause, .. } => FileError::about(beside(&self.name, &self.file), cause),
            full => full,
        }
    }
}
