//! Hashes of files, as manifests contain them.

use std::fmt;

use data_encoding::HEXLOWER;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A hash algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashAlgorithm {
    /// SHA-1, with 40 hex digits.
    Sha1,
    /// SHA-256, with 64 hex digits.
    Sha256,
}

impl HashAlgorithm {
    /// Returns the number of hex digits of a full hash.
    const fn digits(self) -> usize {
        match self {
            Self::Sha1 => 40,
            Self::Sha256 => 64,
        }
    }
}

/// A full hash, or the first digits of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash {
    algorithm: HashAlgorithm,
    /// In lower case.
    digits: String,
}

impl Hash {
    /// The minimum number of digits of a prefix.
    const MIN_DIGITS: usize = 7;

    /// Parses a full hash from its hex digits in any case; returns `None` for any other text.
    pub fn full(algorithm: HashAlgorithm, digits: &str) -> Option<Self> {
        Self::exactly(algorithm, digits, algorithm.digits())
    }

    /// Parses the first seven or more hex digits of a hash; returns `None` for any other text. The manifests of `tlopo`
    /// contain seven digits.
    pub fn prefix(algorithm: HashAlgorithm, digits: &str) -> Option<Self> {
        let length = digits.len().clamp(Self::MIN_DIGITS, algorithm.digits());
        Self::exactly(algorithm, digits, length)
    }

    /// Computes the hash of `bytes`.
    pub fn of(algorithm: HashAlgorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    fn exactly(algorithm: HashAlgorithm, digits: &str, length: usize) -> Option<Self> {
        let is_hex = || digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        (digits.len() == length && is_hex()).then(|| Self {
            algorithm,
            digits: digits.to_ascii_lowercase(),
        })
    }

    /// Returns the algorithm.
    pub const fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// Whether this is a full hash rather than a prefix.
    pub const fn is_full(&self) -> bool {
        self.digits.len() == self.algorithm.digits()
    }

    /// Whether this hash is equal to `expected` or begins with it.
    pub fn matches(&self, expected: &Self) -> bool {
        self.algorithm == expected.algorithm && self.digits.starts_with(&expected.digits)
    }
}

impl fmt::Display for Hash {
    /// Writes the digits in lower case.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.digits)
    }
}

/// Computes a hash from successive chunks of bytes.
#[derive(Debug, Clone)]
pub enum Hasher {
    /// SHA-1.
    Sha1(Sha1),
    /// SHA-256.
    Sha256(Sha256),
}

impl Hasher {
    /// Creates a hasher.
    pub fn new(algorithm: HashAlgorithm) -> Self {
        match algorithm {
            HashAlgorithm::Sha1 => Self::Sha1(Sha1::new()),
            HashAlgorithm::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// Returns the hash of all bytes.
    pub fn finish(self) -> Hash {
        let (algorithm, digits) = match self {
            Self::Sha1(hasher) => (HashAlgorithm::Sha1, HEXLOWER.encode(&hasher.finalize())),
            Self::Sha256(hasher) => (HashAlgorithm::Sha256, HEXLOWER.encode(&hasher.finalize())),
        };
        Hash { algorithm, digits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_of_fips_180_are_computed() {
        assert_eq!(
            Hash::of(HashAlgorithm::Sha1, b"abc").to_string(),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(
            Hash::of(HashAlgorithm::Sha256, b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_hash_matches_its_prefix_in_any_case() {
        let hash = Hash::of(HashAlgorithm::Sha256, b"abc");
        let prefix = |digits| Hash::prefix(HashAlgorithm::Sha256, digits);
        assert!(prefix("BA7816B").is_some_and(|expected| hash.matches(&expected)));
        assert!(prefix("ba7816c").is_some_and(|expected| !hash.matches(&expected)));
        let other = Hash::full(
            HashAlgorithm::Sha1,
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        );
        assert!(other.is_some_and(|expected| !hash.matches(&expected)));
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in ["", "ba7816", "ba7816g", "ba7816ü", &"a".repeat(65)] {
            assert!(Hash::prefix(HashAlgorithm::Sha256, bad).is_none(), "{bad}");
        }
        for bad in [
            "",
            "ba7816b",
            &"a".repeat(39),
            &"a".repeat(41),
            &"z".repeat(40),
        ] {
            assert!(Hash::full(HashAlgorithm::Sha1, bad).is_none(), "{bad}");
        }
    }
}
