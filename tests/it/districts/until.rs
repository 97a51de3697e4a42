//! `--until` and `--give-up`: what ends a watch by itself.

use super::{QUIET, TTCC, districts};
use crate::harness::{Home, Reaction, Scripted};

const OFTEN: &str = "--watch=0.1";
const NOT_LONG: [&str; 2] = ["--give-up", "0.01"];

fn failing() -> Reaction {
    Reaction::answer(503, "text/html", "<html>")
}

#[test]
fn it_may_hold_at_the_first_look() {
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
fn it_may_hold_at_a_later_look_which_is_the_last_line_for_scripts() {
    let server = Scripted::new([QUIET, QUIET, TTCC].map(Reaction::json));
    let words = [OFTEN, "--json", "--until", "invasion=middleman"];
    let ended = districts("ttcc", &server, &words).exits(0);
    let seen = ended.events();
    assert_eq!(seen.len(), 3, "{ended:?}");
    assert!(seen[1]["districts"][0]["invasion"].is_null());
    assert_eq!(seen[2]["districts"][1]["invasion"]["cog"], "Middleman");
    assert_eq!(ended.stderr, "");
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn a_game_that_is_closed_or_out_of_reach_is_waited_for() {
    let nothing = Reaction::Bytes(Vec::new());
    let server = Scripted::new([
        failing(),
        Reaction::answer(429, "text/html", ""),
        Reaction::json("{\"error\":\"Down.\"}"),
        nothing,
        Reaction::answer(200, "text/html", "<html>"),
        Reaction::json(QUIET),
    ]);
    // What is shown is not all that counts.
    let words = [OFTEN, "--until", "online", "--invasions"];
    let ended = districts("ttcc", &server, &words).exits(0);
    for told in [
        "HTTP 503), looking again in",
        "try later, looking again in",
        "\"Down.\", looking again in",
        "lost before the answer was whole, looking again in",
        "JSON (line 1, column 1), looking again in",
    ] {
        assert!(ended.stderr.contains(told), "{told}: {ended:#?}");
    }
    assert!(ended.stderr.ends_with(" is online\n"), "{ended:#?}");
    assert_eq!(server.seen().len(), 6);
}

#[test]
fn a_game_without_an_open_district_is_not_online() {
    let offline = QUIET.replace("\"online\":true", "\"online\":false");
    let server = Scripted::new([&offline, QUIET].map(Reaction::json));
    districts("ttcc", &server, &[OFTEN, "--until", "online"]).exits(0);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn an_invasion_is_not_waited_for_where_nothing_is_told_at_first() {
    let server = Scripted::new([failing()]);
    districts("ttcc", &server, &["--until", "invasion"]).fails(69, "HTTP 503");
}

#[test]
fn what_does_not_understand_itself_at_first_is_no_game_to_wait_for() {
    let server = Scripted::new([Reaction::answer(200, "text/html", "<html>")]);
    districts("ttcc", &server, &["--until", "online"]).fails(76, "answered with");
}

#[test]
fn it_gives_up_when_it_was_told_to_whatever_it_is_doing() {
    let silence = Reaction::Silence(Vec::new());
    for (reaction, words, told) in [
        // Looking again and again.
        (
            Reaction::json(QUIET),
            &[OFTEN, "--until", "invasion"][..],
            "had no invasion within 0.6 s",
        ),
        (
            Reaction::json(TTCC),
            &[OFTEN, "--until", "invasion=flunky"],
            "had no invasion of that name within 0.6 s",
        ),
        // In the middle of a look.
        (
            silence,
            &["--until", "invasion"],
            "had no invasion within 0.6 s",
        ),
        // After a look that was lost.
        (
            failing(),
            &["--watch=60", "--until", "online"],
            "was not online within 0.6 s",
        ),
        // Before the next look.
        (Reaction::json(QUIET), &["--watch"], "was watched for 0.6 s"),
    ] {
        let server = Scripted::always(reaction);
        let words = [words, &NOT_LONG].concat();
        let ended = districts("ttcc", &server, &words).fails(75, told);
        assert!(ended.told().1.contains("--give-up"), "{ended:?}");
    }
}

#[test]
fn scripts_read_that_it_gave_up() {
    let server = Scripted::always(Reaction::json(QUIET));
    let words = [&["--json", "--until", "invasion"][..], &NOT_LONG].concat();
    let error = districts("ttcc", &server, &words).exits(75).error_event();
    assert_eq!(error["reason"], "try-later");
    assert_eq!(error["game"], "ttcc");
}

#[test]
fn an_end_or_a_notice_needs_something_that_is_watched() {
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
