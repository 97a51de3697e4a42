use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::files::MAX_FILES;
use crate::games::files::testing::{LINUX, UNSAFE_NAMES, WINDOWS, assert_contained, names};
use crate::games::mutation::mutated;
use crate::manifest::{FileName, FileNameError, Hash};

const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
const OTHER: &str = "84983e441c3bd26ebaae4aa1f95129e5e54670f1";
const PROGRAMS: &str = r#"{"files":[{"fileName":"CorporateClash.exe","filePath":"CorporateClash.exe",
    "sha1":"a9993e364706816aba3e25717850c26c9cd0d89d","compressed_sha1":"c1"}]}"#;
const RESOURCES: &str = r#"{"files":[{"fileName":"g r.prc","filePath":"config\\g r.prc",
    "sha1":"84983E441C3BD26EBAAE4AA1F95129E5E54670F1","compressed_sha1":null}]}"#;
const METADATA: &str = r#"{"realms":[{"slug":"qa","hostname":"x","downloadservers":[{"base_url":"https://qa.example/"}]},
    {"slug":"production","hostname":"gs-prd.corporateclash.net:7198","downloadservers":[
        {"id":1,"name":"AWS","base_url":"https://aws1.example/productionv2/","realm":"production"},
        {"id":2,"name":"My CloudFlare R2","base_url":"https://r2.example/files","realm":"production"}]}],
    "bad_token":false}"#;

fn of(windows: &str, resources: &str) -> Result<Manifest, Error> {
    let parts = [
        (ManifestPart::Windows, windows),
        (ManifestPart::Resources, resources),
    ];
    manifest(
        &parts.map(|(part, body)| (part, body.as_bytes())),
        System::Linux,
        LINUX,
    )
}

fn files(files: &Value) -> String {
    json!({ "files": files }).to_string()
}

/// The manifest of one program and the resources of the sample.
fn file(entry: &Value) -> Result<Manifest, Error> {
    of(&files(&json!([entry])), RESOURCES)
}

#[test]
fn the_files_are_programs_and_resources() {
    assert_eq!(
        ManifestPart::all(System::Linux),
        [ManifestPart::Windows, ManifestPart::Resources]
    );
    assert_eq!(
        ManifestPart::all(System::Windows),
        [ManifestPart::Windows, ManifestPart::Resources]
    );
    assert_eq!(
        ManifestPart::all(System::MacOs),
        [ManifestPart::MacOs, ManifestPart::Resources]
    );
    for part in [
        ManifestPart::Windows,
        ManifestPart::MacOs,
        ManifestPart::Resources,
    ] {
        let path = format!("/api/v1/launcher/manifest/v3/production/{}", part.name());
        assert_eq!(part.path(), path);
    }
    let manifest = of(PROGRAMS, RESOURCES).expect("a manifest");
    let wanted = |name: &str, hash: &str, path: &str, key: &str, is_executable| ManifestFile {
        name: FileName::new(name, LINUX).expect("a name"),
        hash: Hash::full(HashAlgorithm::Sha1, hash).expect("a hash"),
        size: None,
        is_executable,
        packed: PackedFile {
            source: Source {
                path: path.to_owned(),
                key: Some(key.to_owned()),
            },
            packing: Packing::Gzip,
            hash: None,
        },
        patches: BTreeMap::new(),
    };
    assert_eq!(
        manifest.files,
        [
            wanted(
                "CorporateClash.exe",
                SHA1,
                "windows/CorporateClash.exe.gz",
                // printf 'CorporateClash.exewindows' | sha1sum
                "d91e546888d771351fd453e396584c14d29fd768",
                true
            ),
            wanted(
                "config/g r.prc",
                OTHER,
                "resources/config/g%20r.prc.gz",
                // printf '%s' 'config\g r.prcresources' | sha1sum
                "a9d6bd1d04cb1e6434f77ac477d8b5ffb8938153",
                false
            ),
        ]
    );
}

#[test]
fn a_file_may_be_in_both_manifests_with_the_same_hash() {
    let one = |hash: &str| files(&json!([{"filePath": "a/b", "sha1": hash}]));
    let manifest = of(&one(SHA1), &one(&SHA1.to_uppercase())).expect("a manifest");
    assert_eq!(manifest.files.len(), 1);
    assert_eq!(manifest.files[0].packed.source.path, "windows/a/b.gz");
    let refused = Err(Error::Name {
        name: "a/b".to_owned(),
        why: FileNameError::Duplicate,
    });
    assert_eq!(of(&one(SHA1), &one(OTHER)), refused);
    // The same path with another separator.
    let backslash = files(&json!([{"filePath": "a\\b", "sha1": OTHER}]));
    assert_eq!(of(&one(SHA1), &backslash), refused);
}

