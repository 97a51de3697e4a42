use proptest::prelude::*;

use super::*;
use crate::manifest::{Hasher, ManifestFile, NameRules, PackedFile, Packing, Source};

/// The time when the metadata were read.
const SEEN: Duration = Duration::from_secs(1_000_000);
/// A much earlier time, in nanoseconds.
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
fn a_file_with_the_same_metadata_has_the_same_hash() {
    let cache = cache();
    let cached = |file, algorithm| cache.get(&name(file), &STAT, algorithm);
    assert_eq!(
        cached("a", HashAlgorithm::Sha1),
        Some(hash(HashAlgorithm::Sha1))
    );
    assert_eq!(
        cached("b/ü", HashAlgorithm::Sha256),
        Some(hash(HashAlgorithm::Sha256))
    );
    assert_eq!(cached("a", HashAlgorithm::Sha256), None);
    assert_eq!(cached("c", HashAlgorithm::Sha1), None);
}

#[test]
fn a_file_with_other_metadata_has_no_entry() {
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
fn a_file_that_was_just_changed_is_not_added() {
    let seen = i64::try_from(SEEN.as_nanos()).expect("a time");
    let millisecond = 1_000_000;
    let is_added = |modified: i64, changed: i64| {
        let stat = Stat {
            modified,
            changed,
            ..STAT
        };
        let mut cache = cache();
        cache.put(&name("a"), stat, hash(HashAlgorithm::Sha1), SEEN);
        let added = cache.get(&name("a"), &stat, HashAlgorithm::Sha1).is_some();
        let old = cache.get(&name("a"), &STAT, HashAlgorithm::Sha1).is_some();
        assert!(!old, "the old entry is removed in any case");
        added
    };
    let long_before = LONG_BEFORE - 1;
    assert!(is_added(seen - 51 * millisecond, seen - 51 * millisecond));
    assert!(!is_added(seen - 50 * millisecond, long_before));
    assert!(!is_added(long_before, seen - 50 * millisecond));
    assert!(!is_added(long_before, seen + millisecond));
    // Timestamps in whole seconds.
    assert!(!is_added(long_before, seen - 1000 * millisecond));
    assert!(is_added(long_before, seen - 3000 * millisecond));
    assert!(!is_added(i64::MAX, i64::MAX) && is_added(i64::MIN, i64::MIN));
}

#[test]
fn the_start_of_a_hash_is_not_added() {
    let mut cache = Cache::default();
    let start = Hash::prefix(HashAlgorithm::Sha256, "0123abc").expect("a start");
    cache.put(&name("a"), STAT, start, SEEN);
    assert_eq!(cache, Cache::default());
}

#[test]
fn a_written_cache_is_read() {
    for installed in [false, true] {
        let cache = Cache {
            installed,
            ..cache()
        };
        assert_eq!(Cache::parse(&cache.to_json(cache.installed)), cache);
    }
    let text = String::from_utf8(cache().to_json(false)).expect("text");
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
fn invalid_content_and_other_versions_are_an_empty_cache() {
    let text = String::from_utf8(cache().to_json(false)).expect("text");
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
fn only_files_of_the_manifest_are_retained() {
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
    assert_eq!(cache.entries.keys().collect::<Vec<_>>(), ["b/ü"]);
}

#[test]
fn the_file_is_in_the_state_directory_and_installed_stays_set() {
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
    let file = home.path().join("state/files-0123.json");
    assert!(file.exists());
    assert_eq!(Cache::load(&state, "4567"), Cache::default());

    // Another process that loaded the cache before.
    cache().store(&state, "0123").expect("written");
    assert_eq!(Cache::load(&state, "0123"), installed);

    // What has not changed is not written: the lock is not taken.
    let lock = file.with_extension("json.lock");
    std::fs::remove_file(&lock).expect("a lock");
    installed.store(&state, "0123").expect("nothing to write");
    assert!(!lock.exists());
}

proptest! {
    #[test]
    fn no_content_causes_a_panic(content in any::<Vec<u8>>()) {
        let _ = Cache::parse(&content);
    }

    #[test]
    fn a_file_with_a_wrong_byte_or_end_is_harmless(at in 0_usize..200, byte in any::<u8>(), cut in any::<bool>()) {
        let mut content = cache().to_json(false);
        let at = at % content.len();
        content[at] = byte;
        if cut {
            content.truncate(at);
        }
        let parsed = Cache::parse(&content);
        prop_assert!(parsed == Cache::default() || !cut);
        prop_assert!(parsed.entries.len() <= 2);
    }

    #[test]
    fn all_metadata_are_preserved(size in any::<u64>(), modified in ..0_i64, changed in ..0_i64, inode in any::<u64>()) {
        let stat = Stat { size, modified, changed, inode };
        let mut cache = Cache::default();
        cache.put(&name("a"), stat, hash(HashAlgorithm::Sha1), SEEN);
        prop_assert_eq!(&Cache::parse(&cache.to_json(cache.installed)), &cache);
        prop_assert!(cache.get(&name("a"), &stat, HashAlgorithm::Sha1).is_some());
    }
}

#[test]
fn names_of_installed_files_are_read_from_older_caches_and_stay_below_the_directory() {
    let hash = "a".repeat(40);
    let names = |installed: bool, others: &str| {
        let text = format!(
            r#"{{"version":1,"installed":{installed},"files":[["a.mf",1,2,3,4,"{hash}"]]{others}}}"#
        );
        let cache = Cache::parse(text.as_bytes());
        let names = cache.installed_names().map(|name| name.as_str().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(true, ""), ["a.mf"]);
    assert_eq!(
        names(true, r#","others":["b/c","../d","/e"]"#),
        ["a.mf", "b/c"]
    );
    assert_eq!(names(false, ""), [""; 0]);
}
