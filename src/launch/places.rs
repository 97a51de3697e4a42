//! Where this system keeps things: the home directory, the program's data, Wine prefixes.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy, home_dir};

/// The folders that searches start from; made up in tests.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The home directory.
    pub home: Option<PathBuf>,
    /// Where this program keeps games that it installed: `games/<game>` below it.
    pub data: Option<PathBuf>,
    /// `WINEPREFIX`, when set.
    pub prefix: Option<PathBuf>,
    /// The environment variables that places are named with.
    pub variables: Vec<(String, OsString)>,
}

impl Places {
    /// The folders of this system and this user.
    pub fn here() -> Self {
        let arguments = AppStrategyArgs {
            top_level_domain: String::new(),
            author: String::new(),
            app_name: "playcookie".to_owned(),
        };
        Self {
            home: home_dir().ok().filter(|home| home.is_absolute()),
            data: choose_app_strategy(arguments)
                .ok()
                .map(|strategy| strategy.data_dir()),
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

    /// A place of a game's page as a folder here; nothing when what it starts from is not known.
    pub fn expand(&self, place: &str) -> Option<PathBuf> {
        if let Some(below) = place.strip_prefix("~/") {
            return Some(self.home.as_ref()?.join(below));
        }
        let (name, below) = variable(place)?;
        let (_, value) = self.variables.iter().find(|(known, _)| known == name)?;
        let mut start = value.clone();
        if name == "HOMEDRIVE" {
            // A drive alone ("C:") means its current folder; its root is meant.
            start.push("\\");
        }
        Some(PathBuf::from(start).join(below))
    }

    /// The Wine prefixes of this user, in the order in which they are looked through.
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

    /// A Windows place inside a Wine prefix: once per user of the prefix where it is a user's own.
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

/// `%NAME%/below` taken apart.
fn variable(place: &str) -> Option<(&str, &str)> {
    place.strip_prefix('%')?.split_once("%/")
}

/// The folders in a folder, sorted.
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

    fn places() -> Places {
        let variables = vec![
            ("LOCALAPPDATA".to_owned(), "/local".into()),
            ("HOMEDRIVE".to_owned(), "/c".into()),
        ];
        Places {
            home: Some("/home/alice".into()),
            variables,
            ..Places::default()
        }
    }

    #[test]
    fn a_tilde_is_the_home_directory() {
        assert_eq!(
            places().expand("~/Games/X"),
            Some("/home/alice/Games/X".into())
        );
        assert_eq!(Places::default().expand("~/Games/X"), None);
    }

    #[test]
    fn a_variable_that_is_not_set_names_no_place() {
        assert_eq!(places().expand("%LOCALAPPDATA%/X"), Some("/local/X".into()));
        assert_eq!(places().expand("%PROGRAMFILES%/X"), None);
    }

    #[test]
    fn a_users_folder_is_looked_for_under_every_user_of_a_prefix() {
        let prefix = tempfile::tempdir().expect("a folder");
        for user in ["steamuser", "alice"] {
            std::fs::create_dir_all(prefix.path().join("drive_c/users").join(user))
                .expect("a folder");
        }
        let users = prefix.path().join("drive_c/users");
        assert_eq!(
            places().inside(prefix.path(), "%LOCALAPPDATA%/X"),
            [
                users.join("alice/AppData/Local/X"),
                users.join("steamuser/AppData/Local/X")
            ]
        );
        assert_eq!(
            places().inside(prefix.path(), "%PROGRAMFILES(X86)%/X"),
            [prefix.path().join("drive_c/Program Files (x86)/X")]
        );
    }
}