#[test]
fn a_name_that_is_not_allowed_invalidates_the_manifest() {
    let backslashes = [
        "..\\x",
        "a\\..\\..\\x",
        "\\x",
        "\\\\server\\x",
        "C:\\x",
        "a\\\\b",
        "a\\",
    ];
    for name in UNSAFE_NAMES.into_iter().chain(backslashes) {
        for rules in [LINUX, WINDOWS] {
            let body =
                files(&json!([{"filePath": "a", "sha1": SHA1}, {"filePath": name, "sha1": SHA1}]));
            let refused = manifest(
                &[(ManifestPart::Windows, body.as_bytes())],
                System::Windows,
                rules,
            );
            assert!(matches!(refused, Err(Error::Name { .. })), "{name:?}");
        }
    }
    for literal in ["%2e%2e/x", "%252e", "a%2fb", "%00"] {
        let manifest = file(&json!({"filePath": literal, "sha1": SHA1})).expect(literal);
        assert_contained(&manifest);
    }
}

#[test]
fn a_file_without_a_path_or_a_hash_is_not_understood() {
    for (entry, what) in [
        (json!({"filePath": "a\\b"}), "has no sha1 for a/b"),
        (json!({"filePath": "a", "sha1": 7}), "has no sha1 for a"),
        (
            json!({"filePath": "a", "sha1": &SHA1[1..]}),
            "has no sha1 for a",
        ),
        (
            json!({"sha1": SHA1}),
            "(windows) has a file without a filePath",
        ),
        (
            json!({"filePath": [], "sha1": SHA1}),
            "(windows) has a file without a filePath",
        ),
        (json!(null), "(windows) has a file without a filePath"),
        (json!("a"), "(windows) has a file without a filePath"),
    ] {
        assert_eq!(
            file(&entry),
            Err(Error::NotUnderstood(what.to_owned())),
            "{entry}"
        );
    }
}

#[test]
fn another_form_is_not_understood_and_not_repeated() {
    let deep = "[".repeat(50_000);
    for body in [
        "",
        "null",
        "7",
        "[]",
        "{}",
        "<html>hunter2",
        "\"hunter2\"",
        r#"{"files":null}"#,
        r#"{"error":"hunter2"}"#,
        &RESOURCES[..60],
        &deep,
    ] {
        for (windows, resources) in [(body, RESOURCES), (PROGRAMS, body)] {
            let Err(Error::NotUnderstood(what)) = of(windows, resources) else {
                panic!("{body:.40}");
            };
            assert!(!what.contains("hunter2"), "{what}");
        }
    }
    let nothing = r#"{"files":[]}"#;
    assert!(of(nothing, RESOURCES).is_ok());
    assert!(matches!(of(nothing, nothing), Err(Error::NotUnderstood(_))));
    let half: Vec<Value> = (0..=MAX_FILES / 2)
        .map(|it| json!({"filePath": it.to_string(), "sha1": SHA1}))
        .collect();
    let half = files(&json!(half));
    assert!(matches!(of(&half, &half), Err(Error::NotUnderstood(_))));
}

#[test]
fn the_metadata_name_the_servers_of_the_production_realm() {
    let read = |body: &str| mirrors(&Reply::new(200, body));
    let mirror = |base_url: &str, by_key| MirrorAddress {
        base_url: base_url.parse().expect("a base URL"),
        by_key,
    };
    assert_eq!(
        read(METADATA),
        Ok(vec![
            mirror("https://aws1.example/productionv2", true),
            mirror("https://r2.example/files", false),
        ])
    );
    let one = |server: Value| {
        read(&json!({"realms": {"slug": "production", "downloadservers": server}}).to_string())
    };
    let aws = || Ok(vec![mirror("https://a.example/", true)]);
    assert_eq!(one(json!({"base_url": "https://a.example"})), aws());
    assert_eq!(
        one(json!([null, 7, {"name": 7, "base_url": "https://a.example"}])),
        aws()
    );
    for none in [
        json!(null),
        json!([]),
        json!("https://a.example"),
        json!([{"base_url": "http://a.example"}]),
        json!([{"base_url": null}]),
    ] {
        assert!(
            matches!(one(none.clone()), Err(ProtocolError::NotUnderstood(_))),
            "{none}"
        );
    }
    for none in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        r#"{"realms":[]}"#,
        &METADATA[..100],
    ] {
        assert!(
            matches!(read(none), Err(ProtocolError::NotUnderstood(_))),
            "{none}"
        );
    }
}

proptest! {
    #[test]
    fn mutated_manifests_never_panic_and_stay_contained(
        windows in mutated(vec![PROGRAMS]), resources in mutated(vec![RESOURCES])
    ) {
        let lists = [(ManifestPart::Windows, &windows[..]), (ManifestPart::Resources, RESOURCES.as_bytes())];
        let others = [(ManifestPart::MacOs, PROGRAMS.as_bytes()), (ManifestPart::Resources, &resources[..])];
        for (lists, system, rules) in [(lists, System::Linux, LINUX), (others, System::MacOs, WINDOWS)] {
            if let Ok(manifest) = manifest(&lists, system, rules) {
                assert_contained(&manifest);
            }
        }
    }

    #[test]
    fn every_allowed_name_is_contained(name in names()) {
        if let Ok(manifest) = file(&json!({"filePath": name, "sha1": SHA1})) {
            assert_contained(&manifest);
        }
    }

    #[test]
    fn mutated_metadata_never_panic_and_name_protected_servers(body in mutated(vec![METADATA])) {
        for mirror in mirrors(&Reply::new(200, body)).into_iter().flatten() {
            prop_assert!(mirror.base_url.is_secure(), "{mirror:?}");
        }
    }
}
