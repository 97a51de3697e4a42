//! Servers that do not have a file, ask to try later, or send something else, each with its status; the old files stay.

use std::time::{Duration, Instant};

use super::{game, one};
use crate::harness::Home;
use crate::harness::installation::{Installation, is_temporary};
use crate::harness::publisher::{LIST, MIRRORS, noise};
use crate::harness::serving::Serving;

/// The response for every file, the exit status, and a part of the message.
fn all() -> Vec<(Serving, i32, &'static str)> {
    vec![
        (Serving::status(404), 69, "the server does not have it"),
        (Serving::status(410), 69, "the server does not have it"),
        (Serving::status(500), 69, "HTTP 500"),
        (Serving::status(503), 69, "HTTP 503"),
        (Serving::later(503, 3600), 75, "1 h"),
        (Serving::later(429, 7200), 75, "asks to try again in 2 h"),
        (Serving::status(429), 75, "asks to try later"),
        (Serving::status(403), 76, "HTTP 403"),
        (
            Serving::Refused(302, vec![("Location", "/elsewhere".to_owned())]),
            76,
            "HTTP 302",
        ),
        (Serving::html(), 65, "cannot be unpacked"),
        (Serving::Flipped(9), 65, "cannot be unpacked"),
        (Serving::Instead(Vec::new()), 65, "cannot be unpacked"),
        (
            Serving::Instead(crate::harness::publisher::packed(b"another file")),
            65,
            "hash does not match",
        ),
        (Serving::Announced(1 << 50), 74, "needs 2251 TB"),
        (Serving::Cut(0), 68, "the connection was lost"),
    ]
}

#[test]
fn a_file_that_cannot_be_downloaded_is_reported_and_the_old_one_stays() {
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
fn files_that_are_complete_stay() {
    let (publisher, installation) = (game(), Installation::new());
    publisher
        .mirror
        .always(&publisher.path("winter_snow.mf"), Serving::status(404));
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
        .always(&publisher.path("winter_snow.mf"), Serving::Well);
    installation.update(&publisher, &[]).run().exits(0);
    installation.is_whole(&publisher);
}

#[test]
fn the_pause_that_a_server_asks_for_is_observed() {
    for status in [429, 503] {
        let (publisher, installation) = (one(4_000), Installation::new());
        let path = publisher.path("a.mf");
        publisher.mirror.next(&path, [Serving::later(status, 1)]);
        let began = Instant::now();
        installation.update(&publisher, &[]).run().exits(0);
        assert!(began.elapsed() >= Duration::from_secs(1));
        installation.is_whole(&publisher);
    }
}

#[test]
fn without_the_list_nothing_is_created() {
    for (serving, status) in [
        (Serving::status(404), 76),
        (Serving::status(302), 76),
        (Serving::status(500), 69),
        (Serving::later(429, 1), 75),
        (Serving::Cut(20), 68),
        (Serving::html(), 76),
        (Serving::Instead(Vec::new()), 76),
    ] {
        let (publisher, installation) = (game(), Installation::new());
        publisher.mirror.always(LIST, serving.clone());
        for more in [&[][..], &["--check"]] {
            let ended = installation.update(&publisher, more).run();
            assert_eq!(ended.status.code(), Some(status), "{serving:?} {ended:#?}");
            ended.fails(status, "the list of files of");
            assert!(installation.everything().is_empty(), "{serving:?}");
        }
    }
}

#[test]
fn without_a_list_of_mirrors_the_default_one_is_used() {
    for serving in [
        Serving::status(404),
        Serving::status(500),
        Serving::html(),
        Serving::Instead(b"[]".to_vec()),
        Serving::Instead(br#"["gopher://a/", 7, null, {}, ""]"#.to_vec()),
        Serving::Cut(3),
    ] {
        let (publisher, installation) = (game(), Installation::new());
        publisher.mirror.always(MIRRORS, serving);
        installation.update(&publisher, &[]).run().exits(0);
        installation.is_whole(&publisher);
    }
}

#[test]
fn a_refused_connection_fails_with_status_68() {
    let (home, nobody) = (Home::new(), crate::harness::Refusing::new());
    home.program(&["ttr", "update", "--api", &nobody.root()])
        .run()
        .fails(68, "the list of files");
}
