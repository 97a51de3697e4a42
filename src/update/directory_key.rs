//! Keys of game directories, for the names of files in the state directory.

use std::path::{Path, absolute};

use crate::manifest::{Hash, HashAlgorithm};

/// The length of a key in hex digits.
const DIGITS: usize = 16;

/// Returns the key of a directory, in hex digits. All paths of an existing directory have the same key.
pub fn directory_key(directory: &Path) -> String {
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

    use super::directory_key as key;

    #[test]
    fn all_paths_of_a_directory_have_the_same_key() {
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
