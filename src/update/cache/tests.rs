use proptest::prelude::*;

use super::*;
use crate::manifest::{Hasher, ManifestFile, NameRules, PackedFile, Packing, Source};

/// When files were looked at.
const SEEN: Duration = Duration::from_secs(1_000_000);
/// In nanoseconds, well before.
const LONG_BEFORE: i64 = 900_000_123_456_789;

const STAT: Stat = Stat {
    size: 5,
    modified: LONG_BEFORE,
    changed: LONG_BEFORE + 1,
    inode: 7,
};

fn name(name: &str) -> FileName {
    FileName::new(name, NameRules::HERE).expect("a name")
}

fn hash(algorithm: HashAlgorithm) -> Hash {
    Hasher::new(algorithm).finish()
}

fn cache() -> Cache {
    let mut cache = Cache::default();
    cache.put(&name("a"), STAT, hash(HashAlgorithm::Sha1), SEEN);
    cache.put(&name("b/ü"), STAT, hash(HashAlgorithm::Sha256), SEEN);
    cache
}

#[test]
fn a_file_that_looks_the_same_has_the_same_hash() {
    let cache = cache();
    let known = |file, algorithm| cache.get(&name(file), &STAT, algorithm);
    assert_eq!(
        known("a", HashAlgorithm::Sha1),
        Some(hash(HashAlgorithm::Sha1))
    );
    assert_eq!(
        known("b/ü", HashAlgorithm::Sha256),
        Some(hash(HashAlgorithm::Sha256))
    );
    assert_eq!(known("a", HashAlgorithm::Sha256), None);
    assert_eq!(known("c", HashAlgorithm::Sha1), None);
}

#[test]
fn a_file_that_looks_different_in_anything_is_not_known() {
    let cache = cache();
    let different = [
        Stat { size: 6, ..STAT },
        Stat {
            modified: STAT.modified - 1,
            ..STAT
        },
        Stat {
            changed: STAT.changed + 1,
            ..STAT
        },
        Stat { inode: 8, ..STAT },
    ];
    for stat in different {
        assert_eq!(
            cache.get(&name("a"), &stat, HashAlgorithm::Sha1),
            None,
            "{stat:?}"
        );
    }
}

#[test]
fn a_file_that_was_just_changed_is_not_remembered() {
    let seen = i64::try_from(SEEN.as_nanos()).expect("a time");
    let millisecond = 1_000_000;
    let is_kept = |modified: i64, changed: i64| {
        let stat = Stat {
            modified,
            changed,
            ..STAT
        };
        let mut cache = cache();
        cache.put(&name("a"), stat, hash(HashAlgorithm::Sha1), SEEN);
        let known = cache.get(&name("a"), &stat, HashAlgorithm::Sha1).is_some();
        let old = cache.get(&name("a"), &STAT, HashAlgorithm::Sha1).is_some();
        assert!(!old, "the old entry is gone either way");
        known
    };
    let long_before = LONG_BEFORE - 1;
    assert!(is_kept(seen - 51 * millisecond, seen - 51 * millisecond));
    assert!(!is_kept(seen - 50 * millisecond, long_before));
    assert!(!is_kept(long_before, seen - 50 * millisecond));
    assert!(!is_kept(long_before, seen + millisecond));
    // A disk that tells whole seconds.
    assert!(!is_kept(long_before, seen - 1000 * millisecond));
    assert!(is_kept(long_before, seen - 3000 * millisecond));
    assert!(!is_kept(i64::MAX, i64::MAX) && is_kept(i64::MIN, i64::MIN));
}

#[test]
fn the_start_of_a_hash_is_not_remembered() {
    let mut cache = Cache::default();
    let start = Hash::prefix(HashAlgorithm::Sha256, "0123abc").expect("a start");
    cache.put(&name("a"), STAT, start, SEEN);
    assert_eq!(cache, Cache::default());
}

