//! Who may use a folder, and how much room its disk has.

use std::fs;
use std::io;
use std::path::Path;

/// Who may use a folder, and how much room its disk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact that the system tells on its own"
)]
pub struct FolderAccess {
    /// Whether it belongs to this user.
    pub is_own: bool,
    /// Whether this user may write in it.
    pub is_writable: bool,
    /// Whether its file system is mounted read-only.
    pub is_on_read_only_disk: bool,
    /// Whether every user may write in it.
    pub is_writable_by_others: bool,
    /// How many bytes this user may write, if the system tells it.
    pub free: Option<u64>,
}

impl FolderAccess {
    /// Looks at a folder.
    ///
    /// # Errors
    /// When it cannot be looked at.
    #[cfg(unix)]
    pub fn of(folder: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        const OTHERS_MAY_WRITE: u32 = 0o002;
        let found = fs::metadata(folder)?;
        let disk = rustix::fs::statvfs(folder).ok();
        Ok(Self {
            is_own: found.uid() == rustix::process::geteuid().as_raw(),
            is_writable: rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok(),
            is_on_read_only_disk: disk
                .as_ref()
                .is_some_and(|disk| disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY)),
            is_writable_by_others: found.mode() & OTHERS_MAY_WRITE != 0,
            free: disk.map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
        })
    }

    /// Looks at a folder.
    ///
    /// # Errors
    /// When it cannot be looked at.
    #[cfg(not(unix))]
    pub fn of(folder: &Path) -> io::Result<Self> {
        let found = fs::metadata(folder)?;
        Ok(Self {
            is_own: true,
            is_writable: !found.permissions().readonly(),
            is_on_read_only_disk: false,
            is_writable_by_others: false,
            free: fs4::available_space(folder).ok(),
        })
    }
}
