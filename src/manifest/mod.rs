//! What a game's files should be: the one value that every game's manifest is read into.
//!
//! Nothing here touches a disk or a network. A manifest is a stranger's text, so its names are checked before
//! anything is done ([`name`]), and one name that leads out of the game's directory refuses the whole of it.

mod hash;
pub mod name;
mod source;

use std::collections::BTreeMap;

pub use hash::{BadHash, Hash, HashAlgorithm, Hasher};
pub use name::{FileNameError, Name, Rules};
pub use source::{MirrorAddress, Source};

/// Every file that a game should have here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The files, by name.
    pub files: Vec<Wanted>,
}

/// A file as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its place below the game's directory.
    pub name: Name,
    /// The hash of its content.
    pub hash: Hash,
    /// Its size in bytes, where the manifest tells.
    pub size: Option<u64>,
    /// Whether the system has to be told that it is a program.
    pub is_program: bool,
    /// Where the whole of it comes from.
    pub packed: Packed,
    /// What turns an old content, by its hash, into the wanted one.
    pub patches: BTreeMap<Hash, Patch>,
}

/// Something that is downloaded packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Where it is below a mirror.
    pub source: Source,
    /// How it is packed.
    pub packing: Packing,
    /// The hash of the packed bytes, where it can be trusted.
    pub hash: Option<Hash>,
}

/// A patch in the BSDIFF40 format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// How it is downloaded.
    pub packed: Packed,
    /// The hash of the unpacked patch.
    pub hash: Hash,
}

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// One or more bzip2 streams.
    Bzip2,
    /// One or more gzip members.
    Gzip,
}

/// Why a manifest is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not what the game's documents promise: what it was instead, never its content.
    #[error("{0}")]
    NotUnderstood(String),
    /// It names a place that no file of the game may be in.
    #[error("the file name \"{name}\" {why}")]
    Name {
        /// The name, made safe to show.
        name: String,
        /// What is wrong with it.
        why: FileNameError,
    },
}

impl Manifest {
    /// The manifest of these files, sorted by name.
    ///
    /// # Errors
    /// [`Error::Name`] when two of them would be one file, or one a folder of the other, on a system with these rules.
    pub fn new(mut files: Vec<Wanted>, rules: Rules) -> Result<Self, Error> {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let names = files.iter().map(|file| &file.name);
        if let Some(name) = name::collision(names, rules) {
            return Err(Error::Name {
                name: name.shown(),
                why: FileNameError::Twice,
            });
        }
        Ok(Self { files })
    }
}

impl Wanted {
    /// What is downloaded of it goes by this hash: that of the packed bytes where it is known.
    pub fn key(&self) -> &Hash {
        self.packed.hash.as_ref().unwrap_or(&self.hash)
    }
}
