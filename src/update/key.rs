//! The name that what is remembered of a game's directory goes by in the state directory.

use std::path::{Path, absolute};

use crate::manifest::{Hash, HashAlgorithm};

/// How many hex digits tell directories apart.
const DIGITS: usize = 16;

/// The name of a directory: the same for every path that leads to it, as long as it is there. Hex digits.
pub fn key(directory: &Path) -> String {
    let path = directory
        .canonicalize()
        .or_else(|_| absolute(directory))
        .unwrap_or_else(|_| directory.to_owned());
    let hash = Hash::of(HashAlgorithm::Sha256, path.as_os_str().as_encoded_bytes());
    hash.to_string().chars().take(DIGITS).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_directory_has_one_name_whatever_leads_to_it() {
        let home = tempfile::tempdir().expect("a folder");
        let game = home.path().join("game");
        std::fs::create_dir(&game).expect("a folder");
        symlink("game", home.path().join("link")).expect("a link");
        assert_eq!(key(&game), key(&home.path().join("link")));
        assert_eq!(key(&game), key(&home.path().join("./game/../game")));
        assert_ne!(key(&game), key(home.path()));
        assert!(key(&game).bytes().all(|digit| digit.is_ascii_hexdigit()));
    }
}
