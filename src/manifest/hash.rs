//! The hashes that manifests promise.

use std::fmt;
use std::fmt::Write as _;

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// How a hash is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashAlgorithm {
    /// SHA-1, 40 hex digits.
    Sha1,
    /// SHA-256, 64 hex digits.
    Sha256,
}

impl HashAlgorithm {
    /// How many hex digits a whole one has.
    const fn digits(self) -> usize {
        match self {
            Self::Sha1 => 40,
            Self::Sha256 => 64,
        }
    }
}

/// A hash, or the first digits of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash {
    algorithm: HashAlgorithm,
    /// Lower case.
    digits: String,
}

/// A text that is no hash of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no hash of {0} hex digits")]
pub struct BadHash(usize);

impl Hash {
    /// The fewest digits that say anything.
    const FEWEST: usize = 7;

    /// A whole hash, from its hex digits in any case.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn whole(algorithm: HashAlgorithm, digits: &str) -> Result<Self, BadHash> {
        Self::exactly(algorithm, digits, algorithm.digits())
    }

    /// The first seven hex digits of a hash, as `tlopo` tells them; more are taken too.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn start(algorithm: HashAlgorithm, digits: &str) -> Result<Self, BadHash> {
        let length = digits.len().clamp(Self::FEWEST, algorithm.digits());
        Self::exactly(algorithm, digits, length)
    }

    /// The whole hash of these bytes.
    pub fn of(algorithm: HashAlgorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    fn exactly(algorithm: HashAlgorithm, digits: &str, length: usize) -> Result<Self, BadHash> {
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_hex || digits.len() != length {
            return Err(BadHash(length));
        }
        let digits = digits.to_ascii_lowercase();
        Ok(Self { algorithm, digits })
    }

    /// How it was made.
    pub const fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// Whether it is all of it, not the start.
    pub const fn is_whole(&self) -> bool {
        self.digits.len() == self.algorithm.digits()
    }

    /// Whether this is what was promised: the promise may be the start of it.
    pub fn keeps(&self, promise: &Self) -> bool {
        self.algorithm == promise.algorithm && self.digits.starts_with(&promise.digits)
    }
}

impl fmt::Display for Hash {
    /// The digits, in lower case.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.digits)
    }
}

/// Makes a hash from bytes as they come.
#[derive(Debug, Clone)]
pub enum Hasher {
    /// SHA-1.
    Sha1(Sha1),
    /// SHA-256.
    Sha256(Sha256),
}

impl Hasher {
    /// One that has seen nothing.
    pub fn new(algorithm: HashAlgorithm) -> Self {
        match algorithm {
            HashAlgorithm::Sha1 => Self::Sha1(Sha1::new()),
            HashAlgorithm::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// The hash of all bytes.
    pub fn finish(self) -> Hash {
        let (algorithm, digits) = match self {
            Self::Sha1(hasher) => (HashAlgorithm::Sha1, hex(&hasher.finalize())),
            Self::Sha256(hasher) => (HashAlgorithm::Sha256, hex(&hasher.finalize())),
        };
        Hash { algorithm, digits }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_fips_180() {
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
    fn a_promise_may_be_the_start_of_a_hash_in_any_case() {
        let hash = Hash::of(HashAlgorithm::Sha256, b"abc");
        let start = |digits| Hash::start(HashAlgorithm::Sha256, digits);
        assert!(start("BA7816B").is_ok_and(|promise| hash.keeps(&promise)));
        assert!(start("ba7816c").is_ok_and(|promise| !hash.keeps(&promise)));
        let other = Hash::whole(
            HashAlgorithm::Sha1,
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        );
        assert!(other.is_ok_and(|promise| !hash.keeps(&promise)));
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        for bad in ["", "ba7816", "ba7816g", "ba7816ü", &"a".repeat(65)] {
            assert!(Hash::start(HashAlgorithm::Sha256, bad).is_err(), "{bad}");
        }
        for bad in [
            "",
            "ba7816b",
            &"a".repeat(39),
            &"a".repeat(41),
            &"z".repeat(40),
        ] {
            assert!(Hash::whole(HashAlgorithm::Sha1, bad).is_err(), "{bad}");
        }
    }
}
