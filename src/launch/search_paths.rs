//! The folders where games are looked for: the home directory, this program's data directory, Wine prefixes.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, home_dir};

use crate::base::app_directories::app_directories;

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
}

impl SearchPaths {
    /// Returns the folders of this user.
    pub fn from_environment() -> Self {
        Self {
            home: home_dir().ok().filter(|home| home.is_absolute()),
            data: app_directories().map(|directories| directories.data_dir()),
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
        }
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

    /// Returns the Wine prefixes of this user in the order of the search.
    pub fn prefixes(&self) -> Vec<PathBuf> {
        let named = self.prefix.clone();
        let usual = self.home.as_ref().map(|home| home.join(".wine"));
        let others = self
            .home
            .as_ref()
            .map(|home| folders(&home.join(".local/share/wineprefixes")));
        named
            .into_iter()
            .chain(usual)
            .chain(others.into_iter().flatten())
            .collect()
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
            "LOCALAPPDATA" => folders(&drive.join("users"))
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

/// Returns the folders in a folder, sorted.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = parent.read_dir().into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
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
