//! The state directory: small files that persist between runs, such as the time of the last request to a server and the
//! one-time code that was used last. No file contains a secret.
//!
//! Losing a file does no harm: a file that cannot be read counts as absent.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use etcetera::AppStrategy;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::{clock, files, random, timestamp};

/// The folder with the games' logs, which has a folder for each account.
const LOGS: &str = "logs";
/// How many logs of an account are kept.
const MAX_LOGS: usize = 10;

/// Why a file of the state directory cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system names no home directory.
    #[error("there is no home directory for the state files")]
    NoHome,
    /// The file could not be locked, written or replaced.
    #[error("{} cannot be written ({cause})", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
}

/// The program's state directory.
#[derive(Debug, Clone)]
pub struct StateDirectory {
    folder: Option<PathBuf>,
}

impl StateDirectory {
    /// Returns the state directory of this user: `XDG_STATE_HOME/playcookie`, or its counterpart on the system. The
    /// directory is created with the first file.
    pub fn of_user() -> Self {
        let folder = files::program_directories().map(|directories| {
            let state = directories.state_dir();
            state.unwrap_or_else(|| directories.in_data_dir("state"))
        });
        Self {
            folder: folder.filter(|folder| folder.is_absolute()),
        }
    }

    /// Returns the state directory at this path, for rehearsals and tests.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
        }
    }

    /// Returns the content of the file `name`, or `None` when it does not exist or cannot be read.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        content(&self.folder.as_ref()?.join(name))
    }

    /// Replaces the content of the file `name` with the result of `change`. The file is locked meanwhile and replaced
    /// atomically. `change` must be quick, because other processes wait for the lock.
    ///
    /// # Errors
    /// When there is no home directory, or when the file cannot be written.
    pub fn update(
        &self,
        name: &str,
        change: impl FnOnce(Option<&[u8]>) -> Vec<u8>,
    ) -> Result<(), Error> {
        let folder = self.folder.as_ref().ok_or(Error::NoHome)?;
        let path = folder.join(name);
        replace(&path, change).map_err(|cause| Error::Unwritable { path, cause })
    }

    /// Returns the value in the JSON file `name`, or the default when the file cannot be read or is malformed.
    pub fn read_json<T: Default + DeserializeOwned>(&self, name: &str) -> T {
        parse(self.read(name).as_deref())
    }

    /// Changes the value in the JSON file `name`, as [`Self::update`] does.
    ///
    /// # Errors
    /// Those of [`Self::update`].
    pub fn update_json<T: Default + Serialize + DeserializeOwned>(
        &self,
        name: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<(), Error> {
        self.update(name, |old| {
            let mut value = parse(old);
            change(&mut value);
            serde_json::to_vec(&value).unwrap_or_default()
        })
    }

    /// Like [`Self::update_json`], and returns the result of `change`. When the file cannot be written, `change` is called
    /// with the value that can be read, which is then dropped.
    pub fn update_json_best_effort<T: Default + Serialize + DeserializeOwned, R>(
        &self,
        name: &str,
        change: impl Fn(&mut T) -> R,
    ) -> R {
        let mut outcome = None;
        let _ = self.update_json(name, |value| outcome = Some(change(value)));
        outcome.unwrap_or_else(|| change(&mut self.read_json(name)))
    }

    /// Returns the path of a new log in the folder `logs/NAME`, which is created. Removes the oldest logs in it, so that
    /// there are ten at most with the new one.
    ///
    /// # Errors
    /// When there is no home directory, or when the folder cannot be created.
    pub fn new_log(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.folder.as_ref().ok_or(Error::NoHome)?;
        let path = path.join(LOGS).join(name);
        if let Err(cause) = files::create_dir(&path) {
            return Err(Error::Unwritable { path, cause });
        }
        let mut logs = entries(&path);
        logs.sort();
        let surplus = (logs.len() + 1).saturating_sub(MAX_LOGS);
        for old in logs.iter().take(surplus) {
            // A log that stays does no harm.
            let _ = files::remove(old);
        }
        let time = timestamp::rfc3339(clock::since_epoch().as_secs()).unwrap_or_default();
        // Windows allows no colon in a name.
        let time = time.replace(':', "-");
        Ok(path.join(format!("{time}-{}.log", random::hex(2))))
    }

    /// Returns the end of the newest log of all accounts, at most 16 KiB.
    pub fn newest_log(&self) -> Option<String> {
        const MAX_TAIL: u64 = 16 * 1024;
        let folders = fs::read_dir(self.folder.as_ref()?.join(LOGS)).ok()?;
        let logs = folders.flatten().flat_map(|folder| entries(&folder.path()));
        // The name begins with the time.
        let newest = logs.max_by_key(|log| log.file_name().map(ToOwned::to_owned))?;
        let mut log = File::open(newest.canonicalize().ok().filter(|log| log.is_file())?).ok()?;
        let length = log.metadata().ok()?.len();
        let skipped = length.saturating_sub(MAX_TAIL);
        log.seek(SeekFrom::Start(skipped)).ok()?;
        let mut tail = Vec::new();
        log.take(MAX_TAIL).read_to_end(&mut tail).ok()?;
        let tail = String::from_utf8_lossy(&tail).into_owned();
        // The first line may be cut.
        match tail.split_once('\n') {
            Some((_, rest)) if skipped > 0 => Some(rest.to_owned()),
            _ => Some(tail),
        }
    }

    /// Removes the logs in the folder `logs/NAME`, as far as possible.
    pub fn remove_logs(&self, name: &str) {
        let Some(folder) = &self.folder else {
            return;
        };
        let folder = folder.join(LOGS).join(name);
        for log in entries(&folder) {
            let _ = files::remove(&log);
        }
        let _ = fs::remove_dir(&folder);
    }

    /// Opens an empty file `name`, to be locked in place of something that cannot be locked itself. Returns `None` when
    /// the file cannot be created.
    pub fn lock_file(&self, name: &str) -> Option<File> {
        files::open_lock_file(&self.folder.as_ref()?.join(name)).ok()
    }
}

