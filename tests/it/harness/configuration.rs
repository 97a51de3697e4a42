//! The configuration file of a home.

use std::path::PathBuf;

use super::Home;

/// The path of the configuration relative to a home.
const CONFIGURATION: &str = if cfg!(windows) {
    "AppData/Roaming/playcookie/config/config.toml"
} else {
    ".config/playcookie/config.toml"
};

impl Home {
    /// Returns the path of the configuration, which may not exist.
    pub(crate) fn configuration_path(&self) -> PathBuf {
        let names = CONFIGURATION.split('/');
        names.fold(self.path().to_owned(), |path, name| path.join(name))
    }

    /// Writes the configuration.
    pub(crate) fn configure(&self, text: impl AsRef<[u8]>) -> PathBuf {
        self.write(CONFIGURATION, text);
        self.configuration_path()
    }

    /// Returns the text of the configuration, if the file exists.
    pub(crate) fn configuration(&self) -> Option<String> {
        std::fs::read_to_string(self.configuration_path()).ok()
    }

    /// Makes the configuration unwritable, even for a superuser.
    pub(crate) fn block_the_configuration(&self) {
        let new = self.configuration_path().with_added_extension("new");
        std::fs::create_dir_all(new.join("in the way")).expect("a folder");
    }

    /// Returns the other names in the folder of the configuration, without its lock, sorted.
    pub(crate) fn beside_the_configuration(&self) -> Vec<String> {
        let file = self.configuration_path();
        let folder = file.parent().expect("a folder").read_dir();
        let entries = folder.into_iter().flatten().map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.into_string().expect("UTF-8")
        });
        let ours = ["config.toml", "config.toml.lock"];
        let mut names: Vec<_> = entries
            .filter(|name| !ours.contains(&name.as_str()))
            .collect();
        names.sort();
        names
    }
}
