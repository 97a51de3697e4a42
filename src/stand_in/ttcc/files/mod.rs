//! The files of Toontown: Corporate Clash's stand-in, and two download servers: one knows them by paths, one by keys.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::REALM;
use crate::games::ttcc::GAME;
use crate::manifest::HashAlgorithm;
use crate::stand_in::publisher::Catalog;
use crate::stand_in::release::{Item, Release};
use crate::stand_in::shelf::{Article, Kind, Shelf, hash};

/// All of it.
pub(crate) const CATALOG: Catalog = Catalog {
    places: &[MANIFESTS, BY_PATH, BY_KEY],
    shelf,
};

const MANIFESTS: &str = "/api/v1/launcher/manifest/v3/production/";
const BY_PATH: &str = "/cloudflare/";
const BY_KEY: &str = "/storage/";

/// The download servers, as the metadata tells them to launchers.
pub(super) fn servers(address: &str) -> Value {
    let server = |id: u8, name: &str, place: &str| {
        json!({
            "id": id,
            "name": name,
            "base_url": format!("http://{address}{place}"),
            "realm": REALM,
        })
    };
    json!([
        server(1, "cloudflare-rehearsal", BY_PATH),
        server(2, "rehearsal", BY_KEY),
    ])
}

fn shelf(release: &Release) -> Shelf {
    let mut shelf = Shelf::default();
    let program = |name| vec![release.program(name, &GAME)];
    for (platform, items) in [
        ("windows", program("CorporateClash.exe")),
        ("macos", program("CorporateClash")),
        ("resources", release.common()),
    ] {
        let entries = items.iter().map(|item| entry(&mut shelf, item, platform));
        let manifest = json!({ "files": entries.collect::<Vec<_>>() });
        let path = format!("{MANIFESTS}{platform}");
        shelf.page(&path, "application/json", &manifest, release.version);
    }
    shelf
}

/// Publishes a file at both servers, and tells what is said of it.
fn entry(shelf: &mut Shelf, item: &Item, platform: &str) -> Value {
    let sha1 = |bytes: &[u8]| hash(HashAlgorithm::Sha1, bytes);
    // Some paths are written as Windows writes them.
    let path = item
        .name
        .replace("resources/default/", "resources\\default\\");
    let article = Article {
        bytes: gzip(&item.content),
        kind: Kind::File,
        modified: item.since.date(),
    };
    let entry = json!({
        "fileName": item.name.rsplit('/').next(),
        "filePath": path,
        "sha1": sha1(&item.content),
        "compressed_sha1": sha1(&article.bytes),
    });
    let key = sha1(format!("{path}{platform}").as_bytes());
    shelf.put(format!("{BY_KEY}{key}"), article.clone());
    shelf.put(format!("{BY_PATH}{platform}/{}.gz", item.name), article);
    entry
}

/// Bytes, packed with gzip.
fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to a vector does not fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.unwrap_or_default().into()
}

#[cfg(test)]
mod tests;
