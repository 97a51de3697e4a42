//! The game's files: where they are, and what they should be (`patcher.json`, as the game's documents and clients of 2026
//! read it). There is one list per system.
//!
//! The hashes tell damage and nothing more: seven digits can be met on purpose. The patches need a tool that only the makers
//! have, so every file is fetched whole.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::games::System;
use crate::games::files::{WIDE, bounded, is_executable, lacks, name, odd, read, whole};
use crate::games::shape::{Entries, Object};
use crate::manifest::{
    Error, FileName, Hash, HashAlgorithm, Manifest, ManifestFile, NameRules, PackedFile, Packing,
    Source,
};

/// Scheme and host of the lists and the files.
pub const HOST: &str = "https://download.tlopo.com";

/// The folder on [`HOST`] that everything for a system is in.
pub const fn folder(system: System) -> &'static str {
    on(system, WIDE)
}

/// The same, `wide` when the system has 64 bits.
const fn on(system: System, wide: bool) -> &'static str {
    match system {
        System::Linux => "linux2",
        System::MacOs => "mac",
        System::Windows if wide => "win64",
        System::Windows => "win32",
    }
}

/// Where the list for a system is on [`HOST`].
pub fn manifest_path(system: System) -> String {
    format!("/{}/patcher.json", folder(system))
}

/// What the list for a system says that the files should be; they are below the [`folder`] of that system.
///
/// # Errors
/// [`Error::Name`] when a file is named so that it leads elsewhere; [`Error::NotUnderstood`] when it is no such list, or
/// does not tell the hash of a file.
pub fn manifest(body: &[u8], system: System, rules: NameRules) -> Result<Manifest, Error> {
    let Object(Some(Told {
        files: Entries(Some(told)),
    })) = read::<Object<Told>>(body)?
    else {
        return Err(odd("is JSON, and has no object of files"));
    };
    bounded(told.len())?;
    let mut files = Vec::new();
    for (file, Object(told)) in told {
        let name = name(&file, rules)?;
        let hash =
            told.and_then(|told| Hash::prefix(HashAlgorithm::Sha256, told.hash.text()?).ok());
        let hash = hash.ok_or_else(|| lacks(&name, "hash"))?;
        files.push(wanted(name, hash, system));
    }
    whole(files, rules)
}

fn wanted(name: FileName, hash: Hash, system: System) -> ManifestFile {
    ManifestFile {
        hash,
        size: None,
        is_executable: is_executable(&GAME, system, &name),
        packed: PackedFile {
            source: Source::new("", &name, ".bz2"),
            packing: Packing::Bzip2,
            hash: None,
        },
        patches: BTreeMap::new(),
        name,
    }
}

/// What the list holds.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    files: Entries<Object<File>>,
}

/// What it tells of a file. Its `path` repeats the folder of the name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    hash: Lenient,
}

#[cfg(test)]
mod tests;
