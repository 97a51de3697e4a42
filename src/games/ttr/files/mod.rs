//! The manifest of the game's files (patch manifest, after clients of 2026).
//!
//! One manifest describes the files of all systems. All names are checked, and one that is not allowed invalidates the whole
//! manifest; the other fields are read for the files of one system only.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::games::System;
use crate::games::files::{
    IS_64_BIT, check_count, distinct_mirrors, file_name, is_executable, missing, name_error,
    not_understood, parse, sha1_hash, to_manifest,
};
use crate::games::json::{List, Map, Object};
use crate::manifest::{
    Error, FileName, Hash, HashAlgorithm, Manifest, ManifestFile, MirrorAddress, NameRules,
    PackedFile, Packing, Patch, Source,
};
use crate::protocol::{Error as ProtocolError, Reply};

/// The origin of the manifest.
pub const CDN: &str = "https://cdn.toontownrewritten.com";
/// The path of the manifest on [`CDN`] when the login names none.
pub const MANIFEST_PATH: &str = "/content/patchmanifest.txt";
/// The path of the list of mirrors at the origin of the login.
pub const MIRRORS_PATH: &str = "/api/mirrors";
/// The origin of a mirror that need not be listed.
pub const DEFAULT_MIRROR: &str = "https://download.toontownrewritten.com";
/// The path of the files on [`DEFAULT_MIRROR`].
pub const DEFAULT_MIRROR_PATH: &str = "/patches/";

/// The directory of every manifest that a login names.
const CONTENT: &str = "/content/";

/// Reads the reply to a GET request for [`MIRRORS_PATH`]: at most 16 mirrors with a protected connection.
///
/// # Errors
/// When the server failed, or the reply names no such mirror.
pub fn mirrors(reply: &Reply) -> Result<Vec<MirrorAddress>, ProtocolError> {
    let List(urls) = reply.read::<List<Lenient>>()?;
    let mirrors = urls
        .iter()
        .filter_map(|url| MirrorAddress::parse(url.text()?, false));
    distinct_mirrors(mirrors, reply)
}

/// Returns the path on [`CDN`] of the manifest that a login named, with `.txt` appended if it is missing.
///
/// # Errors
/// [`Error::NotUnderstood`] when the name is anything but the path of a file below `/content/` in unreserved characters.
pub fn manifest_path(named: &str) -> Result<String, Error> {
    // A path without reserved characters means the same before and after decoding.
    let is_plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
    };
    let file = named
        .strip_prefix(CONTENT)
        .filter(|file| is_plain(file))
        .and_then(|file| Source::from_encoded(file).ok())
        .ok_or_else(|| {
            not_understood("was named by the login, but not as a file below /content/")
        })?;
    let extension = file.path.rsplit('.').next();
    let suffix = if extension == Some("txt") { "" } else { ".txt" };
    Ok(format!("{CONTENT}{}{suffix}", file.path))
}

/// Reads the files of a system from a manifest.
///
/// # Errors
/// [`Error::Name`] when a file name or the path of a download is not allowed; [`Error::NotUnderstood`] when the manifest
/// does not have the documented form, or a file of this system has no hash or no download.
pub fn manifest(body: &[u8], system: System, rules: NameRules) -> Result<Manifest, Error> {
    let Map(Some(entries)) = parse::<Map<Object<Entry>>>(body)? else {
        return Err(not_understood("is JSON, but not an object of files"));
    };
    check_count(entries.len())?;
    let mut files = Vec::new();
    for (name, Object(entry)) in entries {
        let name = file_name(&name, rules)?;
        let entry = entry.ok_or_else(|| missing(&name, "hash"))?;
        if entry.is_for(platforms(system, IS_64_BIT)) {
            files.push(entry.manifest_file(name, system)?);
        }
    }
    to_manifest(files, rules)
}

/// Returns the names of a system in manifests.
const fn platforms(system: System, is_64_bit: bool) -> &'static [&'static str] {
    match system {
        System::Linux => &["linux", "linux2"],
        System::MacOs => &["darwin"],
        System::Windows if is_64_bit => &["win64"],
        System::Windows => &["win32"],
    }
}

/// A file in the manifest.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    dl: Lenient,
    hash: Lenient,
    comp_hash: Lenient,
    patches: Map<Object<PatchEntry>>,
    only: Option<List<Lenient>>,
}

impl Entry {
    /// Whether the file is for one of these platforms. A file without `only` is for all.
    fn is_for(&self, platforms: &[&str]) -> bool {
        let is_one = |name: &Lenient| name.text().is_some_and(|name| platforms.contains(&name));
        self.only
            .as_ref()
            .is_none_or(|List(only)| only.iter().any(is_one))
    }

    fn manifest_file(self, name: FileName, system: System) -> Result<ManifestFile, Error> {
        let hash = sha1_hash(&self.hash).ok_or_else(|| missing(&name, "hash"))?;
        let dl = self.dl.text().ok_or_else(|| missing(&name, "download"))?;
        let source = Source::from_encoded(dl).map_err(|why| name_error(dl, why))?;
        let entries = self.patches.0.into_iter().flatten();
        let patches = entries.filter_map(|(old, Object(entry))| {
            let old = Hash::full(HashAlgorithm::Sha1, &old)?;
            Some((old, entry?.patch()?))
        });
        Ok(ManifestFile {
            hash,
            size: None,
            is_executable: is_executable(&GAME, system, &name),
            packed: packed(source, &self.comp_hash),
            patches: patches.collect::<BTreeMap<_, _>>(),
            name,
        })
    }
}

/// A patch in the manifest.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PatchEntry {
    filename: Lenient,
    patch_hash: Lenient,
    comp_patch_hash: Lenient,
}

impl PatchEntry {
    /// Converts the patch. An invalid one is ignored, because the whole file can be downloaded instead.
    fn patch(self) -> Option<Patch> {
        let source = Source::from_encoded(self.filename.text()?).ok()?;
        Some(Patch {
            packed: packed(source, &self.comp_patch_hash),
            hash: sha1_hash(&self.patch_hash)?,
        })
    }
}

fn packed(source: Source, hash: &Lenient) -> PackedFile {
    PackedFile {
        source,
        packing: Packing::Bzip2,
        hash: sha1_hash(hash),
    }
}

#[cfg(test)]
mod tests;
