//! The metadata of a file that reveal changes, and its permissions.

use std::fs::File;
use std::io;

use cap_std::fs::{Metadata, MetadataExt as _};

/// The metadata that change with a file. Times are in nanoseconds since 1970. A value that the system lacks is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// The size in bytes.
    pub size: u64,
    /// The time of the last change of the content, which programs can set.
    pub modified: i64,
    /// The time of the last change of content or metadata, which programs cannot set. On Windows, the time of creation.
    pub changed: i64,
    /// The number of the inode.
    pub inode: u64,
}

impl Stat {
    /// Returns the metadata of an open file.
    ///
    /// # Errors
    /// Errors of the system.
    pub fn of_file(file: &File) -> io::Result<Self> {
        Metadata::from_file(file).map(|metadata| Self::of(&metadata))
    }

    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        let time = |seconds: i64, nanoseconds: i64| {
            seconds
                .saturating_mul(1_000_000_000)
                .saturating_add(nanoseconds)
        };
        Self {
            size: metadata.len(),
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    #[cfg(windows)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        // Windows counts units of 100 ns since 1601.
        const FROM_1601_TO_1970: i64 = 116_444_736_000_000_000;
        let time = |ticks: u64| {
            let ticks = i64::try_from(ticks).unwrap_or(i64::MAX);
            ticks.saturating_sub(FROM_1601_TO_1970).saturating_mul(100)
        };
        Self {
            size: metadata.len(),
            modified: time(metadata.last_write_time()),
            changed: time(metadata.creation_time()),
            inode: 0,
        }
    }
}

/// Returns whether the owner of a file may execute it. On Windows, always.
#[cfg(unix)]
pub(super) fn is_executable(file: &File) -> io::Result<bool> {
    Ok(mode(file)? & 0o100 != 0)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on Unix")]
pub(super) fn is_executable(_file: &File) -> io::Result<bool> {
    Ok(true)
}

/// Makes a file executable for everyone who may read it.
#[cfg(unix)]
pub(super) fn make_executable(file: &File) -> io::Result<()> {
    // Fails for a file of another owner, or on a file system without modes. An error is reported when the file is run.
    let _ = set_mode(file, executable(mode(file)?));
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on Unix")]
pub(super) fn make_executable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Returns whether a file has other names (hard links). On Windows, never.
#[cfg(unix)]
pub(super) fn has_other_names(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(file.metadata()?.nlink() > 1)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on Unix")]
pub(super) fn has_other_names(_file: &File) -> io::Result<bool> {
    Ok(false)
}

/// Sets the permissions of a file that replaces another: those of the old file, if there is one, and reading and writing
/// for the owner; else those of the umask. A program becomes executable for everyone who may read it.
#[cfg(unix)]
pub(super) fn adopt_mode(
    file: &File,
    old: Option<&Metadata>,
    is_executable: bool,
) -> io::Result<()> {
    let created = mode(file)?;
    let mut mode = old.map_or(created, |old| old.mode() & 0o777 | 0o600);
    if is_executable {
        mode = executable(mode);
    }
    if mode != created {
        let _ = set_mode(file, mode);
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on Unix")]
pub(super) fn adopt_mode(
    _file: &File,
    _old: Option<&Metadata>,
    _is_program: bool,
) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn mode(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o777)
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// Returns a mode that permits execution wherever `mode` permits reading.
#[cfg(unix)]
const fn executable(mode: u32) -> u32 {
    mode | (mode & 0o444) >> 2
}
