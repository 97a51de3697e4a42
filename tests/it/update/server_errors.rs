//! Missing files, rate limits and invalid content, each with its own status. Old files are kept.

use std::time::{Duration, Instant};

use super::{game, one};
use crate::harness::Home;
use crate::harness::installation::{Installation, is_temporary};
use crate::harness::publisher::{LIST, MIRRORS, noise};
use crate::harness::response::Response;

/// Returns responses with the exit status and the words of the error.
fn all() -> Vec<(Response, i32, &'static str)> {
    vec![
        (Response::status(404), 69, "the server does not have it"),
        (Response::status(410), 69, "the server does not have it"),
        (Response::status(500), 69, "HTTP 500"),
        (Response::status(503), 69, "HTTP 503"),
        (Response::retry_after(503, 3600), 75, "1 h"),
        (
            Response::retry_after(429, 7200),
            75,
            "asks to try again in 2 h",
        ),
        (Response::status(429), 75, "asks to try later"),
        (Response::status(403), 76, "HTTP 403"),
        (
            Response::Refused(302, vec![("Location", "/elsewhere".to_owned())]),
            76,
            "HTTP 302",
        ),
        (Response::html(), 65, "the hash does not match"),
        (Response::Flipped(9), 65, "the hash does not match"),
        (
            Response::Replaced(Vec::new()),
            65,
            "the hash does not match",
        ),
        (
            Response::Replaced(crate::harness::publisher::packed(b"another file")),
            65,
            "the hash does not match",
        ),
        (Response::WithLength(1 << 50), 74, "needs 2251 TB"),
        (Response::Cut(0), 68, "the connection was lost"),
    ]
}

#[test]
fn a_file_that_cannot_be_fetched_is_named_and_the_old_one_kept() {
    for (serving, status, words) in all() {
        let mut publisher = one(40_000);
        let installation = Installation::of(&publisher);
        let old = installation.content("a.mf");
        publisher.file("a.mf", &noise(2, 50_000));
        publisher
            .mirror
            .always(&publisher.path("a.mf"), serving.clone());
        let ended = installation.update(&publisher, &[]).run();
        assert!(ended.stderr.contains(words), "{serving:?}: {ended:#?}");
        ended.fails(status, "a.mf ");
        assert_eq!(installation.names(), ["a.mf"], "{serving:?}");
        assert!(installation.content("a.mf") == old, "{serving:?}");
    }
}

#[test]
fn finished_files_are_kept() {
    let (publisher, installation) = (game(), Installation::new());
    publisher
        .mirror
        .always(&publisher.path("winter_snow.mf"), Response::status(404));
    installation
        .update(&publisher, &[])
        .run()
        .fails(69, "winter_snow.mf");
    for (name, content) in installation.files() {
        assert!(
            is_temporary(&name) || publisher.contents()[&name] == content,
            "{name}"
        );
    }
    publisher
        .mirror
        .always(&publisher.path("winter_snow.mf"), Response::Complete);
    installation.update(&publisher, &[]).run().exits(0);
    installation.assert_complete(&publisher);
}

#[test]
fn a_short_retry_after_is_waited_for() {
    for status in [429, 503] {
        let (publisher, installation) = (one(4_000), Installation::new());
        let path = publisher.path("a.mf");
        publisher
            .mirror
            .next(&path, [Response::retry_after(status, 1)]);
        let began = Instant::now();
        installation.update(&publisher, &[]).run().exits(0);
        assert!(began.elapsed() >= Duration::from_secs(1));
        installation.assert_complete(&publisher);
    }
}

#[test]
fn without_the_list_nothing_is_created() {
    for (serving, status) in [
        (Response::status(404), 76),
        (Response::status(302), 76),
        (Response::status(500), 69),
        (Response::retry_after(429, 1), 75),
        (Response::Cut(20), 68),
        (Response::html(), 76),
        (Response::Replaced(Vec::new()), 76),
    ] {
        let (publisher, installation) = (game(), Installation::new());
        publisher.mirror.always(LIST, serving.clone());
        for more in [&[][..], &["--check"]] {
            let ended = installation.update(&publisher, more).run();
            assert_eq!(ended.status.code(), Some(status), "{serving:?} {ended:#?}");
            ended.fails(status, "the list of files of");
            assert!(installation.home_listing().is_empty(), "{serving:?}");
        }
    }
}

#[test]
fn without_a_list_of_mirrors_the_default_is_used() {
    for serving in [
        Response::status(404),
        Response::status(500),
        Response::html(),
        Response::Replaced(b"[]".to_vec()),
        Response::Replaced(br#"["gopher://a/", 7, null, {}, ""]"#.to_vec()),
        Response::Cut(3),
    ] {
        let (publisher, installation) = (game(), Installation::new());
        publisher.mirror.always(MIRRORS, serving);
        installation.update(&publisher, &[]).run().exits(0);
        installation.assert_complete(&publisher);
    }
}

#[test]
fn a_refused_connection_is_status_68() {
    let (home, port) = (Home::new(), crate::harness::ClosedPort::new());
    home.program(&["ttr", "update", "--api", &port.root()])
        .run()
        .fails(68, "the list of files");
}
