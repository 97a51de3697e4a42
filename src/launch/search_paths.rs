//! Where games are looked for: the home directory, this program's data directory, Wine prefixes, and the places below them
//! that a game names, such as `~/Games/X` or `%LOCALAPPDATA%/X`. The order of the search is in [`find`](super::find).

use std::cell::{Cell, RefCell};
use std::env;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, home_dir};

use crate::base::files::{self, program_directories};
use crate::base::sanitize::escaped;

/// How many entries of a folder are searched.
const MAX_ENTRIES: usize = 1000;
/// How many bytes of the files of one runner are read.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// The folders where a search for games starts.
#[derive(Debug, Clone, Default)]
pub struct SearchPaths {
    /// The home directory.
    pub home: Option<PathBuf>,
    /// The data directory of this program, which installs games in its `games/<game>`.
    pub data: Option<PathBuf>,
    /// `WINEPREFIX`, when set.
    pub prefix: Option<PathBuf>,
    /// The environment variables that may begin a place, such as `LOCALAPPDATA`.
    pub variables: Vec<(String, OsString)>,
    /// `XDG_DATA_HOME`, when set.
    pub data_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`, when set.
    pub config_home: Option<PathBuf>,
    /// What was left out of the search, as sentences.
    pub warnings: RefCell<Vec<String>>,
    /// How many bytes of the files of one runner were read.
    pub bytes_read: Cell<usize>,
}

impl SearchPaths {
    /// Returns the folders of this user.
    pub fn from_environment() -> Self {
        let folder = |name| {
            let path = env::var_os(name).map(PathBuf::from);
            path.filter(|path| path.is_absolute())
        };
        Self {
            data_home: folder("XDG_DATA_HOME"),
            config_home: folder("XDG_CONFIG_HOME"),
            home: home_dir().ok().filter(|home| home.is_absolute()),
            data: program_directories().map(|directories| directories.data_dir()),
            prefix: env::var_os("WINEPREFIX")
                .filter(|prefix| !prefix.is_empty())
                .map(PathBuf::from),
            variables: [
                "PROGRAMFILES",
                "PROGRAMFILES(X86)",
                "LOCALAPPDATA",
                "HOMEDRIVE",
            ]
            .into_iter()
            .filter_map(|name| {
                Some((
                    name.to_owned(),
                    env::var_os(name).filter(|value| !value.is_empty())?,
                ))
            })
            .collect(),
            ..Self::default()
        }
    }

    /// Returns the folder of all programs' data.
    pub fn data_home(&self) -> Option<PathBuf> {
        let usual = || Some(self.home.as_ref()?.join(".local/share"));
        self.data_home.clone().or_else(usual)
    }

    /// Returns the folder of all programs' settings.
    pub fn config_home(&self) -> Option<PathBuf> {
        let usual = || Some(self.home.as_ref()?.join(".config"));
        self.config_home.clone().or_else(usual)
    }

    /// Returns the folder of an application that Flatpak installed, which contains its `config` and `data`.
    pub fn flatpak(&self, id: &str) -> Option<PathBuf> {
        Some(self.home.as_ref()?.join(".var/app").join(id))
    }

    /// Returns the folder of a place such as `~/Games/X` or `%LOCALAPPDATA%/X`; none when its first part is unknown.
    pub fn expand(&self, place: &str) -> Option<PathBuf> {
        if let Some(below) = place.strip_prefix("~/") {
            return Some(self.home.as_ref()?.join(below));
        }
        let (name, below) = variable(place)?;
        let (_, value) = self.variables.iter().find(|(known, _)| known == name)?;
        let mut start = value.clone();
        if name == "HOMEDRIVE" {
            // "C:" is the current folder of the drive, not its root.
            start.push("\\");
        }
        Some(PathBuf::from(start).join(below))
    }

    /// Returns the folders in a folder, sorted.
    pub fn folders(&self, parent: &Path) -> Vec<PathBuf> {
        self.entries(parent, |path, is_folder| is_folder || path.is_dir())
    }

    /// Returns the files in a folder whose names have this extension, sorted.
    pub fn files(&self, parent: &Path, extension: &str) -> Vec<PathBuf> {
        let has = |path: &Path| path.extension().is_some_and(|found| found == extension);
        self.entries(parent, |path, is_folder| !is_folder && has(path))
    }

    fn entries(&self, parent: &Path, is_wanted: impl Fn(&Path, bool) -> bool) -> Vec<PathBuf> {
        let mut entries = parent.read_dir().into_iter().flatten().flatten();
        let first = entries.by_ref().take(MAX_ENTRIES);
        let mut found: Vec<_> = first
            .filter_map(|entry| {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                Some(entry.path()).filter(|path| is_wanted(path, is_folder))
            })
            .collect();
        if entries.next().is_some() {
            let parent = escaped(&parent.to_string_lossy());
            self.warn(format!(
                "{parent} holds more than {MAX_ENTRIES} files and folders; the others are not searched for games"
            ));
        }
        found.sort();
        found
    }

    /// Reads a small file of another program. Without it, the search goes on.
    pub fn text(&self, path: &Path) -> Option<String> {
        if self.bytes_read.get() > MAX_BYTES && path.exists() {
            // One warning for all files in the folder.
            let folder = path.parent().unwrap_or(path);
            self.leave_out(folder, "the files before are too large together");
            return None;
        }
        let file = files::read(path);
        let length = match &file {
            Ok(bytes) => bytes.as_ref().map_or(0, Vec::len),
            // That much of it was read.
            Err(error) if error.kind() == ErrorKind::FileTooLarge => files::MAX_SIZE,
            Err(_) => 0,
        };
        self.bytes_read.set(self.bytes_read.get() + length);
        match file {
            Ok(bytes) => bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            // Something else stands in place of a folder.
            Err(error) if error.kind() == ErrorKind::NotADirectory => None,
            Err(error) => {
                self.leave_out(path, &error.to_string());
                None
            }
        }
    }

    /// Reads and parses a small file of another program. Without it, the search goes on.
    pub fn parsed<T>(
        &self,
        path: &Path,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(path)?;
        let parsed = parse(&text);
        parsed.map_err(|why| self.leave_out(path, &why)).ok()
    }

    fn leave_out(&self, path: &Path, why: &str) {
        let path = escaped(&path.to_string_lossy());
        self.warn(format!(
            "{path} is left out of the search for games ({why})"
        ));
    }

    /// Adds a warning, once.
    fn warn(&self, warning: String) {
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// Returns the folders of a Windows place inside a Wine prefix: one for each user of the prefix if it is below `LOCALAPPDATA`.
    pub fn inside(&self, prefix: &Path, place: &str) -> Vec<PathBuf> {
        let Some((name, below)) = variable(place) else {
            return Vec::new();
        };
        let drive = prefix.join("drive_c");
        match name {
            "PROGRAMFILES" => vec![drive.join("Program Files").join(below)],
            "PROGRAMFILES(X86)" => vec![drive.join("Program Files (x86)").join(below)],
            "HOMEDRIVE" => vec![drive.join(below)],
            "LOCALAPPDATA" => self
                .folders(&drive.join("users"))
                .into_iter()
                .map(|user| user.join("AppData/Local").join(below))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Splits `%NAME%/below`.
fn variable(place: &str) -> Option<(&str, &str)> {
    place.strip_prefix('%')?.split_once("%/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> SearchPaths {
        let variables = vec![
            ("LOCALAPPDATA".to_owned(), "/local".into()),
            ("HOMEDRIVE".to_owned(), "/c".into()),
        ];
        SearchPaths {
            home: Some("/home/alice".into()),
            variables,
            ..SearchPaths::default()
        }
    }

    #[test]
    fn a_tilde_is_the_home_directory() {
        assert_eq!(
            paths().expand("~/Games/X"),
            Some("/home/alice/Games/X".into())
        );
        assert_eq!(SearchPaths::default().expand("~/Games/X"), None);
    }

    #[test]
    fn a_place_below_an_unknown_variable_is_none() {
        assert_eq!(paths().expand("%LOCALAPPDATA%/X"), Some("/local/X".into()));
        assert_eq!(paths().expand("%PROGRAMFILES%/X"), None);
    }

    #[test]
    fn a_folder_of_a_user_is_looked_for_with_every_user_of_a_prefix() {
        let prefix = tempfile::tempdir().expect("a folder");
        for user in ["steamuser", "alice"] {
            std::fs::create_dir_all(prefix.path().join("drive_c/users").join(user))
                .expect("a folder");
        }
        let users = prefix.path().join("drive_c/users");
        assert_eq!(
            paths().inside(prefix.path(), "%LOCALAPPDATA%/X"),
            [
                users.join("alice/AppData/Local/X"),
                users.join("steamuser/AppData/Local/X")
            ]
        );
        assert_eq!(
            paths().inside(prefix.path(), "%PROGRAMFILES(X86)%/X"),
            [prefix.path().join("drive_c/Program Files (x86)/X")]
        );
    }
}
