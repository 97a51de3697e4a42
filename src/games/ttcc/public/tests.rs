//! The samples of both interfaces, and replies of other forms.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::mutation::mutated;
use crate::games::ttcc::Ttcc;
use crate::protocol::ServerMessage;
use crate::protocol::{Availability, Login};

const CURRENT: &str = r#"[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion_online":true,"last_update":1651361858,"cogs_attacking":"Middleman","count_defeated":180,"count_total":4913,"remaining_time":2082}]"#;
const DOCUMENTED_SAMPLE: &str = r#"[
    {"name": "", "population": 0, "invasion_online": "true", "last_update": "", "cogs_attacking": "",
     "count_defeated": 0, "count_total": 0, "remaining_time": 0},
    {"name": "", "population": 0, "invasion_online": "true", "last_update": "", "cogs_attacking": "",
     "count_defeated": 0, "count_total": 0, "remaining_time": 0}]"#;
const INFO: &str = r#"{"num_toons":312,"production_closed":false,"production_closed_reason":"","version":"v1.9.4"}"#;

fn read(body: &str) -> Result<DistrictTable, Error> {
    read_districts(&Reply::new(200, body))
}

fn to_json(body: &str) -> Value {
    serde_json::to_value(read(body).expect(body)).expect("JSON")
}

fn invasion(fields: &str) -> Option<Invasion> {
    let table = read(&format!(r#"[{{"name":"A",{fields}}}]"#)).expect(fields);
    table
        .districts
        .into_iter()
        .find_map(|district| district.invasion)
}

#[test]
fn each_interface_has_its_own_path() {
    let paths =
        [Interface::Current, Interface::Documented].map(|it| district_request(it).request.path);
    assert_eq!(paths, ["/api/v1/districts.js", "/api/v1/districts/"]);
    assert_eq!(
        district_request(Interface::Current).request,
        Request::get("/api/v1/districts.js")
    );
}

#[test]
fn the_current_sample_is_read() {
    assert_eq!(
        to_json(CURRENT),
        json!({"game": "ttcc", "as_of": "2022-04-30T23:37:38Z", "population": 37, "districts": [
            {"name": "Kazoo Kanyon", "as_of": "2022-04-30T23:37:38Z", "online": true, "population": 37, "invasion":
                {"cog": "Middleman", "defeated": 180, "total": 4913, "remaining_seconds": 2082}}]})
    );
}

#[test]
fn the_documented_sample_has_two_districts_without_names() {
    let district = json!({"name": "", "online": null, "population": 0, "invasion":
        {"cog": null, "defeated": 0, "total": 0, "remaining_seconds": 0}});
    assert_eq!(
        to_json(DOCUMENTED_SAMPLE),
        json!({"game": "ttcc", "as_of": null, "population": 0, "districts": [district, district]})
    );
}

#[test]
fn the_types_of_both_interfaces_are_equivalent() {
    let documented = r#"[{"name":"Kazoo Kanyon","online":"true","population":"37","invasion_online":"true",
        "last_update":"1651361858","cogs_attacking":"Middleman","count_defeated":"180","count_total":"4913",
        "remaining_time":"2082"}]"#;
    assert_eq!(read(documented), read(CURRENT));
}

#[test]
fn a_district_without_an_invasion_may_have_data_of_the_previous_one() {
    for fields in [
        r#""invasion_online":false,"cogs_attacking":"None","count_defeated":180,"count_total":0"#,
        r#""invasion_online":"false","cogs_attacking":"","count_defeated":"","count_total":"""#,
        r#""invasion_online":false,"cogs_attacking":"Middleman","count_defeated":180"#,
        r#""invasion_online":null,"cogs_attacking":"none""#,
        r#""cogs_attacking":null,"count_defeated":180"#,
    ] {
        assert_eq!(invasion(fields), None, "{fields}");
    }
}

#[test]
fn an_invasion_may_lack_values() {
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
fn the_order_is_that_of_the_reply_and_the_time_that_of_the_newest_district() {
    let table = read(r#"[{"name":"B","last_update":7,"population":1},null,{"name":"A","last_update":"9"},7,{"name":"C","last_update":""}]"#)
        .expect("districts");
    let names: Vec<&str> = table.districts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        (names, table.as_of, table.population),
        (vec!["B", "A", "C"], Some(9), Some(1))
    );
}

#[test]
fn an_empty_reply_has_no_districts_and_other_forms_are_not_understood() {
    assert_eq!(
        to_json("[]"),
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
    assert!(read_districts(&Reply::new(429, CURRENT)).is_ok());
    let limited = read_districts(&Reply::new(429, r#"{"error":"Busy."}"#));
    assert!(matches!(limited, Err(Error::TryLater { .. })));
    assert!(matches!(
        read_districts(&Reply::new(429, "[]")),
        Err(Error::TryLater { .. })
    ));
}

#[test]
fn the_game_info_has_the_population_and_the_status() {
    let info = |body: &str| {
        let info = Ttcc::read_status(&Reply::new(200, body));
        info.map(|it| (it.availability, it.population))
    };
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
    fn mutated_replies_never_panic_nor_keep_control_characters(
        body in mutated(vec![CURRENT, DOCUMENTED_SAMPLE, INFO])
    ) {
        let reply = Reply::new(200, body);
        let _ = Ttcc::read_status(&reply);
        if let Ok(table) = read_districts(&reply) {
            let json = serde_json::to_string(&table).expect("JSON");
            prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
        }
    }
}
