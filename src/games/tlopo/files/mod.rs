//! The manifests of the game's files (`patcher.json`, after the game's documents and clients of 2026). There is one per
//! system.
//!
//! The hashes detect damage but not manipulation, because they have only seven digits. The patches need a program that is not
//! published, so every file is downloaded as a whole.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::games::files::{
    check_count, file_name, is_executable, missing, not_understood, parse, to_manifest,
};
use crate::games::json::{Map, Object};
use crate::games::{Build, System};
use crate::manifest::{
    Error, FileName, Hash, HashAlgorithm, Manifest, ManifestFile, NameRules, PackedFile, Packing,
    Source,
};

/// The origin of the manifests and the files.
pub const ORIGIN: &str = "https://download.tlopo.com";

/// Returns the directory on [`ORIGIN`] of a build's manifest and files.
const fn directory(build: Build) -> &'static str {
    match build.system {
        System::Linux => "linux2",
        System::MacOs => "mac",
        System::Windows if build.is_64_bit => "win64",
        System::Windows => "win32",
    }
}

/// Returns the path on [`ORIGIN`] of a build's manifest.
pub fn manifest_path(build: Build) -> String {
    format!("/{}/patcher.json", directory(build))
}

/// Reads the manifest of a build. The paths of the files are relative to [`ORIGIN`].
///
/// # Errors
/// [`Error::Name`] when a file name is not allowed; [`Error::NotUnderstood`] when the manifest does not have the documented
/// form, or a file has no hash.
pub fn manifest(body: &[u8], build: Build, rules: NameRules) -> Result<Manifest, Error> {
    let Object(Some(Patcher {
        files: Map(Some(entries)),
    })) = parse::<Object<Patcher>>(body)?
    else {
        return Err(not_understood("is JSON, but has no object of files"));
    };
    check_count(entries.len())?;
    let mut files = Vec::new();
    for (name, Object(entry)) in entries {
        let name = file_name(&name, rules)?;
        let hash = entry.and_then(|it| Hash::prefix(HashAlgorithm::Sha256, it.hash.text()?));
        let hash = hash.ok_or_else(|| missing(&name, "hash"))?;
        files.push(manifest_file(name, hash, build));
    }
    to_manifest(files, rules)
}

fn manifest_file(name: FileName, hash: Hash, build: Build) -> ManifestFile {
    ManifestFile {
        hash,
        size: None,
        is_executable: is_executable(&GAME, build.system, &name),
        packed: PackedFile {
            source: Source::new(&format!("{}/", directory(build)), &name, ".bz2"),
            packing: Packing::Bzip2,
            hash: None,
        },
        patches: BTreeMap::new(),
        name,
    }
}

/// `patcher.json`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Patcher {
    files: Map<Object<Entry>>,
}

/// A file in `patcher.json`. Its `path` repeats the directory of the name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    hash: Lenient,
}

#[cfg(test)]
mod tests;
