//! The files of Toontown: Corporate Clash at two download servers, one with paths and one with keys.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::REALM;
use crate::games::ttcc::GAME;
use crate::manifest::HashAlgorithm;
use crate::stand_in::publisher::Catalog;
use crate::stand_in::release::{Release, ReleaseFile};
use crate::stand_in::static_site::{FileKind, StaticFile, StaticSite, hash};

/// The published files.
pub(crate) const CATALOG: Catalog = Catalog {
    prefixes: &[MANIFESTS, BY_PATH, BY_KEY],
    site,
};

const MANIFESTS: &str = "/api/v1/launcher/manifest/v3/production/";
const BY_PATH: &str = "/cloudflare/";
const BY_KEY: &str = "/storage/";

/// Returns the download servers as in the metadata for launchers.
pub(super) fn servers(address: &str) -> Value {
    let server = |id: u8, name: &str, prefix: &str| {
        json!({
            "id": id,
            "name": name,
            "base_url": format!("http://{address}{prefix}"),
            "realm": REALM,
        })
    };
    json!([
        server(1, "cloudflare-rehearsal", BY_PATH),
        server(2, "rehearsal", BY_KEY),
    ])
}

fn site(release: &Release) -> StaticSite {
    let mut site = StaticSite::default();
    let program = |name| vec![release.program(name, &GAME)];
    for (platform, files) in [
        ("windows", program("CorporateClash.exe")),
        ("macos", program("CorporateClash")),
        ("resources", release.common()),
    ] {
        let entries = files.iter().map(|file| entry(&mut site, file, platform));
        let manifest = json!({ "files": entries.collect::<Vec<_>>() });
        let path = format!("{MANIFESTS}{platform}");
        site.insert_document(&path, "application/json", &manifest, release.version);
    }
    site
}

/// Publishes a file at both servers, and returns its entry in the manifest.
fn entry(site: &mut StaticSite, file: &ReleaseFile, platform: &str) -> Value {
    let sha1 = |bytes: &[u8]| hash(HashAlgorithm::Sha1, bytes);
    // Some paths have the separators of Windows.
    let path = file
        .name
        .replace("resources/default/", "resources\\default\\");
    let download = StaticFile {
        bytes: gzip(&file.content),
        kind: FileKind::File,
        modified: file.since.date(),
    };
    let entry = json!({
        "fileName": file.name.rsplit('/').next(),
        "filePath": path,
        "sha1": sha1(&file.content),
        "compressed_sha1": sha1(&download.bytes),
    });
    let key = sha1(format!("{path}{platform}").as_bytes());
    site.insert(format!("{BY_KEY}{key}"), download.clone());
    site.insert(format!("{BY_PATH}{platform}/{}.gz", file.name), download);
    entry
}

/// Compresses bytes with gzip.
fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to a vector does not fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.unwrap_or_default().into()
}

#[cfg(test)]
mod tests;
