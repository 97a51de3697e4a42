//! The document's sample, the current interface's, and what may come in their place.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::mutation::mutated;
use crate::protocol::ServerMessage;

const CURRENT: &str = r#"[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion_online":true,"last_update":1651361858,"cogs_attacking":"Middleman","count_defeated":180,"count_total":4913,"remaining_time":2082}]"#;
const SEED: &str = r#"[
    {"name": "", "population": 0, "invasion_online": "true", "last_update": "", "cogs_attacking": "",
     "count_defeated": 0, "count_total": 0, "remaining_time": 0},
    {"name": "", "population": 0, "invasion_online": "true", "last_update": "", "cogs_attacking": "",
     "count_defeated": 0, "count_total": 0, "remaining_time": 0}]"#;
const INFO: &str = r#"{"num_toons":312,"production_closed":false,"production_closed_reason":"","version":"v1.9.4"}"#;

fn read(body: &str) -> Result<DistrictTable, Error> {
    districts(&Reply::new(200, body))
}

fn written(body: &str) -> Value {
    serde_json::to_value(read(body).expect(body)).expect("JSON")
}

fn invasion(fields: &str) -> Option<Invasion> {
    let census = read(&format!(r#"[{{"name":"A",{fields}}}]"#)).expect(fields);
    census
        .districts
        .into_iter()
        .find_map(|district| district.invasion)
}

#[test]
fn each_interface_has_its_own_path() {
    let paths = [Interface::Current, Interface::Documented].map(|it| ask_districts(it).path);
    assert_eq!(paths, ["/api/v1/districts.js", "/api/v1/districts/"]);
    assert_eq!(
        ask_districts(Interface::Current),
        Request::get("/api/v1/districts.js")
    );
}

#[test]
fn the_current_sample_is_written_as_the_command_line_promises() {
    assert_eq!(
        written(CURRENT),
        json!({"game": "ttcc", "as_of": "2022-04-30T23:37:38Z", "population": 37, "districts": [
            {"name": "Kazoo Kanyon", "online": true, "population": 37, "invasion":
                {"cog": "Middleman", "defeated": 180, "total": 4913, "remaining_seconds": 2082}}]})
    );
}

#[test]
fn the_sample_of_the_document_is_two_districts_without_a_name() {
    let district = json!({"name": "", "online": null, "population": 0, "invasion":
        {"cog": null, "defeated": 0, "total": 0, "remaining_seconds": 0}});
    assert_eq!(
        written(SEED),
        json!({"game": "ttcc", "as_of": null, "population": 0, "districts": [district, district]})
    );
}

#[test]
fn the_types_of_the_document_mean_the_same() {
    let documented = r#"[{"name":"Kazoo Kanyon","online":"true","population":"37","invasion_online":"true",
        "last_update":"1651361858","cogs_attacking":"Middleman","count_defeated":"180","count_total":"4913",
        "remaining_time":"2082"}]"#;
    assert_eq!(read(documented), read(CURRENT));
}

#[test]
fn an_idle_district_has_no_invasion_whatever_is_left_over() {
    for idle in [
        r#""invasion_online":false,"cogs_attacking":"None","count_defeated":180,"count_total":0"#,
        r#""invasion_online":"false","cogs_attacking":"","count_defeated":"","count_total":"""#,
        r#""invasion_online":false,"cogs_attacking":"Middleman","count_defeated":180"#,
        r#""invasion_online":null,"cogs_attacking":"none""#,
        r#""cogs_attacking":null,"count_defeated":180"#,
    ] {
        assert_eq!(invasion(idle), None, "{idle}");
    }
}

#[test]
fn an_invasion_tells_what_it_can() {
    let unknown = Some(Invasion::Cogs(CogInvasion::default()));
    assert_eq!(
        invasion(
            r#""invasion_online":true,"cogs_attacking":"None","count_defeated":"","count_total":-1"#
        ),
        unknown
    );
    let bean_counter = Some(Invasion::Cogs(CogInvasion {
        cog: Some("Bean Counter".to_owned()),
        ..CogInvasion::default()
    }));
    assert_eq!(
        invasion(
            r#""cogs_attacking":"Bean\u0003 \u202eCounter","count_defeated":{},"count_total":1e300"#
        ),
        bean_counter
    );
}

#[test]
fn the_order_is_as_told_and_the_age_that_of_the_newest() {
    let census = read(r#"[{"name":"B","last_update":7,"population":1},null,{"name":"A","last_update":"9"},7,{"name":"C","last_update":""}]"#)
        .expect("districts");
    let names: Vec<&str> = census.districts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        (names, census.as_of, census.population),
        (vec!["B", "A", "C"], Some(9), Some(1))
    );
}

#[test]
fn no_districts_are_an_answer_and_no_answer_is_none() {
    assert_eq!(
        written("[]"),
        json!({"game": "ttcc", "as_of": null, "population": null, "districts": []})
    );
    for body in [
        "",
        "{}",
        "null",
        "7",
        "<html>",
        "[7]",
        "[{}]",
        "[[]]",
        r#"[{"error":"x"}]"#,
        r#"[{"name":"A"}"#,
    ] {
        assert!(matches!(read(body), Err(Error::NotUnderstood(_))), "{body}");
    }
    let message = ServerMessage::new(Some("Busy."));
    assert_eq!(
        read(r#"{"error":"Busy."}"#),
        Err(Error::ServerFailed {
            status: None,
            message
        })
    );
    assert!(matches!(
        districts(&Reply::new(429, CURRENT)),
        Err(Error::TryLater { .. })
    ));
}

#[test]
fn the_game_says_how_many_toons_there_are_and_whether_it_is_open() {
    let info = |body: &str| game_info(&Reply::new(200, body)).map(|it| (it.door, it.population));
    assert_eq!(info(INFO), Ok((Availability::Open, Some(312))));
    assert_eq!(
        info(
            r#"{"num_toons":"","production_closed":"true","production_closed_reason":"Up\u001b[2Jdate."}"#
        ),
        Ok((
            Availability::Closed(ServerMessage::new(Some("Update."))),
            None
        ))
    );
    for body in [
        "{}",
        "[]",
        "",
        "<html>",
        r#"{"num_toons":3,"production_closed":null}"#,
    ] {
        assert!(matches!(info(body), Err(Error::NotUnderstood(_))), "{body}");
    }
}

proptest! {
    #[test]
    fn mutated_answers_never_panic_nor_steer_a_terminal(body in mutated(vec![CURRENT, SEED, INFO])) {
        let reply = Reply::new(200, body);
        let _ = game_info(&reply);
        if let Ok(census) = districts(&reply) {
            let written = serde_json::to_string(&census).expect("JSON");
            prop_assert!(!written.contains("\\u00") && !written.contains('\u{202e}'), "{written}");
        }
    }
}
