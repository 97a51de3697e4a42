//! The manifests describe the files at both download servers.

use std::io::Read as _;

use super::*;
use crate::stand_in::Version;
use crate::stand_in::publisher::tests::{TestClient, is_a_name, sha1, text};
use crate::stand_in::static_site::encoded;

/// Checks the hashes of a compressed file, and returns its content.
fn content(packed: &[u8], entry: &Value) -> Vec<u8> {
    assert_eq!(sha1(packed), text(entry, "compressed_sha1"));
    let mut content = Vec::new();
    let read = flate2::read::GzDecoder::new(packed).read_to_end(&mut content);
    read.expect("gzip");
    assert_eq!(sha1(&content), text(entry, "sha1"));
    content
}

/// Returns the prefix of a server's paths from the metadata.
fn prefix(server: &Value) -> String {
    let base = text(server, "base_url");
    let prefix = base.strip_prefix("http://127.0.0.1:1");
    prefix.expect("the stand-in server").to_owned()
}

#[test]
fn every_file_is_as_the_manifest_says_at_both_servers() {
    let servers = servers("127.0.0.1:1");
    assert!(text(&servers[0], "name").contains("cloudflare"));
    assert!(!text(&servers[1], "name").contains("cloudflare"));
    for version in [Version::First, Version::Second] {
        let mut client = TestClient::new(CATALOG, version);
        for (platform, count) in [("windows", 1), ("macos", 1), ("resources", 7)] {
            let manifest = client.page(&format!("{MANIFESTS}{platform}"));
            let files = manifest["files"].as_array().expect("an array");
            assert_eq!(files.len(), count);
            for entry in files {
                let path = text(entry, "filePath");
                let plain = path.replace('\\', "/");
                is_a_name(&plain);
                assert_eq!(plain.rsplit('/').next(), Some(&text(entry, "fileName")[..]));
                let by_path = format!("{}{platform}/{}.gz", prefix(&servers[0]), encoded(&plain));
                let key = sha1(format!("{path}{platform}").as_bytes());
                let by_key = format!("{}{key}", prefix(&servers[1]));
                let [one, other] = [by_path, by_key].map(|it| content(&client.bytes(&it), entry));
                assert_eq!(one, other);
            }
        }
    }
}

#[test]
fn some_paths_have_the_separators_of_windows() {
    let mut client = TestClient::new(CATALOG, Version::Second);
    let manifest = client.page(&format!("{MANIFESTS}resources")).to_string();
    assert!(
        manifest.contains(r"resources\\default\\phase_5.mf"),
        "{manifest}"
    );
}
