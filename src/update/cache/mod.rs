//! What is known of a game's files, so that they are not all read at every start: how each looked when its hash was
//! made. While it looks the same, it has the same hash.
//!
//! ```text
//!   files-KEY.json      in the state directory, one for each game directory
//!   {"version":1,"installed":true,"files":[[NAME,SIZE,MODIFIED,CHANGED,INODE,HASH],…]}
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::folder::Stat;
use crate::manifest::{FileName, Hash, HashAlgorithm, Manifest};
use crate::state;
use crate::state::StateDirectory;

/// The format of the file.
const VERSION: u32 = 1;
/// Two changes of a file may look like one when they are closer to each other than this.
const GRANULARITY: Duration = Duration::from_millis(50);
/// The same where times are told in whole seconds.
const COARSE: Duration = Duration::from_secs(2);

/// What is known of the files of one game directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cache {
    /// Whether this program installed what is in the directory.
    pub installed: bool,
    files: BTreeMap<String, Known>,
}

/// A file as it looked, and the hash that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    stat: Stat,
    hash: Hash,
}

/// The file that this is kept in.
#[derive(Serialize, Deserialize)]
struct Record {
    version: u32,
    installed: bool,
    files: Vec<Row>,
}

/// Name, size, modified, changed, inode, hash.
type Row = (String, u64, i64, i64, u64, String);

impl Cache {
    /// What is known of the directory with this [key](super::key::key).
    pub fn load(state: &StateDirectory, key: &str) -> Self {
        state
            .read(&file(key))
            .map_or_else(Self::default, |content| Self::parse(&content))
    }

    /// Keeps it for the next time. What others found to be [installed](Self::installed) meanwhile stays that.
    ///
    /// # Errors
    /// When it cannot be written, which costs time at the next start and nothing else.
    pub fn store(&self, state: &StateDirectory, key: &str) -> Result<(), state::Error> {
        if Self::load(state, key) == *self {
            return Ok(());
        }
        state.update(&file(key), |old| {
            let is_installed = old.is_some_and(|old| Self::parse(old).installed);
            self.record(self.installed || is_installed)
        })
    }

    /// Reads the content of the file; what is broken, or of another version, is nothing.
    pub fn parse(content: &[u8]) -> Self {
        let record = serde_json::from_slice(content).ok();
        let record = record.filter(|record: &Record| record.version == VERSION);
        record.map_or_else(Self::default, |record| Self {
            installed: record.installed,
            files: record.files.into_iter().filter_map(known).collect(),
        })
    }

    /// The content of the file.
    pub fn to_json(&self) -> Vec<u8> {
        self.record(self.installed)
    }

    fn record(&self, installed: bool) -> Vec<u8> {
        let record = Record {
            version: VERSION,
            installed,
            files: self.files.iter().map(row).collect(),
        };
        // Nothing in it can fail to be written.
        serde_json::to_vec(&record).unwrap_or_default()
    }

    /// The hash of a file that looks like this; nothing unless it looked exactly so when its hash was made.
    pub fn get(&self, name: &FileName, stat: &Stat, algorithm: HashAlgorithm) -> Option<Hash> {
        let known = self.files.get(name.as_str())?;
        let is_same = known.stat == *stat && known.hash.algorithm() == algorithm;
        is_same.then(|| known.hash.clone())
    }

    /// Remembers the whole hash of a file that looked like this at `seen`, counted from 1970, and already had this
    /// content then. A file that was changed right before is not remembered: another change could look the same. Ask
    /// again how a file looks that was just placed, after all are.
    pub fn put(&mut self, name: &FileName, stat: Stat, hash: Hash, seen: Duration) {
        if hash.is_full() && is_settled(stat.modified, seen) && is_settled(stat.changed, seen) {
            let known = Known { stat, hash };
            self.files.insert(name.as_str().to_owned(), known);
        } else {
            self.files.remove(name.as_str());
        }
    }

    /// Forgets all files but those of a manifest.
    pub fn retain(&mut self, manifest: &Manifest) {
        let names = manifest.files.iter().map(|file| file.name.as_str());
        let names: BTreeSet<&str> = names.collect();
        self.files.retain(|name, _| names.contains(name.as_str()));
    }
}

fn file(key: &str) -> String {
    format!("files-{key}.json")
}

fn row((name, known): (&String, &Known)) -> Row {
    let Known { stat, hash } = known;
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

fn known((name, size, modified, changed, inode, digits): Row) -> Option<(String, Known)> {
    let stat = Stat {
        size,
        modified,
        changed,
        inode,
    };
    let hash = [HashAlgorithm::Sha1, HashAlgorithm::Sha256]
        .into_iter()
        .find_map(|algorithm| Hash::full(algorithm, &digits).ok())?;
    Some((name, Known { stat, hash }))
}

/// Whether a change at `time` was long enough before `seen` for the next one to show.
fn is_settled(time: i64, seen: Duration) -> bool {
    let is_coarse = time % 1_000_000_000 == 0;
    let granularity = if is_coarse { COARSE } else { GRANULARITY };
    let seen = i128::try_from(seen.as_nanos()).unwrap_or(i128::MAX);
    let granularity = i128::try_from(granularity.as_nanos()).unwrap_or(i128::MAX);
    i128::from(time).saturating_add(granularity) < seen
}

#[cfg(test)]
mod tests;
