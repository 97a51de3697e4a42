//! The files of The Legend of Pirates Online: a manifest for each system, and compressed files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::games::tlopo::GAME;
use crate::manifest::HashAlgorithm;
use crate::stand_in::diff::bzip2;
use crate::stand_in::publisher::Catalog;
use crate::stand_in::release::{Release, ReleaseFile};
use crate::stand_in::static_site::{FileKind, StaticFile, StaticSite, hash};

/// The published files.
pub(crate) const CATALOG: Catalog = Catalog {
    prefixes: &["/win32/", "/win64/", "/mac/", "/linux2/"],
    site,
};

/// The game's program on each system.
const PROGRAMS: &[(&str, &str)] = &[
    ("win32", "tlopo.exe"),
    ("win64", "tlopo.exe"),
    ("mac", "The Legend of Pirates Online"),
    ("linux2", "tlopo"),
];

fn site(release: &Release) -> StaticSite {
    let mut site = StaticSite::default();
    let common: Vec<_> = release.common().iter().map(published).collect();
    for (platform, name) in PROGRAMS {
        let program = published(&release.program(name, &GAME));
        let mut files = BTreeMap::new();
        for (name, entry, download) in common.iter().chain([&program]) {
            site.insert(format!("/{platform}/{name}.bz2"), download.clone());
            files.insert(name, entry);
        }
        let manifest = json!({
            "files": files,
            "launcher-version": "1.0.0",
            "server-version": "rehearsal",
        });
        let path = format!("/{platform}/patcher.json");
        site.insert_document(&path, "application/json", &manifest, release.version);
    }
    site
}

/// Returns a file's name, its entry in the manifest, and its download.
fn published(file: &ReleaseFile) -> (String, Value, StaticFile) {
    let hash = hash(HashAlgorithm::Sha256, &file.content);
    let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let entry = json!({
        "path": folder,
        "hash": hash.get(..7),
        "patches": [],
    });
    let download = StaticFile {
        bytes: bzip2(&file.content),
        kind: FileKind::File,
        modified: file.since.date(),
    };
    (file.name.clone(), entry, download)
}

#[cfg(test)]
mod tests;
