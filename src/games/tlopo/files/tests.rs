use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::files::MAX_FILES;
use crate::games::files::testing::{LINUX, UNSAFE_NAMES, WINDOWS, assert_contained, names};
use crate::games::mutation::mutated;
use crate::manifest::FileNameError;

/// The sample of the protocol's page.
const SAMPLE: &str = r#"{"files":{"resources/default/phase_3.mf":{"path":"resources/default","hash":"5da15c4",
    "patches":[{"x":[null]}]},"tlopo":{"path":"","hash":"0123ABC","patches":[]}},
    "launcher-version":"1.4.1","server-version":"tlopo-v2.0"}"#;

fn of(body: &str) -> Result<Manifest, Error> {
    manifest(body.as_bytes(), Build::of(System::Linux), LINUX)
}

fn file(name: &str, entry: &Value) -> Result<Manifest, Error> {
    of(&json!({"files": {name: entry}}).to_string())
}

#[test]
fn the_sample_is_read() {
    let manifest = of(SAMPLE).expect("a manifest");
    let prefix = |digits| Hash::prefix(HashAlgorithm::Sha256, digits).expect("a hash");
    let wanted = |name: &str, hash, is_executable| ManifestFile {
        name: FileName::new(name, LINUX).expect("a name"),
        hash: prefix(hash),
        size: None,
        is_executable,
        packed: PackedFile {
            source: Source {
                path: format!("linux2/{name}.bz2"),
                key: None,
            },
            packing: Packing::Bzip2,
            hash: None,
        },
        patches: BTreeMap::new(),
    };
    assert_eq!(
        manifest.files,
        [
            wanted("resources/default/phase_3.mf", "5da15c4", false),
            wanted("tlopo", "0123abc", true),
        ]
    );
}

#[test]
fn each_system_has_its_own_directory() {
    let path = |system, is_64_bit| manifest_path(Build { system, is_64_bit });
    for is_64_bit in [true, false] {
        assert_eq!(path(System::MacOs, is_64_bit), "/mac/patcher.json");
        assert_eq!(path(System::Linux, is_64_bit), "/linux2/patcher.json");
    }
    assert_eq!(path(System::Windows, true), "/win64/patcher.json");
    assert_eq!(path(System::Windows, false), "/win32/patcher.json");
}

#[test]
fn a_name_is_encoded_once_and_never_decoded() {
    for (name, path) in [
        (
            "The Legend of Pirates Online",
            "The%20Legend%20of%20Pirates%20Online.bz2",
        ),
        ("a/%2e%2e/b?", "a/%252e%252e/b%3F.bz2"),
        ("%2f", "%252f.bz2"),
        ("%00", "%2500.bz2"),
        ("ü", "%C3%BC.bz2"),
    ] {
        let manifest = file(name, &json!({"hash": "5da15c4"})).expect(name);
        assert_eq!(
            manifest.files[0].packed.source.path,
            format!("linux2/{path}")
        );
        assert_eq!(manifest.files[0].name.as_str(), name);
    }
}

#[test]
fn a_name_that_is_not_allowed_invalidates_the_manifest() {
    for rules in [LINUX, WINDOWS] {
        for name in UNSAFE_NAMES {
            let body = json!({"files": {"a": {"hash": "5da15c4"}, name: {"hash": "5da15c4"}}});
            let error = manifest(body.to_string().as_bytes(), Build::of(System::Linux), rules);
            assert!(matches!(error, Err(Error::Name { .. })), "{name:?}");
        }
    }
    let twice = json!({"files": {"a": {"hash": "5da15c4"}, "A": {"hash": "5da15c4"}}}).to_string();
    assert_eq!(
        manifest(twice.as_bytes(), Build::of(System::Windows), WINDOWS),
        Err(Error::Name {
            name: "a".to_owned(),
            why: FileNameError::Duplicate
        })
    );
}

#[test]
fn a_file_without_a_hash_is_not_understood() {
    for entry in [
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!({"hash": null}),
        json!({"hash": "5da15c"}),
        json!({"hash": "5da15cg"}),
        json!({"hash": ["5da15c4"]}),
        json!({"hash": 1e300}),
    ] {
        let expected = Err(Error::NotUnderstood("has no hash for a/b".to_owned()));
        assert_eq!(file("a/b", &entry), expected, "{entry}");
    }
    assert!(file("a", &json!({"hash": "A".repeat(64)})).is_ok());
    // Seven hex digits may all be decimal, so a server might send them as a number.
    assert!(file("a", &json!({"hash": 1_234_567})).is_ok());
}

#[test]
fn another_form_is_not_understood_and_not_repeated() {
    let deep = r#"{"files":"#.repeat(50_000);
    for body in [
        "",
        "null",
        "7",
        "[]",
        "{}",
        "<html>hunter2",
        "\"hunter2\"",
        r#"{"files":null}"#,
        r#"{"files":"hunter2"}"#,
        r#"{"files":{}}"#,
        r#"{"files":[]}"#,
        r#"{"files":[{"path":"x"}]}"#,
        &SAMPLE[..90],
        &deep,
    ] {
        let Err(Error::NotUnderstood(what)) = of(body) else {
            panic!("{body:.40}");
        };
        assert!(!what.contains("hunter2"), "{what}");
    }
    let files: Vec<String> = (0..=MAX_FILES)
        .map(|it| format!(r#""{it}":{{"hash":"5da15c4"}}"#))
        .collect();
    let many = of(&format!(r#"{{"files":{{{}}}}}"#, files.join(",")));
    assert!(matches!(many, Err(Error::NotUnderstood(what)) if what.contains("100000")));
}

proptest! {
    #[test]
    fn mutated_manifests_never_panic_and_stay_contained(body in mutated(vec![SAMPLE])) {
        for (system, rules) in [(System::Linux, LINUX), (System::Windows, WINDOWS)] {
            if let Ok(manifest) = manifest(&body, Build::of(system), rules) {
                assert_contained(&manifest);
            }
        }
    }

    #[test]
    fn every_allowed_name_is_contained(name in names()) {
        if let Ok(manifest) = file(&name, &json!({"hash": "5da15c4"})) {
            assert_contained(&manifest);
        }
    }
}
