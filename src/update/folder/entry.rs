//! Access to one file in an open folder: a file of the game, or a temporary file in the same folder.

use std::fs::File;
use std::io;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, Metadata, OpenOptions};

use crate::base::sanitize::escaped;
use crate::manifest::FileName;
use crate::update::file_error::FileError;

/// Returns the metadata of `file`, which is in the same folder as `name`, or `None` when it does not exist.
pub(super) fn file_metadata(
    directory: &Dir,
    file: &str,
    name: &FileName,
) -> Result<Option<Metadata>, FileError> {
    match directory.symlink_metadata(file) {
        Err(error) if is_missing(&error) => Ok(None),
        Err(cause) => Err(FileError::with_name(sibling(name, file), cause)),
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(metadata) => Err(not_a_file(&metadata, sibling(name, file))),
    }
}

fn not_a_file(metadata: &Metadata, name: String) -> FileError {
    if metadata.is_symlink() {
        FileError::Link { name }
    } else {
        FileError::NotAFile { name }
    }
}

/// Opens `file`, which is in the same folder as `name`. Never blocks: anything but a regular file is refused.
pub(super) fn open(
    directory: &Dir,
    file: &str,
    name: &FileName,
    options: &mut OpenOptions,
) -> Result<File, FileError> {
    let error = |cause| FileError::with_name(sibling(name, file), cause);
    let options = options.follow(FollowSymlinks::No).nonblock(cfg!(unix));
    let opened = directory.open_with(file, options).map_err(|cause| {
        let reason = file_metadata(directory, file, name).err();
        reason.unwrap_or_else(|| error(cause))
    })?;
    let metadata = opened.metadata().map_err(error)?;
    if metadata.is_file() {
        Ok(opened.into_std())
    } else {
        Err(not_a_file(&metadata, sibling(name, file)))
    }
}

/// Returns the escaped name of `file`, which is in the same folder as `name`.
pub(super) fn sibling(name: &FileName, file: &str) -> String {
    match name.directory() {
        Some(folder) => escaped(&format!("{folder}/{file}")),
        None => escaped(file),
    }
}

/// Returns the error of the system for a missing file.
pub(super) fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// Returns whether the error means that a file does not exist.
pub(super) fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
