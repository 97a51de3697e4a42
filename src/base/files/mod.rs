//! Small files that belong to the player alone: read whole, changed under a lock, replaced in one step.
//!
//! ```text
//!   NAME.lock   held while somebody changes NAME; empty, and never removed: a program may be waiting for it
//!   NAME.new    what NAME will be, until it is whole
//!   NAME        the old content or the new, never half of it
//! ```

pub mod temporary;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::clock;

/// The most that is read of one file; what is larger is not ours.
const MOST: u64 = 1024 * 1024;
/// How long others may take to change a file.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause between looks at what others do.
const GLANCE: Duration = Duration::from_millis(10);

/// The content of a file; nothing where there is none.
///
/// # Errors
/// When it is there and cannot be read, or is larger than a MiB ([`io::ErrorKind::FileTooLarge`]).
pub fn contents(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut content = Vec::new();
    file.take(MOST + 1).read_to_end(&mut content)?;
    if u64::try_from(content.len()).is_ok_and(|length| length <= MOST) {
        Ok(Some(content))
    } else {
        Err(io::ErrorKind::FileTooLarge.into())
    }
}

/// The file that a path leads to, through links, whether it is there or not: a link to it stays a link when it is
/// replaced.
pub fn target(path: &Path) -> PathBuf {
    if let Ok(target) = path.canonicalize() {
        return target;
    }
    match fs::read_link(path) {
        // Joined to an absolute path, that one stays.
        Ok(link) => path
            .parent()
            .map_or_else(|| link.clone(), |folder| folder.join(&link)),
        Err(_) => path.to_owned(),
    }
}

/// Holds a file against others who would change it, until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not used")] File);

/// Waits until nobody else changes a file, at most five seconds. Makes the folder if it must.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] when others take longer, and whatever the system says.
pub fn lock(path: &Path) -> io::Result<Lock> {
    let file = lock_file(&path.with_added_extension("lock"))?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if waited >= PATIENCE => {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryLockError::WouldBlock) => clock::pause(GLANCE),
        }
        waited += GLANCE;
    }
}

/// Opens an empty file that is there to be locked; makes it, and the folder, if it must.
///
/// # Errors
/// When it cannot be made or opened.
pub fn lock_file(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    private().write(true).create(true).open(path)
}

/// Puts new content in a file's place in one step, readable by this user alone. The caller holds the lock. `lasting`
/// says that it has to survive a power failure.
///
/// # Errors
/// When it cannot be written; then the old content stays.
pub fn replace(path: &Path, content: &[u8], lasting: bool) -> io::Result<()> {
    let new = path.with_added_extension("new");
    // Left behind by a program that died while it held the lock.
    let _ = fs::remove_file(&new);
    let written = write(&new, content, lasting).and_then(|()| put_in_place(&new, path));
    written.inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })?;
    if lasting { sync_folder(path) } else { Ok(()) }
}

/// Writes a file that is not there yet, readable by this user alone.
///
/// # Errors
/// When it is there already, or cannot be written.
pub fn write(path: &Path, content: &[u8], lasting: bool) -> io::Result<()> {
    let mut file = private().write(true).create_new(true).open(path)?;
    file.write_all(content)?;
    if lasting { file.sync_all() } else { Ok(()) }
}

/// Lets the new name survive too. Windows does that by itself and opens no folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn put_in_place(new: &Path, path: &Path) -> io::Result<()> {
    patiently(|| fs::rename(new, path))
}

/// Renames, again for a while where Windows refuses that: somebody reads the old file, which takes a moment.
///
/// # Errors
/// Those of `rename`, at last.
pub fn patiently(rename: impl Fn() -> io::Result<()>) -> io::Result<()> {
    const TRIES: u32 = 50;
    for _ in 1..TRIES {
        match rename() {
            Err(error) if cfg!(windows) && is_in_use(&error) => clock::pause(GLANCE),
            outcome => return outcome,
        }
    }
    rename()
}

/// Whether Windows says so: access denied, or a sharing violation, which has no kind of its own.
fn is_in_use(error: &io::Error) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    error.kind() == io::ErrorKind::PermissionDenied
        || error.raw_os_error() == Some(SHARING_VIOLATION)
}

/// Removes a file.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Makes the folder and those above it, for this user alone.
///
/// # Errors
/// When it cannot be made.
pub fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Makes files for this user alone.
fn private() -> OpenOptions {
    #[cfg_attr(
        not(unix),
        allow(unused_mut, reason = "elsewhere the folder alone is private")
    )]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
