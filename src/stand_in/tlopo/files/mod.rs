//! The files of The Legend of Pirates Online's stand-in: a manifest for each system, and whole files below it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::games::tlopo::GAME;
use crate::manifest::HashAlgorithm;
use crate::stand_in::diff::bzip2;
use crate::stand_in::publisher::Catalog;
use crate::stand_in::release::{Item, Release};
use crate::stand_in::shelf::{Article, Kind, Shelf, hash};

/// All of it.
pub(crate) const CATALOG: Catalog = Catalog {
    places: &["/win32/", "/win64/", "/mac/", "/linux2/"],
    shelf,
};

/// The game's program on each system.
const PROGRAMS: &[(&str, &str)] = &[
    ("win32", "tlopo.exe"),
    ("win64", "tlopo.exe"),
    ("mac", "The Legend of Pirates Online"),
    ("linux2", "tlopo"),
];

fn shelf(release: &Release) -> Shelf {
    let mut shelf = Shelf::default();
    let common: Vec<_> = release.common().iter().map(published).collect();
    for (platform, name) in PROGRAMS {
        let program = published(&release.program(name, &GAME));
        let mut files = BTreeMap::new();
        for (name, entry, article) in common.iter().chain([&program]) {
            shelf.put(format!("/{platform}/{name}.bz2"), article.clone());
            files.insert(name, entry);
        }
        let manifest = json!({
            "files": files,
            "launcher-version": "1.0.0",
            "server-version": "rehearsal",
        });
        let path = format!("/{platform}/patcher.json");
        shelf.page(&path, "application/json", &manifest, release.version);
    }
    shelf
}

/// A file's name, what is said of it, and how it is downloaded.
fn published(item: &Item) -> (String, Value, Article) {
    let hash = hash(HashAlgorithm::Sha256, &item.content);
    let folder = item.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let entry = json!({
        "path": folder,
        "hash": hash.get(..7),
        "patches": [],
    });
    let article = Article {
        bytes: bzip2(&item.content),
        kind: Kind::File,
        modified: item.since.date(),
    };
    (item.name.clone(), entry, article)
}

#[cfg(test)]
mod tests;
