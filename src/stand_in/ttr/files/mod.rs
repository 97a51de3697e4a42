//! The files of Toontown Rewritten's stand-in: one manifest for every system, mirrors, and patches.

use serde_json::{Map, Value, json};

use crate::games::ttr::GAME;
use crate::manifest::HashAlgorithm;
use crate::stand_in::diff::{bzip2, patch};
use crate::stand_in::publisher::Catalog;
use crate::stand_in::release::{Item, Release};
use crate::stand_in::shelf::{Article, Kind, Shelf, encoded, hash};

/// All of it.
pub(crate) const CATALOG: Catalog = Catalog {
    places: &[MANIFEST, MIRRORS, PATCHES],
    shelf,
};

const MANIFEST: &str = "/content/patchmanifest.txt";
const MIRRORS: &str = "/api/mirrors";
const PATCHES: &str = "/patches/";
const EVERYWHERE: &[&str] = &["darwin", "linux", "linux2", "win32", "win64"];
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

fn shelf(release: &Release) -> Shelf {
    let mut shelf = Shelf::default();
    let mut manifest = Map::new();
    for (at, item) in release.common().into_iter().enumerate() {
        let mut entry = entry(&mut shelf, &item);
        // No platforms are all platforms: both are said, in turn.
        if at % 2 == 0 {
            entry.insert("only".to_owned(), json!(EVERYWHERE));
        }
        manifest.insert(item.name, entry.into());
    }
    for (name, only) in PROGRAMS {
        let mut entry = entry(&mut shelf, &release.program(name, &GAME));
        entry.insert("only".to_owned(), json!(only));
        manifest.insert((*name).to_owned(), entry.into());
    }
    let mirrors = json!([format!("http://{}{PATCHES}", release.address)]);
    shelf.page(MANIFEST, "text/plain", &manifest.into(), release.version);
    shelf.page(MIRRORS, "application/json", &mirrors, release.version);
    shelf
}

/// Publishes a file and the patch that makes it of the one before, and tells what is said of them.
fn entry(shelf: &mut Shelf, item: &Item) -> Map<String, Value> {
    let sha1 = |bytes: &[u8]| hash(HashAlgorithm::Sha1, bytes);
    let whole = sha1(&item.content);
    let name = format!("{}.{}", item.name, start(&whole, 10));
    let mut publish = |name: &str, content: &[u8]| {
        let bytes = bzip2(content);
        let packed = sha1(&bytes);
        let (kind, modified) = (Kind::File, item.since.date());
        let article = Article {
            bytes,
            kind,
            modified,
        };
        shelf.put(format!("{PATCHES}{name}"), article);
        packed
    };
    let dl = format!("{name}.bz2");
    let packed = publish(&dl, &item.content);
    let mut patches = Map::new();
    if let Some(older) = &item.older {
        let (from, patch) = (sha1(older), patch(older, &item.content));
        let filename = format!("{name}_from_{}.bsdiff.bz2", start(&from, 5));
        let packed = publish(&filename, &patch);
        let told = json!({
            "filename": encoded(&filename),
            "patchHash": sha1(&patch),
            "compPatchHash": packed,
        });
        patches.insert(from, told);
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
