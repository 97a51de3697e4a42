//! Patches are used when they fit, and the whole file when a patch is invalid.

use serde_json::json;

use crate::harness::installation::Installation;
use crate::harness::publisher::{Publisher, noise, packed, patch, sha1};
use crate::harness::response::Response;

const NAME: &str = "resources/a.mf";

/// Installs a game and publishes a new version with a patch. Returns the path of the patch.
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

/// Asserts that the update succeeds with the whole file.
#[track_caller]
fn assert_falls_back(publisher: &Publisher, installation: &Installation) {
    let ended = installation.update(publisher, &["-v"]).run().exits(0);
    assert!(
        ended.stderr.contains("the whole file is fetched"),
        "{ended:#?}"
    );
    assert!(
        ended.stderr.contains(&format!("{NAME}: fetched")),
        "{ended:#?}"
    );
    installation.assert_complete(publisher);
    assert_eq!(publisher.mirror.count(&publisher.path(NAME)), 1);
}

#[test]
fn only_the_patch_is_requested() {
    let (publisher, installation, _, patch) = later();
    let ended = installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    assert!(
        ended.stderr.contains(&format!("{NAME}: patched")),
        "{ended:#?}"
    );
    assert_eq!(publisher.mirror.count(&patch), 1);
    assert_eq!(publisher.mirror.count(&publisher.path(NAME)), 0);
}

#[test]
fn a_cut_patch_is_resumed() {
    let (publisher, installation, _, patch) = later();
    publisher.mirror.next(&patch, [Response::Cut(30)]);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    let requests = publisher.mirror.take();
    assert!(
        requests.iter().any(|request| request.from == Some(30)),
        "{requests:?}"
    );
    assert!(
        requests
            .iter()
            .all(|request| request.path != publisher.path(NAME))
    );
}

#[test]
fn a_patch_that_cannot_be_fetched_falls_back_to_the_file() {
    for serving in [
        Response::status(404),
        Response::status(500),
        Response::retry_after(429, 3600),
        Response::Flipped(20),
        Response::html(),
        Response::Cut(0),
        Response::WithLength(1 << 40),
    ] {
        let (publisher, installation, _, patch) = later();
        publisher.mirror.always(&patch, serving);
        assert_falls_back(&publisher, &installation);
    }
}

#[test]
fn an_invalid_patch_falls_back_to_the_file() {
    let wrong = json!(sha1(b"something else"));
    for field in ["patchHash", "compPatchHash"] {
        let (mut publisher, installation, old, _) = later();
        publisher.change(NAME, |entry| {
            entry["patches"][sha1(&old)][field] = wrong.clone();
        });
        assert_falls_back(&publisher, &installation);
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
        assert_falls_back(&publisher, &installation);
    }
}

#[test]
fn a_patch_that_is_a_decompression_bomb_falls_back_to_the_file() {
    let (mut publisher, installation, old, path) = later();
    let bomb = packed(&vec![0; 1 << 20]).repeat(80);
    publisher.change(NAME, |entry| {
        entry["patches"][sha1(&old)]["compPatchHash"] = json!(sha1(&bomb));
    });
    publisher.mirror.put(&path, bomb);
    assert_falls_back(&publisher, &installation);
}

#[test]
fn a_patch_for_other_content_is_not_requested() {
    let (publisher, installation, old, patch) = later();
    let mut changed = old;
    changed[7] ^= 1;
    installation.write(NAME, &changed);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    assert_eq!(publisher.mirror.count(&patch), 0);
}

/// Both patch and file are corrupt.
#[test]
fn without_patch_and_file_the_old_file_is_kept() {
    let (publisher, installation, old, patch) = later();
    publisher.mirror.always(&patch, Response::Flipped(20));
    publisher
        .mirror
        .always(&publisher.path(NAME), Response::Flipped(20));
    installation.update(&publisher, &[]).run().fails(65, NAME);
    assert_eq!(installation.content(NAME), old);
    assert_eq!(installation.names(), ["b", NAME]);
}
