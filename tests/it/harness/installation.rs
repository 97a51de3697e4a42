//! A home with a game that is updated, compared file by file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::publisher::Publisher;
use super::{Home, Program};

/// Everything below a directory: files with their content, links with their target, folders with `None`.
pub(crate) type Listing = BTreeMap<String, Option<Vec<u8>>>;

/// A home with a game's directory.
pub(crate) struct Installation {
    pub(crate) home: Home,
    pub(crate) game: PathBuf,
}

impl Installation {
    /// Creates a home with an empty game directory at the default path.
    pub(crate) fn new() -> Self {
        let home = Home::new();
        let game = home.path().join("data/playcookie/games/ttr");
        Self { home, game }
    }

    /// Creates a home with a complete game.
    #[track_caller]
    pub(crate) fn of(publisher: &Publisher) -> Self {
        let installation = Self::new();
        installation.update(publisher, &[]).run().exits(0);
        installation.assert_complete(publisher);
        publisher.mirror.take();
        installation
    }

    /// Returns `playcookie ttr update`.
    pub(crate) fn update(&self, publisher: &Publisher, more: &[&str]) -> Program {
        self.update_from(&publisher.mirror.root(), "ttr", more)
    }

    /// Returns the same for any game and any server.
    pub(crate) fn update_from(&self, root: &str, game: &str, more: &[&str]) -> Program {
        let arguments = [&[game, "update", "--api", root], more].concat();
        self.home
            .program(&arguments)
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_STATE_HOME", self.home.path().join("state"))
    }

    /// Returns the path of a file of the game.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.game.join(name)
    }

    /// Writes a file into the game's directory.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    /// Returns the content of a file of the game.
    #[track_caller]
    pub(crate) fn content(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("a file")
    }

    /// Returns the files in the game's directory.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let all = listing(&self.game).into_iter();
        all.filter_map(|(name, content)| Some((name, content?)))
            .collect()
    }

    /// Returns the names of the files in the game's directory.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    /// Returns everything in the home.
    pub(crate) fn home_listing(&self) -> Listing {
        listing(self.home.path())
    }

    /// Asserts that exactly the published files are in the game's directory.
    #[track_caller]
    pub(crate) fn assert_complete(&self, publisher: &Publisher) {
        self.assert_complete_with(publisher, &[]);
    }

    /// Asserts that exactly the published files and `others` are in the game's directory.
    #[track_caller]
    pub(crate) fn assert_complete_with(&self, publisher: &Publisher, others: &[(&str, &[u8])]) {
        let mut files = publisher.contents().clone();
        for (name, content) in others {
            files.insert((*name).to_owned(), content.to_vec());
        }
        let found = self.files();
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            files.keys().collect::<Vec<_>>()
        );
        for (name, content) in files {
            assert!(found[&name] == content, "{name} has other content");
        }
    }

    /// Returns the path of the one cache of file hashes.
    #[track_caller]
    pub(crate) fn cache(&self) -> PathBuf {
        let folder = std::fs::read_dir(self.home.path().join("state/playcookie"));
        let mut files = folder.expect("a state directory").filter_map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name()?.to_str()?;
            name.strip_prefix("files-")?.strip_suffix(".json")?;
            Some(path)
        });
        let cache = files.next().expect("a cache");
        assert_eq!(files.next(), None);
        cache
    }
}

/// Returns everything below a directory, by relative path.
pub(crate) fn listing(directory: &Path) -> Listing {
    let mut all = Listing::new();
    let mut folders = vec![(directory.to_owned(), String::new())];
    while let Some((folder, front)) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry.expect("an entry");
            let file = entry.file_name().into_string().expect("UTF-8");
            let (path, name) = (entry.path(), format!("{front}{file}"));
            let kind = entry.file_type().expect("a kind");
            let content = if kind.is_dir() {
                folders.push((path, format!("{name}/")));
                None
            } else if kind.is_symlink() {
                let target = std::fs::read_link(path).expect("a link");
                Some(target.to_str().expect("UTF-8").as_bytes().to_vec())
            } else if kind.is_file() {
                Some(std::fs::read(path).expect("a file"))
            } else {
                None
            };
            all.insert(name, content);
        }
    }
    all
}

/// Returns whether a name is that of a temporary file of the program.
pub(crate) fn is_temporary(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let end = file.rsplit('.').next().unwrap_or_default();
    file.starts_with('.') && ["part", "new"].contains(&end)
}
