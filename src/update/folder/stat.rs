//! How a file looks from outside.

use std::fs::File;
use std::io;

use cap_std::fs::{Metadata, MetadataExt as _};

/// What changes when a file does. Times are nanoseconds since 1970; what a system does not tell is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Its size in bytes.
    pub size: u64,
    /// When its content was last changed. Programs can set this.
    pub modified: i64,
    /// When anything about it was last changed, which no program can set; on Windows, when it was made.
    pub changed: i64,
    /// Its number on the disk.
    pub inode: u64,
}

impl Stat {
    /// How an open file looks.
    ///
    /// # Errors
    /// What the system says.
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
        // Windows counts tenths of microseconds since 1601.
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

/// Lets the system run a file where its owner could not.
#[cfg(unix)]
pub(super) fn permit(file: &File) -> io::Result<()> {
    let mode = mode(file)?;
    if mode & 0o100 == 0 {
        // Not ours to change, or on a disk that knows no such thing: whether it runs shows when it is started.
        let _ = set_mode(file, with_program_bits(mode));
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "there it can fail")]
pub(super) fn permit(_file: &File) -> io::Result<()> {
    Ok(())
}

/// What a file that replaces another may be used for: what it was made for by the system's mask; the same as the old one,
/// if there was one, and by its owner at least; and it runs for all who may read it when it is a program.
#[cfg(unix)]
pub(super) fn permit_like(
    file: &File,
    old: Option<&Metadata>,
    is_executable: bool,
) -> io::Result<()> {
    let made = mode(file)?;
    let kept = old.map_or(made, |old| old.mode() & 0o777 | 0o600);
    let wanted = if is_executable {
        with_program_bits(kept)
    } else {
        kept
    };
    if wanted != made {
        let _ = set_mode(file, wanted);
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "there it can fail")]
pub(super) fn permit_like(
    _file: &File,
    _old: Option<&Metadata>,
    _is_executable: bool,
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

/// Who may read it may run it.
#[cfg(unix)]
const fn with_program_bits(mode: u32) -> u32 {
    mode | (mode & 0o444) >> 2
}
