//! What the program remembers between runs so as to be polite and careful: when something was last asked for, which
//! code was used last. Small files in the system's place for such things, and no secret in any of them.
//!
//! Losing one does no harm: what cannot be read is not known.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use crate::base::files;

/// Why something could not be remembered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system names no home directory.
    #[error("there is no home directory to remember things in")]
    NoPlace,
    /// The file could not be locked, written or put in place.
    #[error("{} cannot be written ({cause})", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
}

/// The program's state directory.
#[derive(Debug, Clone)]
pub struct State {
    folder: Option<PathBuf>,
}

impl State {
    /// The one of this user: `XDG_STATE_HOME/playcookie`, or what stands for it here. It is made when something is
    /// written.
    pub fn here() -> Self {
        let arguments = AppStrategyArgs {
            top_level_domain: String::new(),
            author: String::new(),
            app_name: "playcookie".to_owned(),
        };
        let folder = choose_app_strategy(arguments).ok().map(|strategy| {
            strategy
                .state_dir()
                .unwrap_or_else(|| strategy.in_data_dir("state"))
        });
        Self {
            folder: folder.filter(|folder| folder.is_absolute()),
        }
    }

    /// One that is somewhere else, for tests.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
        }
    }

    /// What was last written under `name`; nothing where nothing was, or where it cannot be read.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        known(&self.folder.as_ref()?.join(name))
    }

    /// Puts what `change` makes of the old content in its place. Nobody else's update comes in between, and a reader
    /// finds the old content or the new. `change` should not take long: others wait for it.
    ///
    /// # Errors
    /// When there is no place for it, or when it cannot be written there.
    pub fn update(
        &self,
        name: &str,
        change: impl FnOnce(Option<&[u8]>) -> Vec<u8>,
    ) -> Result<(), Error> {
        let folder = self.folder.as_ref().ok_or(Error::NoPlace)?;
        let path = folder.join(name);
        replace(&path, change).map_err(|cause| Error::Unwritable { path, cause })
    }
}

impl State {
    /// The same for what counts whether it can be written or not: where it cannot, the change is made of what can be read.
    /// Gives what the change gives beside the new content.
    pub fn change<T>(&self, name: &str, change: impl Fn(Option<&[u8]>) -> (Vec<u8>, T)) -> T {
        let mut outcome = None;
        let _ = self.update(name, |old| {
            let (new, value) = change(old);
            outcome = Some(value);
            new
        });
        outcome.unwrap_or_else(|| change(self.read(name).as_deref()).1)
    }

    /// An empty file under `name`, to be locked in the stead of something that cannot be; nothing when there is no place
    /// for it.
    pub fn lock_file(&self, name: &str) -> Option<File> {
        files::open_lock_file(&self.folder.as_ref()?.join(name)).ok()
    }
}

fn replace(path: &Path, change: impl FnOnce(Option<&[u8]>) -> Vec<u8>) -> io::Result<()> {
    let _lock = files::lock(path)?;
    let content = change(known(path).as_deref());
    // Not for a power failure: the file may be gone after one, which does no harm.
    files::replace(path, &content, false)
}

/// What cannot be read is not known.
fn known(path: &Path) -> Option<Vec<u8>> {
    files::read(path).ok().flatten()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A state directory that is not there yet, in a folder that vanishes with the test.
    fn state() -> (tempfile::TempDir, State) {
        let folder = tempfile::tempdir().expect("a folder");
        let state = State::at(folder.path().join("state/playcookie"));
        (folder, state)
    }

    fn counted(old: Option<&[u8]>) -> Vec<u8> {
        let count: u32 = old
            .and_then(|old| str::from_utf8(old).ok()?.parse().ok())
            .unwrap_or(0);
        (count + 1).to_string().into_bytes()
    }

    #[test]
    fn what_was_written_is_read() {
        let (_folder, state) = state();
        assert_eq!(state.read("codes.json"), None);
        state
            .update("codes.json", |old| {
                assert_eq!(old, None);
                b"one".to_vec()
            })
            .expect("written");
        assert_eq!(state.read("codes.json"), Some(b"one".to_vec()));
        assert_eq!(state.read("pins.json"), None);
        state
            .update("codes.json", |old| {
                assert_eq!(old, Some(&b"one"[..]));
                Vec::new()
            })
            .expect("written");
        assert_eq!(state.read("codes.json"), Some(Vec::new()));
    }

    #[test]
    fn updates_at_the_same_time_lose_nothing() {
        let (_folder, state) = state();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        state.update("count", counted).expect("written");
                        // What is read meanwhile is never half of it.
                        assert!(counted(state.read("count").as_deref()) > b"1".to_vec());
                    }
                });
            }
        });
        assert_eq!(state.read("count"), Some(b"400".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, state) = state();
        state.update("count", counted).expect("written");
        let folder = state.folder.expect("a folder");
        let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("count")), 0o600);
        assert_eq!(mode(&folder.join("count.lock")), 0o600);
        assert!(!folder.join("count.new").exists());
    }

    #[test]
    fn what_a_program_that_died_left_behind_is_no_obstacle() {
        let (_folder, state) = state();
        let folder = state.folder.clone().expect("a folder");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("count.new"), "half of").expect("a file");
        state.update("count", counted).expect("written");
        assert_eq!(state.read("count"), Some(b"1".to_vec()));
    }

    #[test]
    fn what_is_broken_is_not_known() {
        let (_folder, state) = state();
        let folder = state.folder.clone().expect("a folder");
        fs::create_dir_all(folder.join("count")).expect("a folder");
        assert_eq!(state.read("count"), None);
        let refused = state.update("count", counted);
        assert!(
            matches!(refused, Err(Error::Unwritable { path, .. }) if path == folder.join("count"))
        );
        assert!(!folder.join("count.new").exists());

        fs::write(folder.join("huge"), vec![b'9'; 1024 * 1024 + 1]).expect("a file");
        assert_eq!(state.read("huge"), None);
        state.update("huge", counted).expect("written");
        assert_eq!(state.read("huge"), Some(b"1".to_vec()));
    }

    #[test]
    fn a_file_to_be_locked_is_made_and_found_again() {
        let (folder, state) = state();
        let one = state.lock_file("locks/game.lock").expect("made");
        let two = state.lock_file("locks/game.lock").expect("opened");
        one.lock().expect("free");
        assert!(two.try_lock().is_err());
        assert!(
            folder
                .path()
                .join("state/playcookie/locks/game.lock")
                .exists()
        );
        assert!(State { folder: None }.lock_file("game.lock").is_none());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error_and_nothing_known() {
        let (folder, _) = state();
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let below = State::at(file.join("playcookie"));
        assert_eq!(below.read("count"), None);
        let refused = below.update("count", |_| unreachable!("nothing to change"));
        assert!(matches!(refused, Err(Error::Unwritable { .. })));

        let nowhere = State { folder: None };
        assert_eq!(nowhere.read("count"), None);
        assert!(matches!(
            nowhere.update("count", counted),
            Err(Error::NoPlace)
        ));
    }
}
