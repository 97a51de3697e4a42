//! Connections that break: the received bytes are kept, and the rest is requested in up to five attempts.

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::publisher::{noise, packed};
use crate::harness::serving::Serving;

#[test]
fn an_interrupted_download_is_resumed() {
    for serving in [Serving::Cut(9_000), Serving::Short(9_000)] {
        let (publisher, installation) = (one(40_000), Installation::new());
        let path = publisher.path("a.mf");
        publisher.mirror.next(&path, [serving]);
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
        let asked = publisher.mirror.take();
        assert_eq!((asked[2].from, &asked[2].if_range), (None, &None));
        assert_eq!(asked[3].from, Some(9_000));
        assert_eq!(asked[3].if_range, Some(publisher.mirror.tag(&path)));
        assert_eq!(asked.len(), 4);
    }
}

#[test]
fn downloads_that_are_interrupted_repeatedly_are_completed() {
    let (publisher, installation) = (game(), Installation::new());
    for name in publisher.contents().keys() {
        let cuts = [0, 1, 70, 3].map(Serving::Cut);
        publisher.mirror.next(&publisher.path(name), cuts);
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn without_a_validator_the_hash_is_checked() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher
        .mirror
        .next(&path, [Serving::UnvalidatedCut(9_000)]);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    let asked = publisher.mirror.take();
    assert_eq!((asked[3].from, &asked[3].if_range), (Some(9_000), &None));
}

#[test]
fn other_ranges_than_the_requested_one_are_handled() {
    for then in [
        Serving::IgnoringRange,
        Serving::Shifted(10),
        Serving::Chunked,
        Serving::status(416),
        Serving::Announced(10_000_000),
        Serving::Short(100),
    ] {
        let (publisher, installation) = (one(40_000), Installation::new());
        let path = publisher.path("a.mf");
        publisher
            .mirror
            .next(&path, [Serving::Cut(9_000), then.clone()]);
        let ended = installation.update(&publisher, &["-v"]).run();
        assert_eq!(ended.status.code(), Some(0), "{then:?}: {ended:#?}");
        installation.is_whole(&publisher);
    }
}

#[test]
fn a_response_needs_no_length() {
    let (publisher, installation) = (game(), Installation::new());
    publisher.mirror.usually(Serving::Chunked);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}

/// The file is replaced on the server between two requests.
#[test]
fn a_file_that_changed_on_the_server_is_downloaded_from_the_start() {
    let (mut publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    let (held, release) = Serving::held(9_000);
    publisher.mirror.next(&path, [held, Serving::Cut(9_000)]);
    let run = installation.update(&publisher, &[]).start();
    publisher.mirror.wait_for_bytes(9_000);
    // The list is requested once, and its version of the file must be downloaded in the end.
    let right = publisher.contents()["a.mf"].clone();
    publisher.mirror.put(&path, noise(9, 30_000));
    drop(release);
    run.wait().exits(0);
    assert_eq!(installation.content("a.mf"), right);

    publisher.file("a.mf", &noise(4, 40_000));
    let path = publisher.path("a.mf");
    let other = packed(&noise(4, 40_000));
    publisher.mirror.put(&path, noise(9, 30_000));
    publisher.mirror.next(&path, [Serving::Cut(9_000)]);
    let run = installation.update(&publisher, &[]).start();
    let before = publisher.mirror.sent();
    publisher.mirror.wait_for_bytes(before);
    publisher.mirror.put(&path, other);
    run.wait().exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn a_connection_that_always_breaks_fails_after_five_attempts() {
    let (publisher, installation) = (game(), Installation::new());
    let path = publisher.path("winter_snow.mf");
    publisher.mirror.always(&path, Serving::Cut(7));
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(68, "winter_snow.mf could not be fetched");
    assert_eq!(publisher.mirror.count(&path), 5);
    let part = publisher.part("winter_snow.mf");
    assert_eq!(installation.content(&part).len(), 35, "the bytes are kept");

    publisher.mirror.always(&path, Serving::Well);
    publisher.mirror.take();
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    let asked = publisher.mirror.take();
    assert!(
        asked.iter().any(|asked| asked.from == Some(35)),
        "{asked:?}"
    );
}

#[test]
fn a_server_that_stops_sending_times_out() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher.mirror.next(&path, [Serving::Silent(9_000)]);
    installation
        .update(&publisher, &["--timeout", "0.3"])
        .run()
        .exits(0);
    installation.is_whole(&publisher);

    let installation = Installation::new();
    publisher.mirror.take();
    publisher.mirror.always(&path, Serving::Silent(0));
    let ended = installation.update(&publisher, &["--timeout", "0.1"]).run();
    ended.fails(68, "no answer in time");
    assert_eq!(publisher.mirror.count(&path), 5);
    assert!(
        installation.files().is_empty(),
        "{:?}",
        installation.names()
    );
}

#[test]
fn a_file_with_a_wrong_byte_is_downloaded_again() {
    let (publisher, installation) = (game(), Installation::new());
    for name in publisher.contents().keys() {
        let path = publisher.path(name);
        let last = publisher.mirror.size(&path) - 1;
        let flips = [4, last / 2, last].map(Serving::Flipped);
        publisher.mirror.next(&path, flips);
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn a_file_with_trailing_bytes_is_downloaded_again() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    let right = packed(&publisher.contents()["a.mf"]);
    let (twice, garbage) = ([&right[..], &right].concat(), [&right[..], b"xyz"].concat());
    publisher
        .mirror
        .next(&path, [twice, garbage].map(Serving::Instead));
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
    assert_eq!(publisher.mirror.count(&path), 3);
}
