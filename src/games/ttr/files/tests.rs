use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::files::MAX_FILES;
use crate::games::files::testing::{LINUX, UNSAFE_NAMES, WINDOWS, assert_contained, names};
use crate::games::mutation::mutated;
use crate::manifest::FileNameError;

/// The sample of the protocol's page, with full hashes.
const SAMPLE: &str = r#"{"winter_snow.mf":{"dl":"winter_snow.mf.c9f3256fcc.bz2",
        "hash":"c9f3256fccb29542d2cf24d2bc62386ec19e5536","compHash":"691aec5873c1f634e1c255a2fd37f4cd96ee0201",
        "patches":{},"only":["darwin","linux","linux2","win32","win64"]},
    "TTRGame.vlt":{"dl":"TTRGame.vlt.228df23cb8.bz2","hash":"228df23cb8000000000000000000000000000000",
        "compHash":"1111111111111111111111111111111111111111",
        "patches":{"764a3c3e00000000000000000000000000000000":{"filename":"TTRGame.vlt.228df23cb8_from_764a3.bsdiff.bz2",
            "patchHash":"2222222222222222222222222222222222222222",
            "compPatchHash":"3333333333333333333333333333333333333333"}},
        "only":["linux","linux2"]}}"#;
const HASH: &str = "c9f3256fccb29542d2cf24d2bc62386ec19e5536";

fn of(body: &str) -> Result<Manifest, Error> {
    manifest(body.as_bytes(), System::Linux, LINUX)
}

/// The manifest of one valid file, with these fields replaced.
fn with(fields: &Value) -> Result<Manifest, Error> {
    let mut file = json!({"dl": "a.bz2", "hash": HASH});
    for (field, value) in fields.as_object().expect("fields") {
        file[field] = value.clone();
    }
    of(&json!({"a": file}).to_string())
}

fn names_of(manifest: &Manifest) -> Vec<&str> {
    manifest.files.iter().map(|it| it.name.as_str()).collect()
}

fn hash(digits: &str) -> Hash {
    Hash::full(HashAlgorithm::Sha1, digits).expect("a hash")
}

#[test]
fn the_sample_is_read() {
    let manifest = of(SAMPLE).expect("a manifest");
    assert_eq!(names_of(&manifest), ["TTRGame.vlt", "winter_snow.mf"]);
    let [game, snow] = &manifest.files[..] else {
        panic!("two files");
    };
    assert_eq!(
        *snow,
        ManifestFile {
            name: FileName::new("winter_snow.mf", LINUX).expect("a name"),
            hash: hash(HASH),
            size: None,
            is_executable: false,
            packed: PackedFile {
                source: Source {
                    path: "winter_snow.mf.c9f3256fcc.bz2".to_owned(),
                    key: None,
                },
                packing: Packing::Bzip2,
                hash: Some(hash("691aec5873c1f634e1c255a2fd37f4cd96ee0201")),
            },
            patches: BTreeMap::new(),
        }
    );
    let patch = &game.patches[&hash("764a3c3e00000000000000000000000000000000")];
    assert_eq!(
        patch.packed.source.path,
        "TTRGame.vlt.228df23cb8_from_764a3.bsdiff.bz2"
    );
    assert_eq!(patch.hash, hash(&"2".repeat(40)));
    assert_eq!(patch.packed.hash, Some(hash(&"3".repeat(40))));
}

#[test]
fn a_file_is_for_the_platforms_that_it_names_or_for_all() {
    let is_for = |only: Value, platform: &[&str]| {
        let entry = json!({ "only": only });
        let entry: Entry = serde_json::from_value(entry).expect("a file");
        entry.is_for(platform)
    };
    let platforms = [
        platforms(System::Linux, true),
        platforms(System::MacOs, true),
        platforms(System::Windows, true),
        platforms(System::Windows, false),
    ];
    for (only, expected) in [
        (json!(null), [true, true, true, true]),
        (json!(["linux"]), [true, false, false, false]),
        (json!(["linux2"]), [true, false, false, false]),
        (json!("linux"), [true, false, false, false]),
        (json!(["darwin"]), [false, true, false, false]),
        (json!(["win64"]), [false, false, true, false]),
        (json!(["win32"]), [false, false, false, true]),
        (
            json!(["win32", null, 7, "win64"]),
            [false, false, true, true],
        ),
        (json!([]), [false; 4]),
        (json!(["amiga"]), [false; 4]),
    ] {
        assert_eq!(
            platforms.map(|it| is_for(only.clone(), it)),
            expected,
            "{only}"
        );
    }
    assert!(with(&json!({})).is_ok(), "no platforms");
}

