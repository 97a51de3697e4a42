//! Replies in the documented form and in others.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::mutation::mutated;
use crate::games::tlopo::Tlopo;
use crate::protocol::{Availability, Login, ServerMessage};

const SHARDS_SAMPLE: &str = r#"{
    "401000000":{"available":true,"name":"Vachira","created":1735680000,"fleet":{},"invasion":
        {"location":"Port\u0003 Royal","state":"Main Wave","phase":2,"numPlayers":"14","started":1735689600},"population":52},
    "402000000":{"available":"false","name":"Abassa","created":null,"fleet":
        {"started":1735689600,"shipsRemaining":7,"state":"Sailing","type":"Treasure Fleet"},"invasion":{},"population":"31"}}"#;
const SYSTEM: &str = r#"{"status":2,"servers":{"w\u001b[1meb":[{"name":"web\u0007site\u202e","status":1}],
    "oceans":[{"name":"Abassa","status":"3"},{"name":null,"status":"well"},null]},"notices":{"1":["A\u001b[2Jhoy."]},"message":"Back\u001b[2J soon."}"#;

fn read(body: &str) -> Result<DistrictTable, Error> {
    read_shards(&Reply::new(200, body))
}

fn to_json(body: &str) -> Value {
    serde_json::to_value(read(body).expect(body)).expect("JSON")
}

#[test]
fn oceans_are_sorted_by_name_and_have_fleets_and_invasions() {
    assert_eq!(shards_request().request, Request::get("/shards/"));
    assert_eq!(
        to_json(SHARDS_SAMPLE),
        json!({"game": "tlopo", "as_of": null, "population": 83, "districts": [
            {"name": "Abassa", "online": false, "population": 31, "invasion": null, "fleet":
                {"type": "Treasure Fleet", "state": "Sailing", "ships_remaining": 7, "started": "2025-01-01T00:00:00Z"}},
            {"name": "Vachira", "online": true, "population": 52, "fleet": null, "invasion":
                {"location": "Port Royal", "state": "Main Wave", "phase": "2", "players": 14,
                 "started": "2025-01-01T00:00:00Z"}},
        ]})
    );
}

#[test]
fn an_ocean_without_a_name_gets_its_number() {
    for shard in [
        "{}",
        r#"{"available":null,"name":"","fleet":null,"invasion":null,"population":null}"#,
        r#"{"available":"soon","name":"\u202e","fleet":[],"invasion":[],"population":-1}"#,
        r#"{"fleet":{"started":{}},"invasion":{"numPlayers":"many"},"name":[]}"#,
    ] {
        assert_eq!(
            to_json(&format!(r#"{{"4\u00031":{shard},"2":null}}"#)),
            json!({"game": "tlopo", "as_of": null, "population": null, "districts": [
                {"name": "41", "online": null, "population": null, "invasion": null, "fleet": null}]})
        );
    }
}

#[test]
fn an_empty_reply_has_no_oceans_and_other_forms_are_not_understood() {
    for body in ["{}", "[]"] {
        let table = read(body).expect(body);
        assert!(table.districts.is_empty() && table.has_oceans(), "{body}");
    }
    for body in [
        "",
        "null",
        "7",
        "[7]",
        "<html>",
        r#"{"message":"hello"}"#,
        r#"{"1":{"name":"A""#,
    ] {
        assert!(matches!(read(body), Err(Error::NotUnderstood(_))), "{body}");
    }
    assert!(matches!(
        read(r#"{"error":"No data."}"#),
        Err(Error::ServerFailed { .. })
    ));
    assert!(matches!(
        read_shards(&Reply::new(503, "{}")),
        Err(Error::ServerFailed { .. })
    ));
}

#[test]
fn the_system_status_may_have_a_message_while_open() {
    let read = |body: &str| Tlopo::read_status(&Reply::new(200, body));
    let status = read(SYSTEM).expect("a status");
    assert_eq!(status.availability, Availability::Open);
    assert_eq!(status.message.get(), Some("Back soon."));
    for body in [
        r#"{"status":"3","servers":[]}"#,
        r#"{"status":3,"servers":null,"message":null}"#,
    ] {
        let availability = read(body).expect(body).availability;
        assert_eq!(availability, Availability::Closed(ServerMessage::default()));
    }
    for body in ["{}", "[]", "", "<html>", r#"{"status":null,"servers":{}}"#] {
        assert!(matches!(read(body), Err(Error::NotUnderstood(_))), "{body}");
    }
}

#[test]
fn an_error_does_not_close_the_game_while_an_ocean_is_available() {
    let read = |status: i64, ocean: i64| {
        let body =
            json!({"status": status, "servers": {"oceans": [{"name": "A", "status": ocean}]}});
        Tlopo::read_status(&Reply::new(200, body.to_string()))
    };
    for status in [4, 6] {
        let open = read(status, 1).expect("a status");
        assert_eq!(open.availability, Availability::Open);
        assert_eq!(
            open.message.get(),
            Some(format!("status {status}").as_str())
        );
        assert!(matches!(read(status, 5), Err(Error::ServerFailed { .. })));
    }
}

#[test]
fn the_servers_and_notices_are_part_of_the_system_status() {
    let status = Tlopo::read_status(&Reply::new(200, SYSTEM)).expect("a status");
    let details = serde_json::to_value(status.details).expect("JSON");
    assert_eq!(
        details,
        json!({"servers": {"oceans": [{"name": "Abassa", "status": 3}, {"name": "", "status": null}],
            "web": [{"name": "website", "status": 1}]}, "notices": {"1": ["Ahoy."]}})
    );
}

proptest! {
    #[test]
    fn mutated_replies_never_panic_nor_keep_control_characters(body in mutated(vec![SHARDS_SAMPLE, SYSTEM])) {
        let reply = Reply::new(200, body);
        if let Ok(table) = read_shards(&reply) {
            let json = serde_json::to_string(&table).expect("JSON");
            prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
        }
        if let Ok(status) = Tlopo::read_status(&reply) {
            prop_assert!(!status.message.get().unwrap_or_default().contains(char::is_control));
            let json = serde_json::to_string(&status.details).expect("JSON");
            prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
        }
    }
}
