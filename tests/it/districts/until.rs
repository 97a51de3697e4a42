//! `--until` and `--give-up`, the options that end a watch.

use super::{QUIET, TTCC, districts};
use crate::harness::{Home, Reaction, Scripted};

const SHORT_INTERVAL: &str = "--watch=0.1";
const GIVE_UP_SOON: [&str; 2] = ["--give-up", "0.01"];

fn unavailable() -> Reaction {
    Reaction::answer(503, "text/html", "<html>")
}

#[test]
fn a_condition_met_at_once_ends_the_watch() {
    for name in [
        "invasion",
        "invasion=middleman",
        "invasion=Middle-Man",
        "invasion=KAZOO kanyon",
    ] {
        let server = Scripted::new([Reaction::json(TTCC)]);
        let ended = districts("ttcc", &server, &["--until", name]).exits(0);
        assert!(ended.stdout.contains("Kazoo Kanyon"), "{ended:?}");
        assert_eq!(
            ended.stderr,
            "Middleman in Kazoo Kanyon, about 35 minutes left\n"
        );
    }
}

#[test]
fn a_condition_met_later_ends_the_watch_with_its_line() {
    let server = Scripted::new([QUIET, QUIET, TTCC].map(Reaction::json));
    let words = [SHORT_INTERVAL, "--json", "--until", "invasion=middleman"];
    let ended = districts("ttcc", &server, &words).exits(0);
    let events = ended.events();
    assert_eq!(events.len(), 3, "{ended:?}");
    assert!(events[1]["districts"][0]["invasion"].is_null());
    assert_eq!(events[2]["districts"][1]["invasion"]["cog"], "Middleman");
    assert_eq!(ended.stderr, "");
    assert_eq!(server.finish().len(), 3);
}

#[test]
fn online_waits_for_a_closed_or_unreachable_game() {
    let nothing = Reaction::Bytes(Vec::new());
    let server = Scripted::new([
        unavailable(),
        Reaction::answer(429, "text/html", ""),
        Reaction::json("{\"error\":\"Down.\"}"),
        nothing,
        Reaction::answer(200, "text/html", "<html>"),
        Reaction::json(QUIET),
    ]);
    // The condition is checked on all districts, not only on those shown.
    let words = [SHORT_INTERVAL, "--until", "online", "--invasions"];
    let ended = districts("ttcc", &server, &words).exits(0);
    for expected in [
        "HTTP 503), looking again in",
        "try later, looking again in",
        "\"Down.\", looking again in",
        "lost before the answer was complete, looking again in",
        "JSON (line 1, column 1), looking again in",
    ] {
        assert!(ended.stderr.contains(expected), "{expected}: {ended:#?}");
    }
    assert!(ended.stderr.ends_with(" is online\n"), "{ended:#?}");
    assert_eq!(server.finish().len(), 6);
}

#[test]
fn a_game_without_an_open_district_is_not_online() {
    let offline = QUIET.replace("\"online\":true", "\"online\":false");
    let server = Scripted::new([&offline, QUIET].map(Reaction::json));
    districts("ttcc", &server, &[SHORT_INTERVAL, "--until", "online"]).exits(0);
    assert_eq!(server.finish().len(), 2);
}

#[test]
fn invasion_fails_when_the_first_request_fails() {
    let server = Scripted::new([unavailable()]);
    districts("ttcc", &server, &["--until", "invasion"]).fails(69, "HTTP 503");
}

#[test]
fn online_fails_when_the_first_answer_is_not_understood() {
    let server = Scripted::new([Reaction::answer(200, "text/html", "<html>")]);
    districts("ttcc", &server, &["--until", "online"]).fails(76, "answered with");
}

#[test]
fn give_up_ends_every_phase_of_the_watch() {
    let silence = Reaction::Silence(Vec::new());
    for (reaction, words, expected) in [
        // Between successful requests.
        (
            Reaction::json(QUIET),
            &[SHORT_INTERVAL, "--until", "invasion"][..],
            "had no invasion within 0.6 s",
        ),
        (
            Reaction::json(TTCC),
            &[SHORT_INTERVAL, "--until", "invasion=flunky"],
            "had no invasion of that name within 0.6 s",
        ),
        // During a request.
        (
            silence,
            &["--until", "invasion"],
            "had no invasion within 0.6 s",
        ),
        // After a failed request.
        (
            unavailable(),
            &["--watch=60", "--until", "online"],
            "was not online within 0.6 s",
        ),
        // During the pause before the next request.
        (Reaction::json(QUIET), &["--watch"], "was watched for 0.6 s"),
    ] {
        let server = Scripted::always(reaction);
        let words = [words, &GIVE_UP_SOON].concat();
        let ended = districts("ttcc", &server, &words).fails(75, expected);
        assert!(ended.hint().contains("--give-up"), "{ended:?}");
    }
}

#[test]
fn json_reports_that_the_watch_gave_up() {
    let server = Scripted::always(Reaction::json(QUIET));
    let words = [&["--json", "--until", "invasion"][..], &GIVE_UP_SOON].concat();
    let error = districts("ttcc", &server, &words).exits(75).error_event();
    assert_eq!(error["reason"], "try-later");
    assert_eq!(error["game"], "ttcc");
}

#[test]
fn give_up_and_notify_need_a_watch() {
    let home = Home::new();
    for words in [
        &["--give-up", "1"][..],
        &["--notify"],
        &["--until"],
        &["--until", "invaded"],
        &["--until", "invasion=-"],
        &["--watch", "--give-up", "soon"],
    ] {
        let words = [&["ttr", "districts"], words].concat();
        home.program(&words).run().exits(64);
    }
}
