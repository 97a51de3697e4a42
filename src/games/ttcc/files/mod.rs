//! The game's files: where they are, and what they should be (third edition of the manifests, as clients of 2026 read it).
//!
//! A game is put together from two lists: one for its system, one of what is the same on all of them. The download servers
//! are told to launchers with a token only, in the metadata. The makers did not document any of it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GAME;
use super::current::REALM;
use crate::base::lenient::Lenient;
use crate::games::System;
use crate::games::files;
use crate::games::files::{bounded, is_program, lacks, name, odd, read, sha1, whole};
use crate::games::shape::{List, Object, object};
use crate::manifest::{
    Error, HashAlgorithm, Hasher, Manifest, MirrorAddress, Packed, Packing, Rules, Source, Wanted,
};
use crate::protocol::{Error as Failure, Refusal, Reply, ServerMessage};

/// Servers whose name holds this know files by their names, the others by keys.
const BY_NAME: &str = "cloudflare";

/// One of the lists that a game is put together from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The programs for Windows.
    Windows,
    /// The programs for macOS.
    MacOs,
    /// What is the same everywhere.
    Resources,
}

impl Part {
    /// The lists for a system. There is no build for Linux, which runs the one for Windows.
    pub const fn all(system: System) -> [Self; 2] {
        [Self::programs(system), Self::Resources]
    }

    const fn programs(system: System) -> Self {
        match system {
            System::MacOs => Self::MacOs,
            System::Windows | System::Linux => Self::Windows,
        }
    }

    /// The word for it in addresses and keys.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::MacOs => "macos",
            Self::Resources => "resources",
        }
    }

    /// Where it is on the host of the login.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Windows => "/api/v1/launcher/manifest/v3/production/windows",
            Self::MacOs => "/api/v1/launcher/manifest/v3/production/macos",
            Self::Resources => "/api/v1/launcher/manifest/v3/production/resources",
        }
    }
}

/// The download servers that the metadata name.
///
/// # Errors
/// When the token is no longer good, the server failed, or no server is named that can be trusted.
pub fn mirrors(reply: &Reply) -> Result<Vec<MirrorAddress>, Failure> {
    let metadata: Metadata = object(reply)?;
    if metadata.bad_token.flag() == Some(true) {
        let message = ServerMessage::new(metadata.message.text());
        return Err(Failure::Refused(Refusal::SignedOut, message));
    }
    let realms = metadata.realms.0.into_iter().filter_map(|realm| realm.0);
    let servers = realms
        .filter(|realm| realm.slug.text() == Some(REALM))
        .flat_map(|realm| realm.downloadservers.0);
    files::mirrors(servers.filter_map(|server| server.0?.mirror()), reply)
}

/// What the lists of a system ([`Part::all`]) say that its files should be, as one.
///
/// # Errors
/// [`Error::Name`] when a file is named so that it leads elsewhere, or twice with another hash; [`Error::NotUnderstood`]
/// when one of them is no such list, or does not tell the name or the hash of a file.
pub fn manifest(lists: &[(Part, &[u8])], system: System, rules: Rules) -> Result<Manifest, Error> {
    let mut files = Vec::new();
    for (part, body) in lists {
        let told = read::<Object<Told>>(body)?.0.and_then(|told| told.files);
        let Some(List(told)) = told else {
            return Err(odd(format!("({}) is JSON, and has no files", part.word())));
        };
        bounded(files.len() + told.len())?;
        for Object(told) in told {
            files.push(told.unwrap_or_default().wanted(*part, system, rules)?);
        }
    }
    // What both lists name the same is one file; the rest of what is named twice refuses itself.
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup_by(|a, b| a.name == b.name && a.hash == b.hash);
    whole(files, rules)
}

/// What a list holds.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    files: Option<List<Object<File>>>,
}

/// What it tells of a file. Its `fileName` repeats the end of the path, and its `compressed_sha1` is not reliable.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct File {
    file_path: Lenient,
    sha1: Lenient,
}

impl File {
    fn wanted(&self, part: Part, system: System, rules: Rules) -> Result<Wanted, Error> {
        let word = part.word();
        let path = self.file_path.text();
        let path = path.ok_or_else(|| odd(format!("({word}) has a file without a filePath")))?;
        let name = name(&path.replace('\\', "/"), rules)?;
        Ok(Wanted {
            hash: sha1(&self.sha1).ok_or_else(|| lacks(&name, "sha1"))?,
            size: None,
            is_program: is_program(&GAME, build(system), &name),
            packed: Packed {
                source: Source {
                    key: Some(key(path, part)),
                    ..Source::below(&format!("{word}/"), &name, ".gz")
                },
                packing: Packing::Gzip,
                hash: None,
            },
            patches: BTreeMap::new(),
            name,
        })
    }
}

/// The key of a file: the hash of its path and its list, one behind the other. The path is the one in the list, letter for
/// letter: clients that use keys hash it before they turn its `\` into `/`.
fn key(path: &str, part: Part) -> String {
    let mut hasher = Hasher::new(HashAlgorithm::Sha1);
    hasher.update(path.as_bytes());
    hasher.update(part.word().as_bytes());
    hasher.finish().to_string()
}

/// The system that the programs are made for.
const fn build(system: System) -> System {
    match Part::programs(system) {
        Part::MacOs => System::MacOs,
        Part::Windows | Part::Resources => System::Windows,
    }
}

/// What a launcher with a token is told.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    realms: List<Object<Realm>>,
    bad_token: Lenient,
    message: Lenient,
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
        MirrorAddress::at(self.base_url.text()?, !name.contains(BY_NAME))
    }
}

#[cfg(test)]
mod tests;
