//! One file in an opened folder: the file that is meant, or another one beside it.

use std::fs::File;
use std::io;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, Metadata, OpenOptions};

use crate::base::clock::Date;
use crate::base::sanitize::escaped;
use crate::manifest::FileName;
use crate::update::trouble::FileError;

/// What the system knows of a file, or of another one beside it; nothing when it is not there.
pub(super) fn look(
    directory: &Dir,
    file: &str,
    name: &FileName,
) -> Result<Option<Metadata>, FileError> {
    match directory.symlink_metadata(file) {
        Err(error) if is_missing(&error) => Ok(None),
        Err(cause) => Err(FileError::about(beside(name, file), cause)),
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(metadata) => Err(no_file(&metadata, beside(name, file))),
    }
}

fn no_file(metadata: &Metadata, name: String) -> FileError {
    if metadata.is_symlink() {
        FileError::Link { name }
    } else {
        FileError::NotAFile { name }
    }
}

/// Opens a file, or another one beside it. Never waits: what is no file is refused.
pub(super) fn open(
    directory: &Dir,
    file: &str,
    name: &FileName,
    options: &mut OpenOptions,
) -> Result<File, FileError> {
    let trouble = |cause| FileError::about(beside(name, file), cause);
    let options = options.follow(FollowSymlinks::No).nonblock(cfg!(unix));
    let read_status =
        directory
            .open_with(file, options)
            .map_err(|cause| match look(directory, file, name) {
                Err(known) => known,
                Ok(_) => trouble(cause),
            })?;
    let metadata = read_status.metadata().map_err(trouble)?;
    if metadata.is_file() {
        Ok(read_status.into_std())
    } else {
        Err(no_file(&metadata, beside(name, file)))
    }
}

/// Another file in the folder that a file is in, safe to show.
pub(super) fn beside(name: &FileName, file: &str) -> String {
    match name.directory() {
        Some(folder) => escaped(&format!("{folder}/{file}")),
        None => escaped(file),
    }
}

/// The date that a file carries.
pub(super) fn date(metadata: &Metadata) -> Option<Date> {
    Some(metadata.modified().ok()?.into_std())
}

/// What the system says of what is not there.
pub(super) fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// Whether it says so.
pub(super) fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
