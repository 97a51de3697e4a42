//! Manifests: which files a game should have, in one form for all games.
//!
//! This module accesses no disk and no network. A manifest comes from a server, so its file names are checked before they
//! are used ([`FileName`]), and one name that leads out of the game's directory invalidates the whole manifest.

mod file_name;
mod hash;
mod source;

use std::collections::BTreeMap;

pub use file_name::{FileName, FileNameError, NameRules};
pub use hash::{Hash, HashAlgorithm, Hasher};
pub use source::{MirrorAddress, Source};

/// All files of a game on this system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The files, by name.
    pub files: Vec<ManifestFile>,
}

/// A file of a game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestFile {
    /// The path below the game's directory.
    pub name: FileName,
    /// The hash of the content.
    pub hash: Hash,
    /// The size in bytes, if the manifest contains it.
    pub size: Option<u64>,
    /// Whether the file is a program.
    pub is_executable: bool,
    /// The download of the whole file.
    pub packed: PackedFile,
    /// Patches that turn an old version into this one, by the hash of the old version.
    pub patches: BTreeMap<Hash, Patch>,
}

/// A compressed file that is downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFile {
    /// The path on a mirror.
    pub source: Source,
    /// The compression.
    pub packing: Packing,
    /// The hash of the compressed bytes, if the manifest contains a reliable one.
    pub hash: Option<Hash>,
}

/// A patch in the BSDIFF40 format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The download of the patch.
    pub packed: PackedFile,
    /// The hash of the patch after decompression.
    pub hash: Hash,
}

/// A compression format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// One or more bzip2 streams.
    Bzip2,
    /// One or more gzip members.
    Gzip,
}

/// Why a manifest cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It does not have the documented form. The text is a predicate such as "has no files", and contains nothing secret.
    #[error("{0}")]
    NotUnderstood(String),
    /// A file name is not allowed.
    #[error("the file name \"{name}\" {why}")]
    Name {
        /// The name, escaped for display.
        name: String,
        /// Why the name is not allowed.
        why: FileNameError,
    },
}

impl Manifest {
    /// Creates a manifest, with the files sorted by name.
    ///
    /// # Errors
    /// [`Error::Name`] when two names refer to the same file by these rules, or one of them is a directory of the other.
    pub fn new(mut files: Vec<ManifestFile>, rules: NameRules) -> Result<Self, Error> {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let names = files.iter().map(|file| &file.name);
        if let Some(name) = file_name::find_collision(names, rules) {
            return Err(Error::Name {
                name: name.escaped(),
                why: FileNameError::Duplicate,
            });
        }
        Ok(Self { files })
    }
}

impl ManifestFile {
    /// Returns the hash that identifies the download: that of the compressed bytes if it is known, else that of the file.
    pub fn download_hash(&self) -> &Hash {
        self.packed.hash.as_ref().unwrap_or(&self.hash)
    }
}
