//! A cache of the hashes of a game's files, so that a start does not read all files. A hash is valid while the metadata of
//! the file do not change.
//!
//! ```text
//!   files-KEY.json      in the state directory, one for each game directory
//!   {"version":1,"installed":true,"files":[[NAME,SIZE,MODIFIED,CHANGED,INODE,HASH],…],"others":[NAME,…]}
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::folder::Stat;
use crate::manifest::{FileName, Hash, HashAlgorithm, Manifest, NameRules};
use crate::state;
use crate::state::StateDirectory;

/// The version of the file format.
const VERSION: u32 = 1;
/// Two changes within this time may have the same timestamp.
const GRANULARITY: Duration = Duration::from_millis(50);
/// The same for a file system with timestamps in whole seconds.
const COARSE: Duration = Duration::from_secs(2);

/// The hashes of the files in one game directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cache {
    /// Whether this program installed the game.
    pub installed: bool,
    /// If this program installed the game: the names without an entry of files that the game has or had.
    others: BTreeSet<String>,
    entries: BTreeMap<String, CacheEntry>,
}

/// The metadata of a file, and its hash at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CacheEntry {
    stat: Stat,
    hash: Hash,
}

/// The content of the cache file.
#[derive(Serialize, Deserialize)]
struct CacheFile {
    version: u32,
    installed: bool,
    files: Vec<Row>,
    /// The names that no row has.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    others: BTreeSet<String>,
}

/// Name, size, modified, changed, inode, hash.
type Row = (String, u64, i64, i64, u64, String);

impl Cache {
    /// Reads the cache of the directory with this [key](super::directory_key).
    pub fn load(state: &StateDirectory, key: &str) -> Self {
        state
            .read(&file_name(key))
            .map_or_else(Self::default, |content| Self::parse(&content))
    }

    /// Writes the cache, if it has changed. [`Self::installed`] stays set if another process has set it.
    ///
    /// # Errors
    /// When the file cannot be written. Then the next start takes longer.
    pub fn store(&self, state: &StateDirectory, key: &str) -> Result<(), state::Error> {
        // The text is compared, since parsing the old one takes longer than serializing this one.
        let is_same = match state.read(&file_name(key)) {
            Some(old) => old == self.to_json(self.installed),
            None => *self == Self::default(),
        };
        if is_same {
            return Ok(());
        }
        state.update(&file_name(key), |old| {
            let is_installed = old.is_some_and(|old| Self::parse(old).installed);
            self.to_json(self.installed || is_installed)
        })
    }

    /// Parses the content of a cache file. Content that is invalid, or of another version, is an empty cache.
    pub fn parse(content: &[u8]) -> Self {
        let file = serde_json::from_slice(content).ok();
        let file = file.filter(|file: &CacheFile| file.version == VERSION);
        file.map_or_else(Self::default, |file| Self {
            installed: file.installed,
            others: file.others,
            entries: file.files.into_iter().filter_map(entry).collect(),
        })
    }

    /// Marks the cache as that of a game that this program has installed or updated, with the files of this manifest.
    pub fn add_installed(&mut self, manifest: &Manifest) {
        self.installed = true;
        for file in &manifest.files {
            let name = file.name.as_str();
            if !self.entries.contains_key(name) {
                self.others.insert(name.to_owned());
            }
        }
    }

    /// Returns the names of all files that the game has or had, if this program installed it.
    pub fn installed_names(&self) -> impl Iterator<Item = FileName> {
        let names = self.entries.keys().chain(&self.others);
        let names = names.filter(|_| self.installed);
        names.filter_map(|name| FileName::new(name, NameRules::HERE).ok())
    }

    /// Forgets a game that was removed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget(state: &StateDirectory, key: &str) -> Result<(), state::Error> {
        state.update(&file_name(key), |_| Self::default().to_json(false))
    }

    /// Returns the content of the cache file.
    fn to_json(&self, installed: bool) -> Vec<u8> {
        let file = CacheFile {
            version: VERSION,
            installed,
            files: self.entries.iter().map(row).collect(),
            others: self.others.clone(),
        };
        // Serializing these types cannot fail.
        serde_json::to_vec(&file).unwrap_or_default()
    }

    /// Returns the hash of a file if its metadata and the algorithm match those of the entry.
    pub fn get(&self, name: &FileName, stat: &Stat, algorithm: HashAlgorithm) -> Option<Hash> {
        let entry = self.entries.get(name.as_str())?;
        let is_same = entry.stat == *stat && entry.hash.algorithm() == algorithm;
        is_same.then(|| entry.hash.clone())
    }

    /// Adds the hash of a file that had this content and metadata at time `seen`, since 1970. A file that was changed shortly
    /// before is not added, because another change could have the same timestamp, and neither is the start of a hash; an
    /// existing entry is then removed.
    pub fn put(&mut self, name: &FileName, stat: Stat, hash: Hash, seen: Duration) {
        if hash.is_full() && is_settled(stat.modified, seen) && is_settled(stat.changed, seen) {
            let entry = CacheEntry { stat, hash };
            self.others.remove(name.as_str());
            self.entries.insert(name.as_str().to_owned(), entry);
        } else if let Some((name, _)) = self.entries.remove_entry(name.as_str())
            && self.installed
        {
            self.others.insert(name);
        }
    }

    /// Removes the entries of files that are not in the manifest; the names of installed ones are kept.
    pub fn retain(&mut self, manifest: &Manifest) {
        let names = manifest.files.iter().map(|file| file.name.as_str());
        let names: BTreeSet<&str> = names.collect();
        let gone = self
            .entries
            .extract_if(.., |name, _| !names.contains(name.as_str()));
        let gone = gone.map(|(name, _)| name);
        if self.installed {
            self.others.extend(gone);
        } else {
            gone.for_each(drop);
        }
    }
}

fn file_name(key: &str) -> String {
    format!("files-{key}.json")
}

fn row((name, entry): (&String, &CacheEntry)) -> Row {
    let CacheEntry { stat, hash } = entry;
    let (name, hash) = (name.clone(), hash.to_string());
    (
        name,
        stat.size,
        stat.modified,
        stat.changed,
        stat.inode,
        hash,
    )
}

fn entry((name, size, modified, changed, inode, digits): Row) -> Option<(String, CacheEntry)> {
    let stat = Stat {
        size,
        modified,
        changed,
        inode,
    };
    let hash = [HashAlgorithm::Sha1, HashAlgorithm::Sha256]
        .into_iter()
        .find_map(|algorithm| Hash::full(algorithm, &digits))?;
    Some((name, CacheEntry { stat, hash }))
}

/// Returns whether a change after `seen` has another timestamp than `time`, in nanoseconds since 1970.
fn is_settled(time: i64, seen: Duration) -> bool {
    let is_coarse = time % 1_000_000_000 == 0;
    let granularity = if is_coarse { COARSE } else { GRANULARITY };
    let seen = i128::try_from(seen.as_nanos()).unwrap_or(i128::MAX);
    let granularity = i128::try_from(granularity.as_nanos()).unwrap_or(i128::MAX);
    i128::from(time).saturating_add(granularity) < seen
}

#[cfg(test)]
mod tests;
