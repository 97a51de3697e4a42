use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::files::MOST;
use crate::games::files::inside::{HOSTILE, PLAIN, STRICT, assert_inside, names};
use crate::games::mutation::mutated;
use crate::manifest::{FileNameError, Hash, Name};

const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
const OTHER: &str = "84983e441c3bd26ebaae4aa1f95129e5e54670f1";
const WINDOWS: &str = r#"{"files":[{"fileName":"CorporateClash.exe","filePath":"CorporateClash.exe",
    "sha1":"a9993e364706816aba3e25717850c26c9cd0d89d","compressed_sha1":"c1"}]}"#;
const RESOURCES: &str = r#"{"files":[{"fileName":"g r.prc","filePath":"config\\g r.prc",
    "sha1":"84983E441C3BD26EBAAE4AA1F95129E5E54670F1","compressed_sha1":null}]}"#;
const METADATA: &str = r#"{"realms":[{"slug":"qa","hostname":"x","downloadservers":[{"base_url":"https://qa.example/"}]},
    {"slug":"production","hostname":"gs-prd.corporateclash.net:7198","downloadservers":[
        {"id":1,"name":"AWS","base_url":"https://aws1.example/productionv2/","realm":"production"},
        {"id":2,"name":"My CloudFlare R2","base_url":"https://r2.example/files","realm":"production"}]}],
    "bad_token":false}"#;

fn of(windows: &str, resources: &str) -> Result<Manifest, Error> {
    let lists = [(Part::Windows, windows), (Part::Resources, resources)];
    manifest(
        &lists.map(|(part, body)| (part, body.as_bytes())),
        System::Linux,
        PLAIN,
    )
}

fn files(files: &Value) -> String {
    json!({ "files": files }).to_string()
}

/// The manifest of one file of the programs, and the resources of the sample.
fn file(told: &Value) -> Result<Manifest, Error> {
    of(&files(&json!([told])), RESOURCES)
}

