//! The files of Toontown Rewritten: one manifest for all systems, mirrors, and patches.

use serde_json::{Map, Value, json};

use crate::games::ttr::GAME;
use crate::manifest::HashAlgorithm;
use crate::stand_in::diff::{bzip2, patch};
use crate::stand_in::publisher::Catalog;
use crate::stand_in::release::{Release, ReleaseFile};
use crate::stand_in::static_site::{FileKind, StaticFile, StaticSite, encoded, hash};

/// The published files.
pub(crate) const CATALOG: Catalog = Catalog {
    prefixes: &[MANIFEST, MIRRORS, PATCHES],
    site,
};

const MANIFEST: &str = "/content/patchmanifest.txt";
const MIRRORS: &str = "/api/mirrors";
const PATCHES: &str = "/patches/";
/// The names of all systems.
const SYSTEMS: &[&str] = &["darwin", "linux", "linux2", "win32", "win64"];
/// The game's program on each system.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("TTREngine", &["linux", "linux2"]),
    ("TTREngine64.exe", &["win64"]),
    ("TTREngine.exe", &["win32"]),
    (
        "Toontown Rewritten.app/Contents/MacOS/TTREngine",
        &["darwin"],
    ),
];

fn site(release: &Release) -> StaticSite {
    let mut site = StaticSite::default();
    let mut manifest = Map::new();
    for (index, file) in release.common().into_iter().enumerate() {
        let mut entry = entry(&mut site, &file);
        // An entry without `only` is for all systems, as is one with all of them.
        if index % 2 == 0 {
            entry.insert("only".to_owned(), json!(SYSTEMS));
        }
        manifest.insert(file.name, entry.into());
    }
    for (name, only) in PROGRAMS {
        let mut entry = entry(&mut site, &release.program(name, &GAME));
        entry.insert("only".to_owned(), json!(only));
        manifest.insert((*name).to_owned(), entry.into());
    }
    let mirrors = json!([format!("http://{}{PATCHES}", release.address)]);
    site.insert_document(MANIFEST, "text/plain", &manifest.into(), release.version);
    site.insert_document(MIRRORS, "application/json", &mirrors, release.version);
    site
}

/// Publishes a file and the patch from its previous content, and returns its entry in the manifest.
fn entry(site: &mut StaticSite, file: &ReleaseFile) -> Map<String, Value> {
    let sha1 = |bytes: &[u8]| hash(HashAlgorithm::Sha1, bytes);
    let whole = sha1(&file.content);
    let name = format!("{}.{}", file.name, start(&whole, 10));
    let mut publish = |name: &str, content: &[u8]| {
        let bytes = bzip2(content);
        let packed = sha1(&bytes);
        let (kind, modified) = (FileKind::File, file.since.date());
        let download = StaticFile {
            bytes,
            kind,
            modified,
        };
        site.insert(format!("{PATCHES}{name}"), download);
        packed
    };
    let dl = format!("{name}.bz2");
    let packed = publish(&dl, &file.content);
    let mut patches = Map::new();
    if let Some(previous) = &file.previous {
        let (from, patch) = (sha1(previous), patch(previous, &file.content));
        let filename = format!("{name}_from_{}.bsdiff.bz2", start(&from, 5));
        let packed = publish(&filename, &patch);
        let entry = json!({
            "filename": encoded(&filename),
            "patchHash": sha1(&patch),
            "compPatchHash": packed,
        });
        patches.insert(from, entry);
    }
    let entry = [
        ("dl", encoded(&dl).into()),
        ("hash", whole.into()),
        ("compHash", packed.into()),
        ("patches", patches.into()),
    ];
    let entry = entry.into_iter();
    entry.map(|(key, value)| (key.to_owned(), value)).collect()
}

fn start(hash: &str, digits: usize) -> &str {
    hash.get(..digits).unwrap_or(hash)
}

#[cfg(test)]
mod tests;
