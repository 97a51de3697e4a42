//! The lock of a game's directory, exclusive for an update and shared for running games.
//!
//! On Unix the lock is on the directory itself, so that no lock file is needed in it; on Windows, on a file in the state
//! directory. The system releases the lock when the process ends. A directory that cannot be locked is used without a lock.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::state::StateDirectory;

/// Why a directory cannot be locked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Another process of this user updates the directory.
    Updating,
    /// A process of another user has locked the directory.
    Foreign,
    /// A game is running in the directory.
    Running,
}

/// A lock of a game's directory, which is released on drop.
#[derive(Debug)]
pub struct UpdateLock(
    #[cfg_attr(windows, expect(dead_code, reason = "held, not used"))] Option<File>,
);

impl UpdateLock {
    /// Locks a directory for an update, exclusively. Does not block.
    ///
    /// # Errors
    /// What the directory is used for.
    pub fn for_update(directory: &Path, state: &StateDirectory) -> Result<Self, Conflict> {
        let Some(file) = lockable(directory, state) else {
            return Ok(Self(None));
        };
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::Error(_)) => Ok(Self(None)),
            // A shared lock succeeds beside those of running games.
            Err(TryLockError::WouldBlock) if file.try_lock_shared().is_ok() => {
                Err(Conflict::Running)
            }
            Err(TryLockError::WouldBlock) => Err(holder(&file)),
        }
    }

    /// Locks a directory for a running game, shared with other games. Does not block.
    ///
    /// # Errors
    /// [`Conflict::Updating`] and [`Conflict::Foreign`].
    pub fn for_game(directory: &Path, state: &StateDirectory) -> Result<Self, Conflict> {
        let Some(file) = lockable(directory, state) else {
            return Ok(Self(None));
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::Error(_)) => Ok(Self(None)),
            Err(TryLockError::WouldBlock) => Err(holder(&file)),
        }
    }

    /// Lets the programs that are started from now on hold the lock, too, until they end. On Windows, this does nothing.
    pub fn make_inheritable(&self) {
        #[cfg(unix)]
        if let Some(file) = &self.0 {
            // Without it, an update may replace the files of the program.
            let _ = rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty());
        }
    }
}

/// Returns whose process has locked a file. Where the system does not tell, it is this user's.
fn holder(file: &File) -> Conflict {
    #[cfg(target_os = "linux")]
    if is_foreign(file) {
        return Conflict::Foreign;
    }
    let _ = file;
    Conflict::Updating
}

/// Returns whether the process that has locked a file exclusively is another user's.
#[cfg(target_os = "linux")]
fn is_foreign(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let own = rustix::process::geteuid().as_raw();
    let (Ok(metadata), Ok(locks)) = (file.metadata(), std::fs::read_to_string("/proc/locks"))
    else {
        return false;
    };
    let mut pids = exclusive_holders(&locks, metadata.ino());
    // A process that cannot be seen is not one of this user.
    pids.any(|pid| {
        let process = std::fs::metadata(format!("/proc/{pid}"));
        process.map_or(true, |process| process.uid() != own)
    })
}

/// Returns the processes that have locked a file exclusively, from the content of `/proc/locks`. The device is not
/// compared, because btrfs has another one there than in the metadata.
#[cfg(target_os = "linux")]
fn exclusive_holders(locks: &str, inode: u64) -> impl Iterator<Item = &str> {
    let file = format!(":{inode}");
    locks.lines().filter_map(move |line| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words[..] {
            [_, "FLOCK", _, "WRITE", pid, locked, ..] if locked.ends_with(&file) => Some(pid),
            _ => None,
        }
    })
}

#[cfg(unix)]
fn lockable(directory: &Path, _: &StateDirectory) -> Option<File> {
    File::open(directory).ok()
}

#[cfg(not(unix))]
fn lockable(directory: &Path, state: &StateDirectory) -> Option<File> {
    state.lock_file(&format!(
        "locks/{}.lock",
        super::directory_key::directory_key(directory)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_updated_by_one_process_and_not_while_a_game_runs() {
        let home = tempfile::tempdir().expect("a folder");
        let (game, state) = (
            home.path().join("game"),
            StateDirectory::at(home.path().join("state")),
        );
        std::fs::create_dir(&game).expect("a folder");
        let update = || UpdateLock::for_update(&game, &state);
        let run = || UpdateLock::for_game(&game, &state);

        let first = update().expect("free");
        assert_eq!(update().err(), Some(Conflict::Updating));
        assert_eq!(run().err(), Some(Conflict::Updating));
        drop(first);
        let (one, two) = (run().expect("free"), run().expect("games run together"));
        assert_eq!(update().err(), Some(Conflict::Running));
        drop(one);
        assert_eq!(update().err(), Some(Conflict::Running));
        drop(two);
        assert!(update().is_ok());
        assert_eq!(
            std::fs::read_dir(&game).expect("a folder").count(),
            0,
            "the game's directory contains no lock file"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_holders_of_an_exclusive_lock_are_read_from_the_list_of_the_system() {
        let locks = "1: FLOCK  ADVISORY  WRITE 17 fe:00:4711 0 EOF\n\
                     1: -> FLOCK  ADVISORY  WRITE 18 fe:00:4711 0 EOF\n\
                     2: FLOCK  ADVISORY  READ 19 fe:00:4711 0 EOF\n\
                     3: POSIX  ADVISORY  WRITE 20 fe:00:4711 0 0\n\
                     4: FLOCK  ADVISORY  WRITE 21 00:2a:4711 0 EOF\n\
                     5: FLOCK  ADVISORY  WRITE 22 fe:00:4712 0 EOF\n\
                     6: FLOCK  ADVISORY  WRITE 23 fe:00:14711 0 EOF\nodd\n";
        let holders: Vec<_> = exclusive_holders(locks, 4711).collect();
        assert_eq!(holders, ["17", "21"]);
    }

    #[test]
    fn a_directory_that_cannot_be_locked_is_used_without_a_lock() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let nowhere = file.join("game");
        let state = StateDirectory::at(file.join("state"));
        let _held = UpdateLock::for_update(&nowhere, &state).expect("nothing to lock");
        assert!(UpdateLock::for_game(&nowhere, &state).is_ok());
    }
}
