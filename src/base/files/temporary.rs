//! A folder that is gone when nobody needs it any more.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// A folder for this user alone, removed with everything in it when it is dropped.
#[derive(Debug)]
pub struct Temporary(PathBuf);

impl Temporary {
    /// A new one in `parent`, by a name that nobody else has.
    ///
    /// # Errors
    /// When it cannot be made, or was there already.
    pub fn new(parent: &Path, name: &str) -> io::Result<Self> {
        let path = parent.join(name);
        builder().create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clear away.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn builder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn builder() -> DirBuilder {
    DirBuilder::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_gone_with_what_is_in_it_and_takes_nobody_elses_place() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Temporary::new(home.path(), "one").expect("a folder");
        fs::create_dir(folder.path().join("below")).expect("a folder");
        fs::write(folder.path().join("below/file"), "x").expect("a file");
        assert!(Temporary::new(home.path(), "one").is_err());
        assert!(folder.path().exists());
        drop(folder);
        assert!(!home.path().join("one").exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_looks_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a folder");
        let folder = Temporary::new(home.path(), "one").expect("a folder");
        let mode = fs::metadata(folder.path()).expect("it is there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o700);
    }
}
