//! The configuration of a home.

use std::path::PathBuf;

use super::Home;

/// Where the configuration is, below a home.
const CONFIGURATION: &str = if cfg!(windows) {
    "AppData/Roaming/playcookie/config/config.toml"
} else {
    ".config/playcookie/config.toml"
};

impl Home {
    /// Where the configuration is, or would be, as this system writes it.
    pub(crate) fn configuration_path(&self) -> PathBuf {
        let names = CONFIGURATION.split('/');
        names.fold(self.path().to_owned(), |path, name| path.join(name))
    }

    /// Writes the configuration.
    pub(crate) fn configure(&self, text: impl AsRef<[u8]>) -> PathBuf {
        self.write(CONFIGURATION, text);
        self.configuration_path()
    }

    /// The configuration as it stands in its file; nothing where there is none.
    pub(crate) fn configuration(&self) -> Option<String> {
        std::fs::read_to_string(self.configuration_path()).ok()
    }

    /// From now on the configuration cannot be written, whoever tries.
    pub(crate) fn block_the_configuration(&self) {
        let new = self.configuration_path().with_added_extension("new");
        std::fs::create_dir_all(new.join("in the way")).expect("a folder");
    }

    /// What the configuration's folder holds beside it and its lock, sorted.
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
