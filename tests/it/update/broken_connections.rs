//! Broken connections: downloads are resumed, up to five attempts.

use super::{game, one};
use crate::harness::installation::Installation;
use crate::harness::publisher::{noise, packed};
use crate::harness::response::Response;

#[test]
fn a_cut_download_is_resumed() {
    for serving in [Response::Cut(9_000), Response::Short(9_000)] {
        let (publisher, installation) = (one(40_000), Installation::new());
        let path = publisher.path("a.mf");
        publisher.mirror.next(&path, [serving]);
        installation.update(&publisher, &[]).run().exits(0);
        installation.assert_complete(&publisher);
        let requests = publisher.mirror.take();
        assert_eq!((requests[2].from, &requests[2].if_range), (None, &None));
        assert_eq!(requests[3].from, Some(9_000));
        assert_eq!(requests[3].if_range, Some(publisher.mirror.tag(&path)));
        assert_eq!(requests.len(), 4);
    }
}

#[test]
fn all_files_survive_repeated_cuts() {
    let (publisher, installation) = (game(), Installation::new());
    for name in publisher.contents().keys() {
        let cuts = [0, 1, 70, 3].map(Response::Cut);
        publisher.mirror.next(&publisher.path(name), cuts);
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
}

#[test]
fn without_a_validator_the_hash_decides() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher
        .mirror
        .next(&path, [Response::UnvalidatedCut(9_000)]);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    let requests = publisher.mirror.take();
    assert_eq!(
        (requests[3].from, &requests[3].if_range),
        (Some(9_000), &None)
    );
}

#[test]
fn unusual_range_responses_are_accepted() {
    for then in [
        Response::IgnoringRange,
        Response::Shifted(10),
        Response::Chunked,
        Response::status(416),
        Response::WithLength(10_000_000),
        Response::Short(100),
    ] {
        let (publisher, installation) = (one(40_000), Installation::new());
        let path = publisher.path("a.mf");
        publisher
            .mirror
            .next(&path, [Response::Cut(9_000), then.clone()]);
        let ended = installation.update(&publisher, &["-v"]).run();
        assert_eq!(ended.status.code(), Some(0), "{then:?}: {ended:#?}");
        installation.assert_complete(&publisher);
    }
}

#[test]
fn a_chunked_response_is_accepted() {
    let (publisher, installation) = (game(), Installation::new());
    publisher.mirror.default_response(Response::Chunked);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
}

/// The file is replaced on the server between two requests.
#[test]
fn another_version_after_a_cut_restarts_the_download() {
    let (mut publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    let (held, release) = Response::held(9_000);
    publisher.mirror.next(&path, [held, Response::Cut(9_000)]);
    let run = installation.update(&publisher, &[]).start();
    publisher.mirror.wait_for_bytes(9_000);
    // The list is requested once, so the file has to match its first version.
    let right = publisher.contents()["a.mf"].clone();
    publisher.mirror.put(&path, noise(9, 30_000));
    drop(release);
    run.wait().exits(0);
    assert_eq!(installation.content("a.mf"), right);

    publisher.file("a.mf", &noise(4, 40_000));
    let path = publisher.path("a.mf");
    let other = packed(&noise(4, 40_000));
    publisher.mirror.put(&path, noise(9, 30_000));
    publisher.mirror.next(&path, [Response::Cut(9_000)]);
    let run = installation.update(&publisher, &[]).start();
    let before = publisher.mirror.sent();
    publisher.mirror.wait_for_bytes(before);
    publisher.mirror.put(&path, other);
    run.wait().exits(0);
    installation.assert_complete(&publisher);
}

#[test]
fn a_download_fails_after_five_attempts() {
    let (publisher, installation) = (game(), Installation::new());
    let path = publisher.path("winter_snow.mf");
    publisher.mirror.always(&path, Response::Cut(7));
    let ended = installation.update(&publisher, &[]).run();
    ended.fails(68, "winter_snow.mf could not be fetched");
    assert_eq!(publisher.mirror.count(&path), 5);
    let part = publisher.part("winter_snow.mf");
    assert_eq!(installation.content(&part).len(), 35, "it is kept");

    publisher.mirror.always(&path, Response::Complete);
    publisher.mirror.take();
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    let requests = publisher.mirror.take();
    assert!(
        requests.iter().any(|request| request.from == Some(35)),
        "{requests:?}"
    );
}

#[test]
fn a_server_that_stops_sending_times_out() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher.mirror.next(&path, [Response::Silent(9_000)]);
    installation
        .update(&publisher, &["--timeout", "0.3"])
        .run()
        .exits(0);
    installation.assert_complete(&publisher);

    let installation = Installation::new();
    publisher.mirror.take();
    publisher.mirror.always(&path, Response::Silent(0));
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
fn a_corrupt_byte_is_detected_and_fetched_again() {
    let (publisher, installation) = (game(), Installation::new());
    for name in publisher.contents().keys() {
        let path = publisher.path(name);
        let last = publisher.mirror.size(&path) - 1;
        let flips = [4, last / 2, last].map(Response::Flipped);
        publisher.mirror.next(&path, flips);
    }
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
}

#[test]
fn a_response_longer_than_the_file_is_refused() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    let right = packed(&publisher.contents()["a.mf"]);
    let (twice, garbage) = ([&right[..], &right].concat(), [&right[..], b"xyz"].concat());
    publisher
        .mirror
        .next(&path, [twice, garbage].map(Response::Replaced));
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
    assert_eq!(publisher.mirror.count(&path), 3);
}

/// The limit is 30 s unless `--timeout` says otherwise.
#[test]
fn a_download_that_is_too_slow_is_resumed() {
    let (publisher, installation) = (one(40_000), Installation::new());
    let path = publisher.path("a.mf");
    publisher.mirror.next(&path, [Response::Trickle]);
    let ended = installation
        .update(&publisher, &["--timeout", "1", "-v"])
        .run()
        .exits(0);
    let words = "the server sends less than 1 KiB a second";
    assert!(ended.stderr.contains(words), "{ended:#?}");
    installation.assert_complete(&publisher);
    let requests = publisher.mirror.take();
    let last = requests.last().expect("a request");
    assert_eq!(last.path, path);
    assert!(last.from.is_some_and(|from| from < 1_000), "{last:?}");
}
