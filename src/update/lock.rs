//! One at a time: nobody updates a game's directory while another does, or while the game runs.
//!
//! Held on the directory itself where a system locks directories, so that nothing is left in it; elsewhere on a file in
//! the state directory. It ends with the program, however that ends. Where nothing can be locked, all goes on without.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::state::StateDirectory;

/// Why a directory is not to be had now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Busy {
    /// It is brought up to date.
    #[error("the game's files are being updated")]
    Updating,
    /// A game runs in it.
    #[error("the game is running")]
    Running,
}

/// Holds a game's directory until it is dropped.
#[derive(Debug)]
pub struct UpdateLock(#[expect(dead_code, reason = "held, not used")] Option<File>);

impl UpdateLock {
    /// Holds a directory for an update: against other updates and against games.
    ///
    /// # Errors
    /// Who holds it.
    pub fn try_update(directory: &Path, state: &StateDirectory) -> Result<Self, Busy> {
        let Some(file) = lockable(directory, state) else {
            return Ok(Self(None));
        };
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::Error(_)) => Ok(Self(None)),
            // Games leave room for each other.
            Err(TryLockError::WouldBlock) if file.try_lock_shared().is_ok() => Err(Busy::Running),
            Err(TryLockError::WouldBlock) => Err(Busy::Updating),
        }
    }

    /// Holds a directory for a running game: against updates.
    ///
    /// # Errors
    /// [`Busy::Updating`].
    pub fn running(directory: &Path, state: &StateDirectory) -> Result<Self, Busy> {
        let Some(file) = lockable(directory, state) else {
            return Ok(Self(None));
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::Error(_)) => Ok(Self(None)),
            Err(TryLockError::WouldBlock) => Err(Busy::Updating),
        }
    }
}

#[cfg(unix)]
fn lockable(directory: &Path, _: &StateDirectory) -> Option<File> {
    File::open(directory).ok()
}

#[cfg(not(unix))]
fn lockable(directory: &Path, state: &StateDirectory) -> Option<File> {
    state.lock_file(&format!("locks/{}.lock", super::key::key(directory)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_updates_at_a_time_and_not_while_a_game_runs() {
        let home = tempfile::tempdir().expect("a folder");
        let (game, state) = (
            home.path().join("game"),
            StateDirectory::at(home.path().join("state")),
        );
        std::fs::create_dir(&game).expect("a folder");
        let update = || UpdateLock::try_update(&game, &state);
        let run = || UpdateLock::running(&game, &state);

        let first = update().expect("free");
        assert_eq!(update().err(), Some(Busy::Updating));
        assert_eq!(run().err(), Some(Busy::Updating));
        drop(first);
        let (one, two) = (run().expect("free"), run().expect("games run together"));
        assert_eq!(update().err(), Some(Busy::Running));
        drop(one);
        assert_eq!(update().err(), Some(Busy::Running));
        drop(two);
        assert!(update().is_ok());
        assert_eq!(
            std::fs::read_dir(&game).expect("a folder").count(),
            0,
            "nothing is left in the game's directory"
        );
    }

    #[test]
    fn what_cannot_be_locked_is_used_without() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let nowhere = file.join("game");
        let state = StateDirectory::at(file.join("state"));
        let _held = UpdateLock::try_update(&nowhere, &state).expect("nothing to lock");
        assert!(UpdateLock::running(&nowhere, &state).is_ok());
    }
}