#[test]
fn what_is_written_is_read() {
    for installed in [false, true] {
        let cache = Cache {
            installed,
            ..cache()
        };
        assert_eq!(Cache::parse(&cache.to_json()), cache);
    }
    let text = String::from_utf8(cache().to_json()).expect("text");
    assert_eq!(
        text,
        format!(
            "{{\"version\":1,\"installed\":false,\"files\":[\
             [\"a\",5,900000123456789,900000123456790,7,\"{}\"],\
             [\"b/ü\",5,900000123456789,900000123456790,7,\"{}\"]]}}",
            hash(HashAlgorithm::Sha1),
            hash(HashAlgorithm::Sha256)
        )
    );
}

#[test]
fn what_is_broken_or_of_another_version_is_nothing() {
    let text = String::from_utf8(cache().to_json()).expect("text");
    for broken in [
        String::new(),
        "[]".to_owned(),
        text.replace("\"version\":1", "\"version\":2"),
        text.replace(",7,", ",-7,"),
        format!("{text}x"),
        text.replace("\"a\"", "1"),
    ] {
        assert_eq!(
            Cache::parse(broken.as_bytes()),
            Cache::default(),
            "{broken}"
        );
    }
    let digits = hash(HashAlgorithm::Sha1).to_string();
    let rest = Cache::parse(text.replace(&digits, &digits[..39]).as_bytes());
    assert_eq!(rest.get(&name("a"), &STAT, HashAlgorithm::Sha1), None);
    assert!(
        rest.get(&name("b/ü"), &STAT, HashAlgorithm::Sha256)
            .is_some()
    );
}

#[test]
fn only_the_files_of_a_manifest_are_kept() {
    let mut cache = cache();
    let file = ManifestFile {
        name: name("b/ü"),
        hash: hash(HashAlgorithm::Sha1),
        size: None,
        is_executable: false,
        packed: PackedFile {
            source: Source {
                path: String::new(),
                key: None,
            },
            packing: Packing::Gzip,
            hash: None,
        },
        patches: BTreeMap::new(),
    };
    cache.retain(&Manifest { files: vec![file] });
    assert_eq!(cache.files.keys().collect::<Vec<_>>(), ["b/ü"]);
}

#[test]
fn it_is_kept_in_the_state_directory_and_stays_installed() {
    let home = tempfile::tempdir().expect("a folder");
    let state = StateDirectory::at(home.path().join("state"));
    assert_eq!(Cache::load(&state, "0123"), Cache::default());
    Cache::default()
        .store(&state, "0123")
        .expect("nothing to write");
    assert!(!home.path().join("state").exists());

    let installed = Cache {
        installed: true,
        ..cache()
    };
    installed.store(&state, "0123").expect("written");
    assert_eq!(Cache::load(&state, "0123"), installed);
    assert!(home.path().join("state/files-0123.json").exists());
    assert_eq!(Cache::load(&state, "4567"), Cache::default());

    // Somebody who began before that.
    cache().store(&state, "0123").expect("written");
    assert_eq!(Cache::load(&state, "0123"), installed);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(content in any::<Vec<u8>>()) {
        let _ = Cache::parse(&content);
    }

    #[test]
    fn a_file_with_a_wrong_byte_or_end_does_no_harm(at in 0_usize..200, byte in any::<u8>(), cut in any::<bool>()) {
        let mut content = cache().to_json();
        let at = at % content.len();
        content[at] = byte;
        if cut {
            content.truncate(at);
        }
        let known = Cache::parse(&content);
        prop_assert!(known == Cache::default() || !cut);
        prop_assert!(known.files.len() <= 2);
    }

    #[test]
    fn every_look_survives(size in any::<u64>(), modified in ..0_i64, changed in ..0_i64, inode in any::<u64>()) {
        let stat = Stat { size, modified, changed, inode };
        let mut cache = Cache::default();
        cache.put(&name("a"), stat, hash(HashAlgorithm::Sha1), SEEN);
        prop_assert_eq!(&Cache::parse(&cache.to_json()), &cache);
        prop_assert!(cache.get(&name("a"), &stat, HashAlgorithm::Sha1).is_some());
    }
}
