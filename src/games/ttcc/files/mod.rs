//! The manifests of the game's files (version 3, after clients of 2026).
//!
//! The files of a system are in two manifests: one with its programs, and one with the resources of all systems. The download
//! servers are in the metadata, which only a launcher with a token can read. None of this is documented by the makers.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{GAME, REALM};
use crate::base::lenient::Lenient;
use crate::games::System;
use crate::games::files::{
    check_count, distinct_mirrors, file_name, is_executable, missing, not_understood, parse,
    sha1_hash, to_manifest,
};
use crate::games::json::{List, Object, read_object};
use crate::manifest::{
    Error, HashAlgorithm, Hasher, Manifest, ManifestFile, MirrorAddress, NameRules, PackedFile,
    Packing, Source,
};
use crate::protocol::{Error as ProtocolError, Reply};

/// A word in the names of the servers that store files under their paths; all others store them under keys.
const BY_PATH: &str = "cloudflare";

/// One of the manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestPart {
    /// The programs for Windows.
    Windows,
    /// The programs for macOS.
    MacOs,
    /// The resources of all systems.
    Resources,
}

impl ManifestPart {
    /// Returns the manifests of a system. There is no build for Linux, which runs the one for Windows.
    pub const fn all(system: System) -> [Self; 2] {
        [Self::programs(system), Self::Resources]
    }

    const fn programs(system: System) -> Self {
        match system {
            System::MacOs => Self::MacOs,
            System::Windows | System::Linux => Self::Windows,
        }
    }

    /// Returns the name in paths and keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::MacOs => "macos",
            Self::Resources => "resources",
        }
    }

    /// Returns the path of the manifest at the origin of the login.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Windows => "/api/v1/launcher/manifest/v3/production/windows",
            Self::MacOs => "/api/v1/launcher/manifest/v3/production/macos",
            Self::Resources => "/api/v1/launcher/manifest/v3/production/resources",
        }
    }
}

/// Reads the download servers from the metadata.
///
/// # Errors
/// When the server failed, or the metadata name no server with a protected connection.
pub fn mirrors(reply: &Reply) -> Result<Vec<MirrorAddress>, ProtocolError> {
    let metadata: Metadata = read_object(reply)?;
    let realms = metadata.realms.0.into_iter().filter_map(|realm| realm.0);
    let servers = realms
        .filter(|realm| realm.slug.text() == Some(REALM))
        .flat_map(|realm| realm.downloadservers.0);
    distinct_mirrors(servers.filter_map(|server| server.0?.mirror()), reply)
}

/// Joins the manifests of a system ([`ManifestPart::all`]).
///
/// # Errors
/// [`Error::Name`] when a file name is not allowed, or belongs to two files with different hashes;
/// [`Error::NotUnderstood`] when a manifest does not have the expected form, or a file has no name or no hash.
pub fn manifest(
    parts: &[(ManifestPart, &[u8])],
    system: System,
    rules: NameRules,
) -> Result<Manifest, Error> {
    let mut files = Vec::new();
    for (part, body) in parts {
        let entries = parse::<Object<FileList>>(body)?.0.and_then(|it| it.files);
        let Some(List(entries)) = entries else {
            let name = part.name();
            return Err(not_understood(format!(
                "({name}) is JSON, but has no files"
            )));
        };
        check_count(files.len() + entries.len())?;
        for Object(entry) in entries {
            files.push(
                entry
                    .unwrap_or_default()
                    .manifest_file(*part, system, rules)?,
            );
        }
    }
    // A file may be in both manifests with the same hash. Other duplicates are refused by `to_manifest`.
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup_by(|a, b| a.name == b.name && a.hash == b.hash);
    to_manifest(files, rules)
}

/// One of the manifests.
#[derive(Default, Deserialize)]
#[serde(default)]
struct FileList {
    files: Option<List<Object<Entry>>>,
}

/// A file in a manifest. Its `fileName` repeats the end of the path, and its `compressed_sha1` is not reliable.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    file_path: Lenient,
    sha1: Lenient,
}

impl Entry {
    fn manifest_file(
        &self,
        part: ManifestPart,
        system: System,
        rules: NameRules,
    ) -> Result<ManifestFile, Error> {
        let part_name = part.name();
        let no_path = || not_understood(format!("({part_name}) has a file without a filePath"));
        let path = self.file_path.text().ok_or_else(no_path)?;
        let name = file_name(&path.replace('\\', "/"), rules)?;
        Ok(ManifestFile {
            hash: sha1_hash(&self.sha1).ok_or_else(|| missing(&name, "sha1"))?,
            size: None,
            is_executable: is_executable(&GAME, build(system), &name),
            packed: PackedFile {
                source: Source {
                    key: Some(key(path, part)),
                    ..Source::new(&format!("{part_name}/"), &name, ".gz")
                },
                packing: Packing::Gzip,
                hash: None,
            },
            patches: BTreeMap::new(),
            name,
        })
    }
}

/// Returns the key of a file: the SHA-1 hash of its path followed by the name of its manifest. The path is used as it is in
/// the manifest, before `\` is replaced by `/`.
fn key(path: &str, part: ManifestPart) -> String {
    let mut hasher = Hasher::new(HashAlgorithm::Sha1);
    hasher.update(path.as_bytes());
    hasher.update(part.name().as_bytes());
    hasher.finish().to_string()
}

/// Returns the system for which the programs of `system` are built.
const fn build(system: System) -> System {
    match ManifestPart::programs(system) {
        ManifestPart::MacOs => System::MacOs,
        ManifestPart::Windows | ManifestPart::Resources => System::Windows,
    }
}

/// The metadata that a launcher with a token can read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    realms: List<Object<Realm>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Realm {
    slug: Lenient,
    downloadservers: List<Object<Server>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Server {
    name: Lenient,
    base_url: Lenient,
}

impl Server {
    fn mirror(&self) -> Option<MirrorAddress> {
        let name = self.name.text().unwrap_or_default().to_lowercase();
        MirrorAddress::parse(self.base_url.text()?, !name.contains(BY_PATH))
    }
}

#[cfg(test)]
mod tests;