#[test]
fn a_file_of_another_system_needs_only_a_valid_name() {
    let both = |other: &str, name: &str| {
        of(&format!(
            r#"{{"a":{{"dl":"a.bz2","hash":"{HASH}"}},{name}:{{"only":["win64"]{other}}}}}"#
        ))
    };
    let kept = both(r#","hash":7,"dl":[]"#, r#""b""#).expect("a manifest");
    assert_eq!(names_of(&kept), ["a"]);
    for name in UNSAFE_NAMES {
        let error = both("", &json!(name).to_string()).expect_err(name);
        assert!(matches!(error, Error::Name { .. }), "{name:?}: {error}");
    }
}

#[test]
fn a_name_that_is_not_allowed_invalidates_the_manifest() {
    for rules in [LINUX, WINDOWS] {
        for name in UNSAFE_NAMES {
            let body = json!({"a": {"dl": "a", "hash": HASH}, name: {"dl": "b", "hash": HASH}});
            let error = manifest(body.to_string().as_bytes(), System::Linux, rules)
                .expect_err("an unsafe name");
            let Error::Name { name: shown, .. } = error else {
                panic!("{name:?}: {error}");
            };
            assert_eq!(crate::base::sanitize::clean(&shown), shown);
        }
    }
}

#[test]
fn a_download_that_is_not_allowed_after_decoding_invalidates_the_manifest() {
    for (dl, why) in [
        ("../x", FileNameError::Dots),
        ("%2e%2e/x", FileNameError::Dots),
        ("a%2f..%2f..%2fx", FileNameError::Dots),
        ("/x", FileNameError::Absolute),
        ("//evil.example/x", FileNameError::Absolute),
        ("https://evil.example/x", FileNameError::Separator),
        ("a%5cb", FileNameError::Separator),
        ("a%00", FileNameError::Control),
        ("a%0d%0aHost%20x", FileNameError::Control),
        ("%ff", FileNameError::NotUtf8),
    ] {
        let name = dl.to_owned();
        assert_eq!(with(&json!({ "dl": dl })), Err(Error::Name { name, why }));
    }
}

#[test]
fn a_download_is_decoded_once_and_encoded_once() {
    for (dl, path) in [
        (
            "Toontown%20Rewritten.app/x.bz2",
            "Toontown%20Rewritten.app/x.bz2",
        ),
        ("a b?c#d.bz2", "a%20b%3Fc%23d.bz2"),
        ("%252e%252e/x", "%252e%252e/x"),
    ] {
        let manifest = with(&json!({ "dl": dl })).expect("a manifest");
        assert_eq!(manifest.files[0].packed.source.path, path);
    }
}

#[test]
fn a_file_without_a_hash_or_a_download_is_not_understood() {
    let short = &HASH[1..];
    for (fields, lacking) in [
        (json!({"hash": null}), "has no hash for a"),
        (json!({"hash": short}), "has no hash for a"),
        (json!({"hash": [HASH]}), "has no hash for a"),
        (json!({"hash": 7}), "has no hash for a"),
        (json!({"dl": null}), "has no download for a"),
        (json!({"dl": ""}), "has no download for a"),
        (json!({"dl": {"x": 1}}), "has no download for a"),
    ] {
        let expected = Err(Error::NotUnderstood(lacking.to_owned()));
        assert_eq!(with(&fields), expected, "{fields}");
    }
    for other in ["null", "7", "[]", r#""x""#] {
        let error = of(&format!(r#"{{"a":{other}}}"#)).expect_err(other);
        assert_eq!(error.to_string(), "has no hash for a", "{other}");
    }
}

#[test]
fn hashes_may_be_upper_case_and_that_of_the_download_may_be_missing() {
    let upper = HASH.to_uppercase();
    let manifest = with(&json!({"hash": upper, "compHash": upper})).expect("a manifest");
    assert_eq!(manifest.files[0].hash, hash(HASH));
    assert_eq!(manifest.files[0].packed.hash, Some(hash(HASH)));
    for none in [json!(null), json!("x"), json!([]), json!(1e300)] {
        let manifest = with(&json!({"compHash": none})).expect("a manifest");
        assert_eq!(manifest.files[0].packed.hash, None);
    }
}

#[test]
fn an_invalid_patch_is_ignored() {
    let count = |old: &str, fields: Value| {
        let manifest = with(&json!({"patches": {old: fields}})).expect("a manifest");
        manifest.files[0].patches.len()
    };
    let good = json!({"filename": "a.bsdiff.bz2", "patchHash": HASH});
    assert_eq!(count(HASH, good.clone()), 1);
    assert_eq!(count(&HASH.to_uppercase(), good.clone()), 1);
    assert_eq!(count("764a3c3e", good), 0);
    for broken in [
        json!(null),
        json!(7),
        json!({}),
        json!({"filename": "a.bz2"}),
        json!({"patchHash": HASH}),
        json!({"filename": "../a.bz2", "patchHash": HASH}),
        json!({"filename": "a.bz2", "patchHash": "x"}),
    ] {
        assert_eq!(count(HASH, broken.clone()), 0, "{broken}");
    }
    for none in [json!(null), json!([]), json!(7), json!("x")] {
        let manifest = with(&json!({"patches": none})).expect("a manifest");
        assert!(manifest.files[0].patches.is_empty());
    }
}

#[test]
fn programs_of_the_game_and_of_bundles_are_executable() {
    let programs = |system| {
        let names = [
            "TTREngine",
            "TTREngine64.exe",
            "ttrengine.EXE",
            "Toontown Rewritten",
            "Toontown Rewritten.app/Contents/MacOS/TTREngine",
            "x.app/Contents/MacOS/helper",
            "x.app/Contents/MacOS/in/side",
            "x.app/Contents/Resources/MacOS/x",
            "xContents/MacOS/x",
            "resources/TTREngine",
        ];
        let files = names.map(|name| (name.to_owned(), json!({"dl": "x", "hash": HASH})));
        let body = Value::Object(files.into_iter().collect()).to_string();
        let manifest = manifest(body.as_bytes(), system, LINUX).expect("a manifest");
        let programs = manifest.files.into_iter().filter(|it| it.is_executable);
        programs
            .map(|it| it.name.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(programs(System::Linux), ["TTREngine"]);
    assert_eq!(
        programs(System::Windows),
        ["TTREngine64.exe", "ttrengine.EXE"]
    );
    assert_eq!(
        programs(System::MacOs),
        [
            "Toontown Rewritten",
            "Toontown Rewritten.app/Contents/MacOS/TTREngine",
            "x.app/Contents/MacOS/helper",
            "x.app/Contents/MacOS/in/side",
        ]
    );
}

#[test]
fn names_that_collide_on_a_system_are_refused() {
    let body = json!({"a": {"dl": "a", "hash": HASH}, "A": {"dl": "a", "hash": HASH}}).to_string();
    assert!(manifest(body.as_bytes(), System::Linux, LINUX).is_ok());
    assert_eq!(
        manifest(body.as_bytes(), System::Windows, WINDOWS),
        Err(Error::Name {
            name: "a".to_owned(),
            why: FileNameError::Duplicate
        })
    );
    let folder = json!({"a": {"dl": "a", "hash": HASH}, "a/b": {"dl": "a", "hash": HASH}});
    assert!(matches!(of(&folder.to_string()), Err(Error::Name { .. })));
}

#[test]
fn another_form_is_not_understood_and_not_repeated() {
    let deep = format!(r#"{{"a":{}"#, r#"{"only":["#.repeat(50_000));
    let cut = &SAMPLE[..SAMPLE.len() / 2];
    for body in [
        "",
        "null",
        "7",
        "\"hunter2\"",
        "true",
        "[7]",
        "{}",
        "[]",
        "<html>hunter2",
        "\u{0}",
        &deep,
        cut,
        r#"{"error":"hunter2"}"#,
        r#"{"a":{"hash":1e999999}}"#,
    ] {
        let Err(Error::NotUnderstood(what)) = of(body) else {
            panic!("{body:.40}");
        };
        assert!(!what.contains("hunter2"), "{what}");
    }
    assert!(matches!(
        manifest(b"\xff\xfe{}", System::Linux, LINUX),
        Err(Error::NotUnderstood(_))
    ));
    let elsewhere = format!(r#"{{"a":{{"dl":"a","hash":"{HASH}","only":["darwin"]}}}}"#);
    assert_eq!(
        of(&elsewhere),
        Err(Error::NotUnderstood(
            "has no file for this system".to_owned()
        ))
    );
}

#[test]
fn too_many_files_are_not_understood() {
    let many = |count: usize| {
        let file = |number: usize| format!(r#""{number}":{{"only":["win32"]}}"#);
        let files: Vec<String> = (1..count).map(file).collect();
        of(&format!(
            r#"{{"a":{{"dl":"a","hash":"{HASH}"}},{}}}"#,
            files.join(",")
        ))
    };
    assert!(many(MAX_FILES).is_ok());
    assert!(matches!(many(MAX_FILES + 1), Err(Error::NotUnderstood(_))));
}

#[test]
fn mirrors_have_a_protected_connection() {
    let read = |body: &str| mirrors(&Reply::new(200, body));
    let body = r#"["https://a.example/patches", null, "http://b.example/", 7, "https://a.example/patches/",
        {"url":"https://c.example"}, "\u0007https://d.example", "https://e.example/"]"#;
    let bases = |mirrors: Vec<MirrorAddress>| {
        let urls = mirrors.iter().map(|it| it.base_url.to_string());
        urls.collect::<Vec<_>>()
    };
    assert_eq!(
        read(body).map(bases),
        Ok(vec![
            "https://a.example/patches".to_owned(),
            "https://e.example".to_owned()
        ])
    );
    assert!(read(body).is_ok_and(|all| all.iter().all(|it| !it.by_key)));
    assert_eq!(read(r#""https://a.example""#).map(|all| all.len()), Ok(1));
    let many: Vec<String> = (0..100)
        .map(|it| format!("https://{it}.example/"))
        .collect();
    assert_eq!(read(&json!(many).to_string()).map(|all| all.len()), Ok(16));
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "7",
        "<html>",
        r#"["http://a.example"]"#,
        "[[",
    ] {
        assert!(
            matches!(read(body), Err(ProtocolError::NotUnderstood(_))),
            "{body}"
        );
    }
    let failed = mirrors(&Reply::new(503, "<html>"));
    assert!(matches!(failed, Err(ProtocolError::ServerFailed { .. })));
    assert!(
        MirrorAddress::parse(&format!("{DEFAULT_MIRROR}{DEFAULT_MIRROR_PATH}"), false).is_some()
    );
}

#[test]
fn a_login_can_only_name_a_manifest_below_content() {
    for (named, path) in [
        (MANIFEST_PATH, MANIFEST_PATH),
        ("/content/patchmanifest", "/content/patchmanifest.txt"),
        (
            "/content/2026-10/patch.manifest",
            "/content/2026-10/patch.manifest.txt",
        ),
    ] {
        assert_eq!(manifest_path(named), Ok(path.to_owned()));
    }
    let long = format!("/content/{}", "x/".repeat(2000));
    for named in [
        "",
        "/",
        "/content",
        "/content/",
        "content/x.txt",
        "/other/x.txt",
        "/Content/x.txt",
        "//evil.example/content/x.txt",
        "https://cdn.toontownrewritten.com/content/x.txt",
        "/content/../x.txt",
        "/content/a/../../x.txt",
        "/content/./x.txt",
        "/content//x.txt",
        "/content/a/",
        "/content/%2e%2e/x.txt",
        "/content/%252e%252e/x.txt",
        "/content/a%2fx.txt",
        "/content/a%00.txt",
        "/content/a\\x.txt",
        "/content/x.txt?y",
        "/content/x.txt#y",
        "/content/@evil.example",
        "/content/a b.txt",
        "/content/\u{0}",
        "/content/a\r\nHost: evil.example",
        "/content/ü.txt",
        &long,
    ] {
        let refused = manifest_path(named).is_err_and(|error| match error {
            Error::NotUnderstood(what) => what.ends_with("as a file below /content/"),
            Error::Name { .. } => false,
        });
        assert!(refused, "{named:?}");
    }
}

proptest! {
    #[test]
    fn mutated_manifests_never_panic_and_stay_contained(body in mutated(vec![SAMPLE])) {
        for (system, rules) in [(System::Linux, LINUX), (System::Windows, WINDOWS)] {
            if let Ok(manifest) = manifest(&body, system, rules) {
                assert_contained(&manifest);
            }
        }
    }

    #[test]
    fn every_allowed_name_and_download_is_contained(name in names(), dl in names(), patch in names()) {
        let patches = json!({HASH: {"filename": patch, "patchHash": HASH}});
        let body = json!({name: {"dl": dl, "hash": HASH, "patches": patches}}).to_string();
        if let Ok(manifest) = of(&body) {
            assert_contained(&manifest);
        }
    }

    #[test]
    fn a_path_from_a_login_stays_below_content(named in names(), begins in any::<bool>()) {
        let named = if begins { format!("/content/{named}") } else { named };
        if let Ok(path) = manifest_path(&named) {
            prop_assert!(path.starts_with("/content/") && path.rsplit('.').next() == Some("txt"), "{path}");
            prop_assert!(path.split('/').skip(2).all(|part| !matches!(part, "" | "." | "..")), "{path}");
            prop_assert!(!path.contains(['%', '?', '#', '\\', '@', ':']), "{path}");
        }
    }

    #[test]
    fn mutated_mirrors_never_panic_and_are_protected(
        body in mutated(vec![r#"["https://a.example/patches/","http://127.0.0.1:1/"]"#])
    ) {
        for mirror in mirrors(&Reply::new(200, body)).into_iter().flatten() {
            let base = mirror.base_url.to_string();
            prop_assert!(!base.ends_with('/') && base.is_ascii(), "{mirror:?}");
            prop_assert!(base.starts_with("https://") || base.starts_with("http://127."));
        }
    }
}
