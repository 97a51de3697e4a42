//! Unusual but valid answers. The documents say strings, but the servers have sent other types too.

use crate::harness::failures::{DELAYED, answers};
use crate::harness::{Home, Scripted};

/// Asserts that a login with these answers succeeds and prints these variables.
#[track_caller]
fn assert_granted<const N: usize>(bodies: [&str; N], gameserver: &str, cookie: &str) {
    let (home, server) = (Home::new(), Scripted::new(answers(bodies)));
    let ended = home.ttr("login", &server.root(), &["--json"]).run();
    let events = ended.exits(0).events();
    let environment = &events.last().expect("an event")["environment"];
    assert_eq!(environment["TTR_GAMESERVER"], gameserver);
    assert_eq!(environment["TTR_PLAYCOOKIE"], cookie);
    server.finish();
}

#[test]
fn booleans_numbers_nulls_and_unknown_fields_are_accepted() {
    for body in [
        r#"{"success":true,"gameserver":"7","cookie":"8"}"#,
        r#"{"success":"true","gameserver":7,"cookie":8}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","ip":null,"banner":null,"eta":null}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","new":{"a":[1,{"b":null}]},"":false}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","manifest":"/content/patchmanifest"}"#,
        r#"{"success":"true","gameserver":"7","cookie":"8","manifest":["x"],"position":{}}"#,
        " \n{ \"cookie\" : \"8\", \"gameserver\" : \"7\", \"success\" : \"true\" }\r\n",
    ] {
        assert_granted([body], "7", "8");
    }
}

#[test]
fn deeply_nested_unknown_fields_are_ignored() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for key in ["new", "banner"] {
        let body = format!(r#"{{"{key}":{deep},"success":"true","gameserver":"7","cookie":"8"}}"#);
        assert_granted([&body], "7", "8");
    }
}

#[test]
fn text_of_any_script_reaches_the_game_unchanged() {
    let body =
        r#"{"success":"true","gameserver":"g's.example:7198","cookie":"\u00e9 $(id)`'\"🙂"}"#;
    assert_granted([body], "g's.example:7198", "é $(id)`'\"🙂");
}

#[test]
fn a_queue_position_can_be_a_number_text_or_invalid() {
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
        server.finish();
    }
}

#[test]
fn a_queue_with_an_enormous_eta_is_printed() {
    let delayed = DELAYED.replace("\"0\"", "18446744073709551615");
    let granted = r#"{"success":"true","gameserver":"7","cookie":"8"}"#;
    let (home, server) = (Home::new(), Scripted::new(answers([&delayed, granted])));
    let ended = home.ttr("login", &server.root(), &[]).run().exits(0);
    assert!(
        ended.stderr.contains("in queue, position 1, about "),
        "{ended:#?}"
    );
    server.finish();
}
