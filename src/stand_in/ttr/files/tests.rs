//! The manifest describes the files.

use super::*;
use crate::stand_in::Version;
use crate::stand_in::publisher::tests::{TestClient, is_a_name, sha1, text, unpacked};

const VERSIONS: [Version; 2] = [Version::First, Version::Second];

fn entries(client: &mut TestClient) -> Map<String, Value> {
    let manifest = client.page(MANIFEST);
    manifest.as_object().expect("an object").clone()
}

/// Downloads a file, checks its hashes, and returns its content.
fn content(client: &mut TestClient, entry: &Value) -> Vec<u8> {
    let packed = client.bytes(&format!("{PATCHES}{}", text(entry, "dl")));
    assert_eq!(sha1(&packed), text(entry, "compHash"));
    let content = unpacked(&packed);
    assert_eq!(sha1(&content), text(entry, "hash"));
    content
}

#[test]
fn every_file_is_as_the_manifest_says() {
    for version in VERSIONS {
        let mut client = TestClient::new(CATALOG, version);
        let entries = entries(&mut client);
        assert_eq!(entries.len(), 7 + PROGRAMS.len());
        for (name, entry) in &entries {
            is_a_name(name);
            content(&mut client, entry);
        }
    }
}

#[test]
fn each_system_has_one_program_and_all_common_files() {
    let entries = entries(&mut TestClient::new(CATALOG, Version::Second));
    for system in SYSTEMS {
        let is_here = |entry: &Value| {
            let only = entry.get("only").and_then(Value::as_array);
            only.is_none_or(|only| only.iter().any(|it| it == system))
        };
        let here: Vec<_> = entries.iter().filter(|(_, entry)| is_here(entry)).collect();
        let is_program = |name: &str| PROGRAMS.iter().any(|(known, _)| *known == name);
        let programs = here.iter().filter(|(name, _)| is_program(name)).count();
        assert_eq!((here.len(), programs), (8, 1), "{system}");
    }
}

#[test]
fn patches_turn_the_first_version_into_the_second() {
    let [mut first, mut second] = VERSIONS.map(|version| TestClient::new(CATALOG, version));
    let before = entries(&mut first);
    let mut patched = Vec::new();
    for (name, entry) in entries(&mut second) {
        for (from, patch) in entry["patches"].as_object().expect("an object") {
            let packed = second.bytes(&format!("{PATCHES}{}", text(patch, "filename")));
            assert_eq!(sha1(&packed), text(patch, "compPatchHash"));
            let bytes = unpacked(&packed);
            assert_eq!(sha1(&bytes), text(patch, "patchHash"));
            let old = content(&mut first, &before[&name]);
            assert_eq!(&sha1(&old), from);
            let mut made = Vec::new();
            let patch = qbsdiff::Bspatch::new(&bytes).expect("a patch");
            patch.apply(&old, &mut made).expect("it fits");
            assert_eq!(made, content(&mut second, &entry), "{name}");
            patched.push(name.clone());
        }
    }
    let changed = ["readme.txt", "phase_3.mf", "phase_4.mf"];
    let mut changed: Vec<_> = changed
        .iter()
        .chain(PROGRAMS.iter().map(|(name, _)| name))
        .collect();
    changed.sort();
    patched.sort();
    assert_eq!(
        patched.iter().map(String::as_str).collect::<Vec<_>>(),
        { changed }.into_iter().copied().collect::<Vec<_>>()
    );
    let earlier = before.values().map(|entry| &entry["patches"]);
    assert!({ earlier }.all(|patches| *patches == json!({})));
}

#[test]
fn names_of_downloads_are_encoded_once() {
    let entries = entries(&mut TestClient::new(CATALOG, Version::Second));
    let dl = text(&entries["phase 3/ä.mf"], "dl");
    assert!(dl.starts_with("phase%203/%C3%A4.mf."), "{dl}");
}

#[test]
fn the_mirror_is_the_stand_in_server() {
    let mirrors = TestClient::new(CATALOG, Version::Second).page(MIRRORS);
    assert_eq!(mirrors, json!(["http://127.0.0.1:1/patches/"]));
}