/// Returns the logs in a folder, none when it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect()
}

fn replace(path: &Path, change: impl FnOnce(Option<&[u8]>) -> Vec<u8>) -> io::Result<()> {
    let _lock = files::lock(path)?;
    let new = change(content(path).as_deref());
    // Not synced: losing the file in a power failure does no harm.
    files::replace(path, &new, false)
}

fn parse<T: Default + DeserializeOwned>(file: Option<&[u8]>) -> T {
    file.and_then(|file| serde_json::from_slice(file).ok())
        .unwrap_or_default()
}

/// Returns the content of a file, or `None` when it cannot be read.
fn content(path: &Path) -> Option<Vec<u8>> {
    files::read(path).ok().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A state directory that does not exist yet, in a temporary folder.
    fn state() -> (tempfile::TempDir, StateDirectory) {
        let folder = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(folder.path().join("state/playcookie"));
        (folder, state)
    }

    fn incremented(old: Option<&[u8]>) -> Vec<u8> {
        let count: u32 = old
            .and_then(|old| str::from_utf8(old).ok()?.parse().ok())
            .unwrap_or(0);
        (count + 1).to_string().into_bytes()
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
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
    fn a_malformed_json_file_counts_as_absent() {
        let (_folder, state) = state();
        let texts = ["", "null", "[]", "{\"a\":-1}", "{\"a\":1", "<html>"];
        for file in texts.map(str::as_bytes).into_iter().chain([&b"\0\xff"[..]]) {
            state.update("map", |_| file.into()).expect("written");
            let add = |map: &mut BTreeMap<String, u8>| map.insert("b".to_owned(), 2);
            assert_eq!(state.update_json_best_effort("map", add), None);
            assert_eq!(state.read("map").as_deref(), Some(&b"{\"b\":2}"[..]));
        }
    }

    #[test]
    fn concurrent_updates_lose_nothing() {
        let (_folder, state) = state();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        state.update("count", incremented).expect("written");
                        // A concurrent reader never finds a part of the content.
                        assert!(incremented(state.read("count").as_deref()) > b"1".to_vec());
                    }
                });
            }
        });
        assert_eq!(state.read("count"), Some(b"400".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn only_this_user_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, state) = state();
        state.update("count", incremented).expect("written");
        let folder = state.folder.expect("a folder");
        let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("count")), 0o600);
        assert_eq!(mode(&folder.join("count.lock")), 0o600);
        assert!(!folder.join("count.new").exists());
    }

    #[test]
    fn leftovers_of_a_killed_program_are_no_obstacle() {
        let (_folder, state) = state();
        let folder = state.folder.clone().expect("a folder");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("count.new"), "half of").expect("a file");
        state.update("count", incremented).expect("written");
        assert_eq!(state.read("count"), Some(b"1".to_vec()));
    }

    #[test]
    fn an_unreadable_file_counts_as_absent() {
        let (_folder, state) = state();
        let folder = state.folder.clone().expect("a folder");
        fs::create_dir_all(folder.join("count")).expect("a folder");
        assert_eq!(state.read("count"), None);
        let refused = state.update("count", incremented);
        assert!(
            matches!(refused, Err(Error::Unwritable { path, .. }) if path == folder.join("count"))
        );
        assert!(!folder.join("count.new").exists());

        fs::write(folder.join("huge"), vec![b'9'; 1024 * 1024 + 1]).expect("a file");
        assert_eq!(state.read("huge"), None);
        state.update("huge", incremented).expect("written");
        assert_eq!(state.read("huge"), Some(b"1".to_vec()));
    }

    #[cfg(all(unix, not(target_vendor = "apple")))]
    #[test]
    fn a_fifo_in_place_of_a_file_is_an_error() {
        use rustix::fs::{CWD, Mode, mkfifoat};
        let (_folder, state) = state();
        let folder = state.folder.clone().expect("a folder");
        fs::create_dir_all(&folder).expect("a folder");
        for name in ["count", "game.lock"] {
            mkfifoat(CWD, folder.join(name), Mode::RWXU).expect("a FIFO");
        }
        assert_eq!(state.read("count"), None);
        assert!(state.lock_file("game.lock").is_none());
        let refused = state.update("game", incremented);
        assert!(matches!(refused, Err(Error::Unwritable { .. })));
        // The file itself is replaced.
        state.update("count", incremented).expect("written");
        assert_eq!(state.read("count"), Some(b"1".to_vec()));
    }

    #[test]
    fn a_lock_file_is_created_and_found_again() {
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
        assert!(
            StateDirectory { folder: None }
                .lock_file("game.lock")
                .is_none()
        );
    }

    #[test]
    fn an_unwritable_directory_is_an_error_and_has_no_files() {
        let (folder, _) = state();
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let below = StateDirectory::at(file.join("playcookie"));
        assert_eq!(below.read("count"), None);
        let refused = below.update("count", |_| unreachable!("no file to change"));
        assert!(matches!(refused, Err(Error::Unwritable { .. })));

        let nowhere = StateDirectory { folder: None };
        assert_eq!(nowhere.read("count"), None);
        assert!(matches!(
            nowhere.update("count", incremented),
            Err(Error::NoHome)
        ));
    }
}
