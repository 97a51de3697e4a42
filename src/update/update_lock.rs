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
    /// Another process updates the directory.
    Updating,
    /// A game is running in the directory.
    Running,
}

/// A lock of a game's directory, which is released on drop.
#[derive(Debug)]
pub struct UpdateLock(#[expect(dead_code, reason = "held, not used")] Option<File>);

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
            Err(TryLockError::WouldBlock) => Err(Conflict::Updating),
        }
    }

    /// Locks a directory for a running game, shared with other games. Does not block.
    ///
    /// # Errors
    /// [`Conflict::Updating`].
    pub fn for_game(directory: &Path, state: &StateDirectory) -> Result<Self, Conflict> {
        let Some(file) = lockable(directory, state) else {
            return Ok(Self(None));
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::Error(_)) => Ok(Self(None)),
            Err(TryLockError::WouldBlock) => Err(Conflict::Updating),
        }
    }
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
