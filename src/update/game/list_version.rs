//! The versions of lists of files that were used, so that an older one is noticed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::base_url::BaseUrl;
use crate::manifest::{Hash, HashAlgorithm, Hasher};
use crate::state::StateDirectory;

/// The file in the state directory.
const FILE: &str = "lists.json";
/// How many versions of a list are remembered.
const MAX_VERSIONS: usize = 50;

/// A version of a list of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListVersion {
    /// The addresses of its parts.
    addresses: String,
    hash: Hash,
}

/// The hashes of the versions of each list, in the order in which they were first used.
#[derive(Debug, Default, Serialize, Deserialize)]
struct UsedVersions(BTreeMap<String, Vec<String>>);

impl ListVersion {
    /// Returns the version of a list with these parts, which are at these paths.
    pub(super) fn new(base_url: &BaseUrl, paths: &[String], parts: &[&[u8]]) -> Self {
        let mut hasher = Hasher::new(HashAlgorithm::Sha256);
        for part in parts {
            hasher.update(part);
        }
        Self {
            addresses: format!("{base_url} {}", paths.join(" ")),
            hash: hasher.finish(),
        }
    }

    /// Remembers that the version is used. Returns whether a later one was used before.
    pub(super) fn remember(&self, state: &StateDirectory) -> bool {
        let add = |used: &mut UsedVersions| used.add(&self.addresses, self.hash.to_string());
        state.update_json_best_effort(FILE, add)
    }
}

impl UsedVersions {
    /// Adds a version, unless it was used before. Returns whether a later one was.
    fn add(&mut self, addresses: &str, hash: String) -> bool {
        let versions = self.0.entry(addresses.to_owned()).or_default();
        if let Some(index) = versions.iter().position(|known| *known == hash) {
            return index + 1 < versions.len();
        }
        if versions.len() >= MAX_VERSIONS {
            versions.remove(0);
        }
        versions.push(hash);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_older_when_a_later_one_of_the_same_list_was_used() {
        let mut used = UsedVersions::default();
        let mut is_older = |list: &str, version: &str| used.add(list, version.to_owned());
        assert_eq!(["1", "1", "2", "2"].map(|it| is_older("a", it)), [false; 4]);
        assert_eq!(
            ["1", "1", "2"].map(|it| is_older("a", it)),
            [true, true, false]
        );
        assert!(!is_older("b", "1"));
        for version in 3..100 {
            assert!(!is_older("a", &version.to_string()));
        }
        assert!(is_older("a", "98"));
        assert_eq!(used.0["a"].len(), MAX_VERSIONS);
    }
}
