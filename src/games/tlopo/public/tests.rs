//! Answers in the shapes of the game's page, and what may come in their place.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::games::mutation::mutated;

const SHARDS_SAMPLE: &str = r#"{
    "401000000":{"available":true,"name":"Vachira","created":1735680000,"fleet":{},"invasion":
        {"location":"Port\u0003 Royal","state":"Main Wave","phase":2,"numPlayers":"14","started":1735689600},"population":52},
    "402000000":{"available":"false","name":"Abassa","created":null,"fleet":
        {"started":1735689600,"shipsRemaining":7,"state":"Sailing","type":"Treasure Fleet"},"invasion":{},"population":"31"}}"#;
const SYSTEM: &str = r#"{"status":2,"servers":{"web":[{"name":"website","status":1}],
    "oceans":[{"name":"Abassa","status":"3"},{"name":null,"status":"well"},null]},"notices":{},"message":"Back\u001b[2J soon."}"#;

fn read(body: &str) -> Result<DistrictTable, Error> {
    shards(&Reply::new(200, body))
}

fn written(body: &str) -> Value {
    serde_json::to_value(read(body).expect(body)).expect("JSON")
}

#[test]
fn shards_are_oceans_by_name_with_fleets_and_invasions() {
    assert_eq!(ask_shards(), Request::get("/shards/"));
    assert_eq!(
        written(SHARDS_SAMPLE),
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
fn an_ocean_that_tells_nothing_is_called_by_its_number() {
    for told in [
        "{}",
        r#"{"available":null,"name":"","fleet":null,"invasion":null,"population":null}"#,
        r#"{"available":"soon","name":"\u202e","fleet":[],"invasion":[],"population":-1}"#,
        r#"{"fleet":{"started":{}},"invasion":{"numPlayers":"many"},"name":[]}"#,
    ] {
        assert_eq!(
            written(&format!(r#"{{"4\u00031":{told},"2":null}}"#)),
            json!({"game": "tlopo", "as_of": null, "population": null, "districts": [
                {"name": "41", "online": null, "population": null, "invasion": null, "fleet": null}]})
        );
    }
}

#[test]
fn no_oceans_are_an_answer_and_no_answer_is_none() {
    for body in ["{}", "[]"] {
        let none = read(body).expect(body);
        assert!(none.districts.is_empty() && none.has_oceans(), "{body}");
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
}

#[test]
fn the_system_tells_of_its_servers_and_has_a_message_while_it_is_open() {
    let system = system(&Reply::new(200, SYSTEM)).expect("a system");
    assert_eq!(system.door, Availability::Open);
    assert_eq!(system.message.get(), Some("Back soon."));
    let server = |kind: &str, name: &str, status| Server {
        kind: kind.to_owned(),
        name: name.to_owned(),
        status,
    };
    assert_eq!(
        system.servers,
        [
            server("oceans", "Abassa", Some(3)),
            server("oceans", "", None),
            server("web", "website", Some(1))
        ]
    );
}

#[test]
fn a_system_without_servers_is_open_or_closed_all_the_same() {
    let read = |body: &str| system(&Reply::new(200, body));
    for body in [
        r#"{"status":"3","servers":[]}"#,
        r#"{"status":3,"servers":null,"message":null}"#,
    ] {
        let system = read(body).expect(body);
        assert_eq!(
            (system.door, system.servers),
            (Availability::Closed(ServerMessage::default()), vec![])
        );
    }
    for body in ["{}", "[]", "", "<html>", r#"{"status":null,"servers":{}}"#] {
        assert!(matches!(read(body), Err(Error::NotUnderstood(_))), "{body}");
    }
}

proptest! {
    #[test]
    fn mutated_answers_never_panic_nor_steer_a_terminal(body in mutated(vec![SHARDS_SAMPLE, SYSTEM])) {
        let reply = Reply::new(200, body);
        if let Ok(census) = shards(&reply) {
            let written = serde_json::to_string(&census).expect("JSON");
            prop_assert!(!written.contains("\\u00") && !written.contains('\u{202e}'), "{written}");
        }
        for server in system(&reply).map_or(vec![], |system| system.servers) {
            prop_assert!(!server.name.contains(char::is_control) && !server.kind.contains(char::is_control));
        }
    }
}