#[test]
fn a_game_is_its_programs_and_what_is_the_same_everywhere() {
    assert_eq!(Part::all(System::Linux), [Part::Windows, Part::Resources]);
    assert_eq!(Part::all(System::Windows), [Part::Windows, Part::Resources]);
    assert_eq!(Part::all(System::MacOs), [Part::MacOs, Part::Resources]);
    for part in [Part::Windows, Part::MacOs, Part::Resources] {
        let path = format!("/api/v1/launcher/manifest/v3/production/{}", part.word());
        assert_eq!(part.path(), path);
    }
    let manifest = of(WINDOWS, RESOURCES).expect("a manifest");
    let wanted = |name: &str, hash: &str, path: &str, key: &str, is_program| Wanted {
        name: Name::new(name, PLAIN).expect("a name"),
        hash: Hash::whole(HashAlgorithm::Sha1, hash).expect("a hash"),
        size: None,
        is_program,
        packed: Packed {
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
fn a_file_in_both_lists_is_one_when_it_is_the_same() {
    let told = |hash: &str| files(&json!([{"filePath": "a/b", "sha1": hash}]));
    let manifest = of(&told(SHA1), &told(&SHA1.to_uppercase())).expect("a manifest");
    assert_eq!(manifest.files.len(), 1);
    assert_eq!(manifest.files[0].packed.source.path, "windows/a/b.gz");
    let refused = Err(Error::Name {
        name: "a/b".to_owned(),
        why: FileNameError::Twice,
    });
    assert_eq!(of(&told(SHA1), &told(OTHER)), refused);
    // The same place, written in another way.
    let slash = files(&json!([{"filePath": "a\\b", "sha1": OTHER}]));
    assert_eq!(of(&told(SHA1), &slash), refused);
}

#[test]
fn a_name_that_leads_elsewhere_refuses_all() {
    let backslashes = [
        "..\\x",
        "a\\..\\..\\x",
        "\\x",
        "\\\\server\\x",
        "C:\\x",
        "a\\\\b",
        "a\\",
    ];
    for name in HOSTILE.into_iter().chain(backslashes) {
        for rules in [PLAIN, STRICT] {
            let body =
                files(&json!([{"filePath": "a", "sha1": SHA1}, {"filePath": name, "sha1": SHA1}]));
            let refused = manifest(&[(Part::Windows, body.as_bytes())], System::Windows, rules);
            assert!(matches!(refused, Err(Error::Name { .. })), "{name:?}");
        }
    }
    for literal in ["%2e%2e/x", "%252e", "a%2fb", "%00"] {
        let manifest = file(&json!({"filePath": literal, "sha1": SHA1})).expect(literal);
        assert_inside(&manifest);
    }
}

#[test]
fn a_file_without_a_path_or_a_hash_is_not_understood() {
    for (told, what) in [
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
            file(&told),
            Err(Error::NotUnderstood(what.to_owned())),
            "{told}"
        );
    }
}

#[test]
fn what_is_no_list_is_not_understood_and_not_repeated() {
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
        for (windows, resources) in [(body, RESOURCES), (WINDOWS, body)] {
            let Err(Error::NotUnderstood(what)) = of(windows, resources) else {
                panic!("{body:.40}");
            };
            assert!(!what.contains("hunter2"), "{what}");
        }
    }
    let nothing = r#"{"files":[]}"#;
    assert!(of(nothing, RESOURCES).is_ok());
    assert!(matches!(of(nothing, nothing), Err(Error::NotUnderstood(_))));
    let half: Vec<Value> = (0..=MOST / 2)
        .map(|it| json!({"filePath": it.to_string(), "sha1": SHA1}))
        .collect();
    let half = files(&json!(half));
    assert!(matches!(of(&half, &half), Err(Error::NotUnderstood(_))));
}

#[test]
fn the_metadata_name_the_servers_of_the_realm_that_people_play_in() {
    let told = |body: &str| mirrors(&Reply::new(200, body));
    let mirror = |base: &str, by_key| MirrorAddress {
        base: base.to_owned(),
        by_key,
    };
    assert_eq!(
        told(METADATA),
        Ok(vec![
            mirror("https://aws1.example/productionv2/", true),
            mirror("https://r2.example/files/", false),
        ])
    );
    let one = |server: Value| {
        told(&json!({"realms": {"slug": "production", "downloadservers": server}}).to_string())
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
            matches!(one(none.clone()), Err(Failure::NotUnderstood(_))),
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
            matches!(told(none), Err(Failure::NotUnderstood(_))),
            "{none}"
        );
    }
    let signed_out = mirrors(&Reply::new(
        401,
        r#"{"error":"Unauthorized","bad_token":true}"#,
    ));
    assert!(matches!(
        signed_out,
        Err(Failure::Refused(Refusal::SignedOut, _))
    ));
}

proptest! {
    #[test]
    fn mutated_lists_never_panic_nor_lead_elsewhere(
        windows in mutated(vec![WINDOWS]), resources in mutated(vec![RESOURCES])
    ) {
        let lists = [(Part::Windows, &windows[..]), (Part::Resources, RESOURCES.as_bytes())];
        let others = [(Part::MacOs, WINDOWS.as_bytes()), (Part::Resources, &resources[..])];
        for (lists, system, rules) in [(lists, System::Linux, PLAIN), (others, System::MacOs, STRICT)] {
            if let Ok(manifest) = manifest(&lists, system, rules) {
                assert_inside(&manifest);
            }
        }
    }

    #[test]
    fn no_name_leads_elsewhere(name in names()) {
        if let Ok(manifest) = file(&json!({"filePath": name, "sha1": SHA1})) {
            assert_inside(&manifest);
        }
    }

    #[test]
    fn mutated_metadata_never_panic_nor_name_a_server_in_clear(body in mutated(vec![METADATA])) {
        for mirror in mirrors(&Reply::new(200, body)).into_iter().flatten() {
            prop_assert!(mirror.base.starts_with("https://") && mirror.base.ends_with('/'), "{mirror:?}");
        }
    }
}
