//! The game's files: where they are, and what they should be (patch manifest, as clients of 2026 read it).
//!
//! The manifest tells of every system at once. A name that leads elsewhere refuses all of it, whichever system it is for;
//! the rest is read for the files of this system only.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::games::System;
use crate::games::files;
use crate::games::files::{
    WIDE, bounded, is_program, lacks, name, odd, read, refused, sha1, whole,
};
use crate::games::shape::{Entries, List, Object};
use crate::manifest::{
    Error, Hash, HashAlgorithm, Manifest, MirrorAddress, Name, Packed, Packing, Patch, Rules,
    Source, Wanted,
};
use crate::protocol::{Error as Failure, Reply, Request};

/// Scheme and host of what the makers publish.
pub const CDN: &str = "https://cdn.toontownrewritten.com";
/// Where the manifest is on [`CDN`], when no login named another one.
pub const MANIFEST_PATH: &str = "/content/patchmanifest.txt";
/// Where the mirrors are listed, on the host of the login.
pub const MIRRORS_PATH: &str = "/api/mirrors";
/// Scheme and host of the mirror that is there when none is listed.
pub const MIRROR: &str = "https://download.toontownrewritten.com";
/// Where the files are on [`MIRROR`].
pub const MIRROR_PATH: &str = "/patches/";

/// What every manifest that a login names is below.
const CONTENT: &str = "/content/";

/// Asks for the mirrors.
pub fn ask_mirrors() -> Request {
    Request::get(MIRRORS_PATH)
}

/// What the reply to [`ask_mirrors`] means: those that can be trusted, at most 16.
///
/// # Errors
/// When the server failed, or named none.
pub fn mirrors(reply: &Reply) -> Result<Vec<MirrorAddress>, Failure> {
    let List(told) = reply.read::<List<Lenient>>()?;
    let named = told
        .iter()
        .filter_map(|url| MirrorAddress::at(url.text()?, false));
    files::mirrors(named, reply)
}

/// Where the manifest is that a login named, on [`CDN`]; `.txt` is appended when missing.
///
/// # Errors
/// When it is anything but the plain path of a file below `/content/`: no host, no `..`, no query, no escape.
pub fn manifest_path(named: &str) -> Result<String, Error> {
    // Without reserved characters there is nothing to decode, now or on a server.
    let is_plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
    };
    let file = named
        .strip_prefix(CONTENT)
        .filter(|file| is_plain(file))
        .and_then(|file| Source::encoded(file).ok())
        .ok_or_else(|| {
            odd("was named by the login as something else than a file below /content/")
        })?;
    let wanted = file.path.rsplit('.').next();
    let ending = if wanted == Some("txt") { "" } else { ".txt" };
    Ok(format!("{CONTENT}{}{ending}", file.path))
}

/// What a manifest says that the files should be on a system.
///
/// # Errors
/// [`Error::Name`] when a file, or what is downloaded for it, is named so that it leads elsewhere;
/// [`Error::NotUnderstood`] when it is no manifest, or does not tell the hash and the download of a file of this system.
pub fn manifest(body: &[u8], system: System, rules: Rules) -> Result<Manifest, Error> {
    let Entries(Some(entries)) = read::<Entries<Object<Told>>>(body)? else {
        return Err(odd("is JSON, and no object of files"));
    };
    bounded(entries.len())?;
    let mut files = Vec::new();
    for (file, Object(told)) in entries {
        let name = name(&file, rules)?;
        let told = told.ok_or_else(|| lacks(&name, "hash"))?;
        if told.is_for(platforms(system, WIDE)) {
            files.push(told.wanted(name, system)?);
        }
    }
    whole(files, rules)
}

/// What the manifest calls a system, `wide` when it has 64 bits.
const fn platforms(system: System, wide: bool) -> &'static [&'static str] {
    match system {
        System::Linux => &["linux", "linux2"],
        System::MacOs => &["darwin"],
        System::Windows if wide => &["win64"],
        System::Windows => &["win32"],
    }
}

/// What the manifest tells of a file.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Told {
    dl: Lenient,
    hash: Lenient,
    comp_hash: Lenient,
    patches: Entries<Object<Offer>>,
    only: Option<List<Lenient>>,
}

impl Told {
    /// Whether the file is for one of these platforms; without a list it is for all.
    fn is_for(&self, platforms: &[&str]) -> bool {
        let is_one = |named: &Lenient| named.text().is_some_and(|named| platforms.contains(&named));
        self.only
            .as_ref()
            .is_none_or(|List(only)| only.iter().any(is_one))
    }

    fn wanted(self, name: Name, system: System) -> Result<Wanted, Error> {
        let hash = sha1(&self.hash).ok_or_else(|| lacks(&name, "hash"))?;
        let dl = self.dl.text().ok_or_else(|| lacks(&name, "download"))?;
        let source = Source::encoded(dl).map_err(|why| refused(dl, why))?;
        let offers = self.patches.0.into_iter().flatten();
        let patches = offers.filter_map(|(old, Object(offer))| {
            let old = Hash::whole(HashAlgorithm::Sha1, &old).ok()?;
            Some((old, offer?.patch()?))
        });
        Ok(Wanted {
            hash,
            size: None,
            is_program: is_program(&GAME, system, &name),
            packed: packed(source, &self.comp_hash),
            patches: patches.collect::<BTreeMap<_, _>>(),
            name,
        })
    }
}

/// What the manifest tells of a patch.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Offer {
    filename: Lenient,
    patch_hash: Lenient,
    comp_patch_hash: Lenient,
}

impl Offer {
    /// The patch; one that is not told right is as good as none, since the whole file is there too.
    fn patch(self) -> Option<Patch> {
        let source = Source::encoded(self.filename.text()?).ok()?;
        Some(Patch {
            packed: packed(source, &self.comp_patch_hash),
            hash: sha1(&self.patch_hash)?,
        })
    }
}

fn packed(source: Source, hash: &Lenient) -> Packed {
    Packed {
        source,
        packing: Packing::Bzip2,
        hash: sha1(hash),
    }
}

#[cfg(test)]
mod tests;
