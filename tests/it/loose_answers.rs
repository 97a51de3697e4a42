//! Answers that are odd and right: the documents say strings, the servers have sent both.

use crate::harness::failed::{DELAYED, answers};
use crate::harness::{Home, Scripted};

/// A login with these answers goes well and prints these variables.
#[track_caller]
fn lets_in<const N: usize>(bodies: [&str; N], gameserver: &str, cookie: &str) {
    let (home, server) = (Home::new(), Scripted::new(answers(bodies)));
    let ended = home.ttr("login", &server.root(), &["--json"]).run();
    let events = ended.exits(0).events();
    let environment = &events.last().expect("an event")["environment"];
    assert_eq!(environment["TTR_GAMESERVER"], gameserver);
    assert_eq!(environment["TTR_PLAYCOOKIE"], cookie);
    server.seen();
}

#[test]
fn booleans_numbers_nulls_and_unknown_fields_are_fine() {
    for body in [
        r#"{"success":true,"gameserver":"7","cookie":"8"}"#,
        r#"{"success":"true","gameserver":7,"cookie":8}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","ip":null,"banner":null,"eta":null}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","new":{"a":[1,{"b":null}]},"":false}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","manifest":"/content/patchmanifest"}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","manifest":["x"],"position":{}}"#,
        " \n{ \"cookie\" : \"8\", \"gameserver\" : \"7\", \"success\" : \"true\" }\r\n",
    ] {
        lets_in([body], "7", "8");
    }
}

#[test]
fn a_deep_answer_is_read_as_far_as_it_matters() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for key in ["new", "banner"] {
        let body = format!(r#"{{"{key}":{deep},"success":"true","gameserver":"7","cookie":"8"}}"#);
        lets_in([&body], "7", "8");
    }
}

#[test]
fn text_of_any_script_reaches_the_game_unchanged() {
    let body =
        r#"{"success":"true","gameserver":"g's.example:7198","cookie":"\u00e9 $(id)`'\"🙂"}"#;
    lets_in([body], "g's.example:7198", "é $(id)`'\"🙂");
}

#[test]
fn a_place_in_line_may_be_told_in_numbers_text_or_nonsense() {
    let granted = r#"{"success":"true","gameserver":"7","cookie":"8"}"#;
    for (place, position, eta) in [
        (r#""position":15,"eta":60"#, Some(15), Some(60)),
        (r#""position":"15","eta":"60""#, Some(15), Some(60)),
        (r#""position":null,"eta":-1"#, None, None),
        (r#""position":"\u001b[31msoon","eta":{"a":1}"#, None, None),
        (
            r#""position":18446744073709551615,"eta":1e300"#,
            Some(u64::MAX),
            None,
        ),
        (r#""eta":18446744073709551615"#, None, Some(u64::MAX)),
    ] {
        let delayed = format!(r#"{{"success":"delayed",{place},"queueToken":"qt-5ec7e7"}}"#);
        let (home, server) = (Home::new(), Scripted::new(answers([&delayed, granted])));
        let ended = home.ttr("login", &server.root(), &["--json"]).run();
        let ended = ended.exits(0);
        assert_eq!(ended.event_names(), ["login", "queued", "ready"], "{place}");
        let queued = &ended.events()[1];
        assert_eq!(
            (queued["position"].as_u64(), queued["eta"].as_u64()),
            (position, eta)
        );
        server.seen();
    }
}

#[test]
fn the_line_is_told_to_people_whatever_its_numbers() {
    let delayed = DELAYED.replace("\"0\"", "18446744073709551615");
    let granted = r#"{"success":"true","gameserver":"7","cookie":"8"}"#;
    let (home, server) = (Home::new(), Scripted::new(answers([&delayed, granted])));
    let ended = home.ttr("login", &server.root(), &[]).run().exits(0);
    assert!(
        ended.stderr.contains("in queue, position 1, about "),
        "{ended:#?}"
    );
    server.seen();
}
