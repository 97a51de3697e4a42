//! What everybody may have, and how it is asked for.

use std::io::Read as _;

use serde_json::Value;

use super::*;
use crate::manifest::{FileName, HashAlgorithm, NameRules};
use crate::stand_in::Version;
use crate::stand_in::release::release;
use crate::stand_in::shelf::hash;

/// A publisher, asked by a test.
pub(crate) struct Asked(Publisher);

impl Asked {
    /// One that publishes a version of everything in `catalog`.
    pub(crate) fn new(catalog: Catalog, version: Version) -> Self {
        Self(Publisher::new(catalog, release(version), Fault::NONE))
    }

    /// The bytes at a path, which is percent-encoded.
    #[track_caller]
    pub(crate) fn bytes(&mut self, path: &str) -> Vec<u8> {
        assert!(self.0.serves(path), "{path}");
        let answer = self.0.answer(&request(path), Duration::ZERO);
        assert_eq!(
            (answer.status, self.0.complaints()),
            (200, &[][..]),
            "{path}"
        );
        answer.parcel.expect("a parcel").bytes.to_vec()
    }

    /// The JSON at a path.
    #[track_caller]
    pub(crate) fn page(&mut self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path)).expect("JSON")
    }
}

/// The text at a key.
#[track_caller]
pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().expect("a text").to_owned()
}

pub(crate) fn sha1(bytes: &[u8]) -> String {
    hash(HashAlgorithm::Sha1, bytes)
}

/// What was packed with bzip2.
#[track_caller]
pub(crate) fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let read = bzip2::read::BzDecoder::new(bytes).read_to_end(&mut content);
    read.expect("bzip2");
    content
}

/// A name that files may have on every system.
#[track_caller]
pub(crate) fn is_a_name(name: &str) {
    let rules = NameRules {
        ignores_case: true,
        has_devices: true,
    };
    assert!(FileName::new(name, rules).is_ok(), "{name}");
}

fn request(path: &str) -> Received {
    Received {
        method: "GET".to_owned(),
        path: path.to_owned(),
        user_agent: "playcookie/0 (+https://example.com)".to_owned(),
        ..Received::default()
    }
}

fn publisher(fault: Fault) -> Publisher {
    Publisher::new(tlopo::files::CATALOG, release(Version::Second), fault)
}

const FILE: &str = "/linux2/phase_3.mf.bz2";

#[test]
fn what_is_asked_wrongly_is_complained_about() {
    let good = request(FILE);
    let wrong = [
        Received {
            method: "HEAD".to_owned(),
            ..good.clone()
        },
        Received {
            user_agent: "curl/8".to_owned(),
            ..good.clone()
        },
        Received {
            query: "v=1".to_owned(),
            ..good.clone()
        },
        Received {
            authorization: "Bearer x".to_owned(),
            ..good.clone()
        },
        Received {
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
            (answer.status, publisher.complaints().len()),
            (400, 1),
            "{request:?}"
        );
    }
    let mut publisher = publisher(Fault::NONE);
    assert_eq!(publisher.answer(&good, Duration::ZERO).status, 200);
    assert_eq!(publisher.complaints(), Vec::<String>::new());
}

#[test]
fn what_is_not_published_is_not_there() {
    for path in [
        "/linux2/phase_6.mf.bz2",
        "/linux2/phase_3.mf",
        "/linux2/phase%25203/%25C3%25A4.mf.bz2",
    ] {
        let mut publisher = publisher(Fault::NONE);
        let answer = publisher.answer(&request(path), Duration::ZERO);
        assert_eq!(
            (answer.status, publisher.complaints().len()),
            (404, 1),
            "{path}"
        );
    }
}

#[test]
fn the_first_files_arrive_damaged_by_one_byte_and_pages_never_do() {
    let mut publisher = publisher(Fault {
        corrupt: 2,
        ..Fault::NONE
    });
    let mut bytes = |path: &str, range: &str| {
        let request = Received {
            range: range.to_owned(),
            ..request(path)
        };
        let answer = publisher.answer(&request, Duration::ZERO);
        answer.parcel.expect("a parcel").bytes
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
    let mut told = |path| publisher.answer(&request(path), Duration::ZERO).fault;
    assert_eq!(told(FILE), fault);
    assert_eq!(told("/linux2/patcher.json"), Fault::NONE);
}

#[test]
fn no_two_games_publish_at_one_path() {
    let places: Vec<_> = CATALOGS.iter().flat_map(|catalog| catalog.places).collect();
    for (at, place) in places.iter().enumerate() {
        let others = places.iter().enumerate().filter(|(other, _)| *other != at);
        assert!(
            { others }.all(|(_, other)| !other.starts_with(*place)),
            "{place}"
        );
    }
}
