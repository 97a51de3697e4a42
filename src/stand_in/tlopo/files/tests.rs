//! The manifests describe the files.

use super::*;
use crate::stand_in::Version;
use crate::stand_in::publisher::tests::{TestClient, is_a_name, text, unpacked};
use crate::stand_in::static_site::encoded;

#[test]
fn every_file_of_every_system_is_as_the_manifest_says() {
    for version in [Version::First, Version::Second] {
        let mut client = TestClient::new(CATALOG, version);
        for (platform, program) in PROGRAMS {
            let manifest = client.page(&format!("/{platform}/patcher.json"));
            let files = manifest["files"].as_object().expect("an object");
            assert_eq!(files.len(), 8);
            assert!(files.contains_key(*program));
            for (name, entry) in files {
                is_a_name(name);
                let packed = client.bytes(&encoded(&format!("/{platform}/{name}.bz2")));
                let hash = hash(HashAlgorithm::Sha256, &unpacked(&packed));
                assert_eq!(hash.get(..7), Some(&text(entry, "hash")[..]), "{name}");
                let folder = text(entry, "path");
                let rest = name.strip_prefix(&folder).expect("below its folder");
                assert_eq!(rest.matches('/').count(), usize::from(!folder.is_empty()));
            }
        }
    }
}
