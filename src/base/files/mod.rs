//! Small private files: read as a whole, changed under a lock, replaced atomically.
//!
//! ```text
//!   NAME.lock   locked while a process changes NAME; empty, and never removed, because another process may wait for it
//!   NAME.new    the new content while it is being written
//!   NAME        the old content or the new content, never a mixture
//! ```

pub mod temp_dir;

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use crate::base::clock;

/// The maximum size in bytes of a file that is read.
pub const MAX_SIZE: usize = 1024 * 1024;
/// How long to wait for a lock that another process holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause between two attempts to lock or rename a file.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// Returns this user's directories for this program, by the conventions of the system; `None` without a home directory.
pub fn program_directories() -> Option<impl AppStrategy> {
    let arguments = AppStrategyArgs {
        app_name: "playcookie".to_owned(),
        ..AppStrategyArgs::default()
    };
    choose_app_strategy(arguments).ok()
}

/// Reads a regular file; returns `None` when it does not exist.
///
/// # Errors
/// When the file cannot be read, is not a regular file, or is larger than 1 MiB ([`io::ErrorKind::FileTooLarge`]).
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match open_regular(OpenOptions::new().read(true), path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        file => content(file?).map(Some),
    }
}

/// Reads a file that only this user, or the superuser, can change; returns `None` when it does not exist. The user may give
/// a pipe or a device in its place.
///
/// # Errors
/// When another user owns the file or can write it, and as [`read`].
pub fn read_own(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    check_owner(&file.metadata()?)?;
    content(file).map(Some)
}

#[cfg(unix)]
fn check_owner(found: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    const OTHERS_MAY_WRITE: u32 = 0o022;
    let owners = [0, rustix::process::geteuid().as_raw()];
    if !found.is_file() {
        Ok(())
    } else if !owners.contains(&found.uid()) {
        let why = "it belongs to another user";
        Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
    } else if found.mode() & OTHERS_MAY_WRITE != 0 {
        Err(io::Error::other("other users may write it"))
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
fn check_owner(_: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Opens a regular file; anything else is an error, and opening a FIFO does not wait for its other end.
fn open_regular(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        let flags = i32::try_from(flags).map_err(io::Error::other)?;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags);
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::other("it is not a file"))
    }
}

/// Reads an open file.
fn content(file: File) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(MAX_SIZE as u64 + 1).read_to_end(&mut content)?;
    if content.len() <= MAX_SIZE {
        Ok(content)
    } else {
        Err(io::ErrorKind::FileTooLarge.into())
    }
}

/// Returns the path that `path` refers to after following symbolic links, whether that file exists or not. Replacing the
/// returned path keeps the links.
pub fn resolve_links(path: &Path) -> PathBuf {
    if let Ok(target) = path.canonicalize() {
        return target;
    }
    match fs::read_link(path) {
        // Joining an absolute path returns that path.
        Ok(link) => path
            .parent()
            .map_or_else(|| link.clone(), |folder| folder.join(&link)),
        Err(_) => path.to_owned(),
    }
}

/// A lock on a file, released when it is dropped.
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "held, not used")] File);

/// Locks a file that is to be changed; waits at most five seconds for another process. Creates the directory if needed.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] when the lock is still held after five seconds, or the system's error.
pub fn lock(path: &Path) -> io::Result<FileLock> {
    let file = open_lock_file(&path.with_added_extension("lock"))?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(FileLock(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if waited >= LOCK_TIMEOUT => {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryLockError::WouldBlock) => clock::block(RETRY_PAUSE),
        }
        waited += RETRY_PAUSE;
    }
}

/// Opens an empty file whose only purpose is to be locked. Creates it and its directory if needed.
///
/// # Errors
/// When the file cannot be created or opened.
pub fn open_lock_file(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        create_dir(directory)?;
    }
    open_regular(private().write(true).create(true), path)
}

/// Replaces the content of a file atomically; the new file is readable by this user only. The caller holds the lock. With
/// `durable`, the new content is flushed to the disk before this returns.
///
/// # Errors
/// When the new content cannot be written; the old content is kept.
pub fn replace(path: &Path, content: &[u8], durable: bool) -> io::Result<()> {
    let new = path.with_added_extension("new");
    // A process that was killed while it held the lock may have left this file.
    let _ = fs::remove_file(&new);
    let written =
        write(&new, content, durable).and_then(|()| retry_while_in_use(|| fs::rename(&new, path)));
    written.inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })?;
    if durable {
        sync_directory(path)
    } else {
        Ok(())
    }
}

/// Writes a new file that is readable by this user only.
///
/// # Errors
/// When the file exists already, or cannot be written.
pub fn write(path: &Path, content: &[u8], durable: bool) -> io::Result<()> {
    let mut file = private().write(true).create_new(true).open(path)?;
    file.write_all(content)?;
    if durable { file.sync_all() } else { Ok(()) }
}

/// Flushes the directory of a renamed file. Windows does that by itself and cannot open directories.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}

/// Calls `rename` until it succeeds, at most 50 times. Only Windows needs more than one attempt: it refuses to replace a
/// file that another process has open.
///
/// # Errors
/// The error of the last call.
pub fn retry_while_in_use(rename: impl Fn() -> io::Result<()>) -> io::Result<()> {
    const ATTEMPTS: u32 = 50;
    for _ in 1..ATTEMPTS {
        match rename() {
            Err(error) if cfg!(windows) && is_in_use(&error) => clock::block(RETRY_PAUSE),
            outcome => return outcome,
        }
    }
    rename()
}

/// Whether an error of Windows means that the file is in use: access denied, or a sharing violation, which has no
/// [`io::ErrorKind`].
fn is_in_use(error: &io::Error) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    error.kind() == io::ErrorKind::PermissionDenied
        || error.raw_os_error() == Some(SHARING_VIOLATION)
}

/// Removes a file.
///
/// # Errors
/// When the file cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Creates a directory and its missing parents, accessible to this user only.
///
/// # Errors
/// When the directory cannot be created.
pub fn create_dir(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(directory)
}

/// Returns options that create files which only this user can access.
fn private() -> OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix has file modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
