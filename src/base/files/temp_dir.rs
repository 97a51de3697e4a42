//! Temporary directories.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// A directory that only this user can access, removed with its contents when the value is dropped.
#[derive(Debug)]
pub struct TempDir(PathBuf);

impl TempDir {
    /// Creates the directory `name` in `parent`.
    ///
    /// # Errors
    /// When it exists already or cannot be created.
    pub fn new(parent: &Path, name: &str) -> io::Result<Self> {
        let path = parent.join(name);
        dir_builder().create(&path)?;
        Ok(Self(path))
    }

    /// Returns the path of the directory.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed is left for the system to clean up.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn dir_builder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn dir_builder() -> DirBuilder {
    DirBuilder::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_directory_is_removed_and_an_existing_one_is_not_taken() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = TempDir::new(home.path(), "one").expect("a folder");
        fs::create_dir(folder.path().join("below")).expect("a folder");
        fs::write(folder.path().join("below/file"), "x").expect("a file");
        assert!(TempDir::new(home.path(), "one").is_err());
        assert!(folder.path().exists());
        drop(folder);
        assert!(!home.path().join("one").exists());
    }

    #[cfg(unix)]
    #[test]
    fn other_users_cannot_enter() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a folder");
        let folder = TempDir::new(home.path(), "one").expect("a folder");
        let mode = fs::metadata(folder.path()).expect("it is there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o700);
    }
}
