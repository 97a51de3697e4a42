//! Requests for published files.

use std::io::Read as _;

use serde_json::Value;

use super::*;
use crate::manifest::{FileName, HashAlgorithm, NameRules};
use crate::stand_in::Version;
use crate::stand_in::release::release;
use crate::stand_in::static_site::hash;

/// A client of a publisher.
pub(crate) struct TestClient(Publisher);

impl TestClient {
    /// Creates a client of a publisher of `catalog`.
    pub(crate) fn new(catalog: Catalog, version: Version) -> Self {
        Self(Publisher::new(catalog, release(version), Fault::NONE))
    }

    /// Downloads a percent-encoded path.
    #[track_caller]
    pub(crate) fn bytes(&mut self, path: &str) -> Vec<u8> {
        assert!(self.0.serves(path), "{path}");
        let answer = self.0.answer(&request(path), Duration::ZERO);
        assert_eq!(
            (answer.status, self.0.violations()),
            (200, &[][..]),
            "{path}"
        );
        answer.content.expect("a parcel").bytes.to_vec()
    }

    /// Downloads the JSON at a path.
    #[track_caller]
    pub(crate) fn page(&mut self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path)).expect("JSON")
    }
}

/// Returns the text at a key.
#[track_caller]
pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().expect("a text").to_owned()
}

pub(crate) fn sha1(bytes: &[u8]) -> String {
    hash(HashAlgorithm::Sha1, bytes)
}

/// Decompresses bytes with bzip2.
#[track_caller]
pub(crate) fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let read = bzip2::read::BzDecoder::new(bytes).read_to_end(&mut content);
    read.expect("bzip2");
    content
}

/// Checks that files may have a name on every system.
#[track_caller]
pub(crate) fn is_a_name(name: &str) {
    let rules = NameRules {
        ignores_case: true,
        has_devices: true,
    };
    assert!(FileName::new(name, rules).is_ok(), "{name}");
}

fn request(path: &str) -> ServerRequest {
    ServerRequest {
        method: "GET".to_owned(),
        path: path.to_owned(),
        user_agent: "playcookie/0 (+https://example.com)".to_owned(),
        ..ServerRequest::default()
    }
}

fn publisher(fault: Fault) -> Publisher {
    Publisher::new(tlopo::files::CATALOG, release(Version::Second), fault)
}

const FILE: &str = "/linux2/phase_3.mf.bz2";

#[test]
fn wrong_requests_are_violations() {
    let good = request(FILE);
    let wrong = [
        ServerRequest {
            method: "HEAD".to_owned(),
            ..good.clone()
        },
        ServerRequest {
            user_agent: "curl/8".to_owned(),
            ..good.clone()
        },
        ServerRequest {
            query: "v=1".to_owned(),
            ..good.clone()
        },
        ServerRequest {
            authorization: "Bearer x".to_owned(),
            ..good.clone()
        },
        ServerRequest {
            if_range: "\"x\"".to_owned(),
            ..good.clone()
        },
        request("/linux2/../linux2/tlopo.bz2"),
        request("/linux2/%2E%2e/linux2/tlopo.bz2"),
        request("/linux2//tlopo.bz2"),
        request("/linux2/phase%203/ä.mf.bz2"),
    ];
    for request in wrong {
        let mut publisher = publisher(Fault::NONE);
        let answer = publisher.answer(&request, Duration::ZERO);
        assert_eq!(
            (answer.status, publisher.violations().len()),
            (400, 1),
            "{request:?}"
        );
    }
    let mut publisher = publisher(Fault::NONE);
    assert_eq!(publisher.answer(&good, Duration::ZERO).status, 200);
    assert_eq!(publisher.violations(), Vec::<String>::new());
}

#[test]
fn other_paths_are_not_found() {
    for path in [
        "/linux2/phase_6.mf.bz2",
        "/linux2/phase_3.mf",
        "/linux2/phase%25203/%25C3%25A4.mf.bz2",
    ] {
        let mut publisher = publisher(Fault::NONE);
        let answer = publisher.answer(&request(path), Duration::ZERO);
        assert_eq!(
            (answer.status, publisher.violations().len()),
            (404, 1),
            "{path}"
        );
    }
}

#[test]
fn the_first_files_are_damaged_in_one_byte_and_documents_are_not() {
    let mut publisher = publisher(Fault {
        corrupt: 2,
        ..Fault::NONE
    });
    let mut bytes = |path: &str, range: &str| {
        let request = ServerRequest {
            range: range.to_owned(),
            ..request(path)
        };
        let answer = publisher.answer(&request, Duration::ZERO);
        answer.content.expect("a parcel").bytes
    };
    let page = bytes("/linux2/patcher.json", "");
    assert!(serde_json::from_slice::<Value>(&page).is_ok());
    let [first, rest, whole] = [bytes(FILE, ""), bytes(FILE, "bytes=9-"), bytes(FILE, "")];
    let differ = |one: &[u8], other: &[u8]| {
        assert_eq!(one.len(), other.len());
        one.iter().zip(other).filter(|(a, b)| a != b).count()
    };
    assert_eq!([differ(&first, &whole), differ(&rest, &whole[9..])], [1, 1]);
    assert_eq!(bytes("/linux2/patcher.json", ""), page);
    unpacked(&whole);
}

#[test]
fn only_files_are_cut_off() {
    let fault = Fault {
        cut: Some(10),
        ..Fault::NONE
    };
    let mut publisher = publisher(fault);
    let mut faults = |path| publisher.answer(&request(path), Duration::ZERO).fault;
    assert_eq!(faults(FILE), fault);
    assert_eq!(faults("/linux2/patcher.json"), Fault::NONE);
}

#[test]
fn no_two_games_publish_at_the_same_path() {
    let prefixes: Vec<_> = CATALOGS
        .iter()
        .flat_map(|catalog| catalog.prefixes)
        .collect();
    for (at, prefix) in prefixes.iter().enumerate() {
        let others = prefixes
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        assert!(
            { others }.all(|(_, other)| !other.starts_with(*prefix)),
            "{prefix}"
        );
    }
}
