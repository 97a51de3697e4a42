//! Patches are used where possible; when one fails, the whole file is downloaded.

use serde_json::json;

use crate::harness::installation::Installation;
use crate::harness::publisher::{Publisher, noise, packed, patch, sha1};
use crate::harness::serving::Serving;

const NAME: &str = "resources/a.mf";

/// Installs a game and publishes a newer version with a patch. Returns the old content and the path of the patch.
fn later() -> (Publisher, Installation, Vec<u8>, String) {
    let old = noise(1, 50_000);
    let mut publisher = Publisher::of(&[(NAME, &old), ("b", b"b")]);
    let installation = Installation::of(&publisher);
    let mut new = old.clone();
    new.splice(100..110, b"something else".iter().copied());
    publisher.file(NAME, &new);
    let patch = publisher.patch(NAME, &old);
    (publisher, installation, old, patch)
}

/// Asserts that an update downloads the whole file.
#[track_caller]
fn falls_back(publisher: &Publisher, installation: &Installation) {
    let ended = installation.update(publisher, &["-v"]).run().exits(0);
    assert!(
        ended.stderr.contains("the whole file is fetched"),
        "{ended:#?}"
    );
    assert!(
        ended.stderr.contains(&format!("{NAME}: fetched")),
        "{ended:#?}"
    );
    installation.is_whole(publisher);
    assert_eq!(publisher.mirror.count(&publisher.path(NAME)), 1);
}

#[test]
fn only_the_patch_is_downloaded() {
    let (publisher, installation, _, patch) = later();
    let ended = installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert!(
        ended.stderr.contains(&format!("{NAME}: patched")),
        "{ended:#?}"
    );
    assert_eq!(publisher.mirror.count(&patch), 1);
    assert_eq!(publisher.mirror.count(&publisher.path(NAME)), 0);
}

#[test]
fn an_interrupted_download_of_a_patch_is_resumed() {
    let (publisher, installation, _, patch) = later();
    publisher.mirror.next(&patch, [Serving::Cut(30)]);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    let asked = publisher.mirror.take();
    assert!(
        asked.iter().any(|asked| asked.from == Some(30)),
        "{asked:?}"
    );
    assert!(asked.iter().all(|asked| asked.path != publisher.path(NAME)));
}

#[test]
fn the_file_is_downloaded_when_the_patch_cannot_be() {
    for serving in [
        Serving::status(404),
        Serving::status(500),
        Serving::later(429, 3600),
        Serving::Flipped(20),
        Serving::html(),
        Serving::Cut(0),
        Serving::Announced(1 << 40),
    ] {
        let (publisher, installation, _, patch) = later();
        publisher.mirror.always(&patch, serving);
        falls_back(&publisher, &installation);
    }
}

#[test]
fn the_file_is_downloaded_when_a_hash_of_the_patch_is_wrong() {
    let wrong = json!(sha1(b"something else"));
    for field in ["patchHash", "compPatchHash"] {
        let (mut publisher, installation, old, _) = later();
        publisher.change(NAME, |entry| {
            entry["patches"][sha1(&old)][field] = wrong.clone();
        });
        falls_back(&publisher, &installation);
    }
    let new_of_another = patch(&noise(1, 50_000), b"another file");
    let of_another = patch(&noise(2, 500), &noise(3, 90_000));
    let mut endless = patch(b"x", b"y");
    endless[24..32].copy_from_slice(&(1_u64 << 62).to_le_bytes());
    for patch in [
        &new_of_another[..],
        &of_another,
        &endless,
        b"BSDIFF40",
        b"",
        b"no patch",
    ] {
        let (mut publisher, installation, old, _) = later();
        publisher.patch_of(NAME, &old, patch);
        falls_back(&publisher, &installation);
    }
}

#[test]
fn the_file_is_downloaded_when_the_patch_is_too_large() {
    let (mut publisher, installation, old, path) = later();
    let bomb = packed(&vec![0; 1 << 20]).repeat(80);
    publisher.change(NAME, |entry| {
        entry["patches"][sha1(&old)]["compPatchHash"] = json!(sha1(&bomb));
    });
    publisher.mirror.put(&path, bomb);
    falls_back(&publisher, &installation);
}

#[test]
fn a_patch_for_another_content_is_not_requested() {
    let (publisher, installation, old, patch) = later();
    let mut changed = old;
    changed[7] ^= 1;
    installation.write(NAME, &changed);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert_eq!(publisher.mirror.count(&patch), 0);
}

/// Both the patch and the file have a wrong byte.
#[test]
fn the_old_file_stays_when_patch_and_file_are_wrong() {
    let (publisher, installation, old, patch) = later();
    publisher.mirror.always(&patch, Serving::Flipped(20));
    publisher
        .mirror
        .always(&publisher.path(NAME), Serving::Flipped(20));
    installation.update(&publisher, &[]).run().fails(65, NAME);
    assert_eq!(installation.content(NAME), old);
    assert_eq!(installation.names(), ["b", NAME]);
}
