//! The game's parser reads the simulated data.

use std::time::Duration;

use serde_json::to_value;

use super::*;
use crate::games::tlopo::public;
use crate::protocol::{Availability, Login, Reply};
use crate::stand_in::simulation::{field, time_at};
use crate::stand_in::tlopo::Tlopo;
use crate::stand_in::{Scenario, ServerRequest, ServerResponse, StandIn};

fn reply(path: &str, seconds: u64) -> Reply {
    let page = page(path).expect(path);
    Reply::new(200, ServerResponse::json(&page(time_at(seconds))).body)
}

fn rows(seconds: u64) -> Vec<Value> {
    let table = public::read_shards(&reply("/shards/", seconds)).expect("oceans");
    let rows = table.districts.iter().map(|it| to_value(it).expect("JSON"));
    rows.collect()
}

fn row(seconds: u64, name: &str) -> Value {
    let mut rows = rows(seconds).into_iter();
    rows.find(|it| field(it, "name") == name).expect("an ocean")
}

fn is_whole(value: &Value, keys: &[&str]) -> bool {
    value.is_null() || keys.iter().all(|key| !field(value, key).is_null())
}

#[test]
fn every_ocean_is_complete() {
    for seconds in 0..300 {
        let rows = rows(seconds);
        assert_eq!(rows.len(), 4);
        for row in rows {
            assert!(
                field(&row, "online").is_boolean() && field(&row, "population").is_u64(),
                "{row}"
            );
            let invasion = ["location", "state", "phase", "players", "started"];
            assert!(is_whole(&field(&row, "invasion"), &invasion), "{row}");
            let fleet = ["type", "state", "ships_remaining", "started"];
            assert!(is_whole(&field(&row, "fleet"), &fleet), "{row}");
            assert_ne!(field(&row, "fleet/ships_remaining"), json!(0), "{row}");
        }
    }
}

#[test]
fn invasions_and_fleets_progress_and_move_to_other_oceans() {
    let invasion = |seconds, name| field(&row(seconds, name), "invasion");
    let (first, later) = (invasion(5, "Abassa"), invasion(40, "Abassa"));
    assert_eq!(
        [&field(&first, "phase"), &field(&later, "phase")],
        ["1", "3"]
    );
    assert!(field(&first, "players").as_u64() < field(&later, "players").as_u64());
    assert_eq!(field(&first, "started"), field(&later, "started"));
    assert_eq!(invasion(60, "Abassa"), Value::Null);
    assert!(invasion(60, "Andaba").is_object());
    assert_ne!(
        field(&invasion(155, "Abassa"), "location"),
        field(&first, "location")
    );

    let ships = |seconds, name| field(&row(seconds, name), "fleet/ships_remaining").as_u64();
    assert_eq!(
        [0, 40, 60].map(|it| ships(it, "Andaba")),
        [Some(8), Some(2), None]
    );
    assert_eq!(ships(60, "Exuma"), Some(5));
}

#[test]
fn the_closed_ocean_is_closed_in_the_system_status_too() {
    for seconds in 0..150 {
        let open = !(35..75).contains(&seconds);
        for row in rows(seconds) {
            let closes = field(&row, "name") == CLOSING;
            assert_eq!(
                field(&row, "online"),
                json!(open || !closes),
                "{seconds} {row}"
            );
            assert_eq!(
                field(&row, "population") == json!(0),
                closes && !open,
                "{seconds} {row}"
            );
        }
        let page = reply("/system/status/", seconds);
        let status = crate::games::tlopo::Tlopo::read_status(&page).expect("a status");
        assert_eq!(
            (status.availability, status.message.get()),
            (Availability::Open, Some("Fine."))
        );
        let page: Value = serde_json::from_slice(page.bytes()).expect("JSON");
        let servers = field(&page, "servers");
        let kinds = servers.as_object().expect("kinds").values();
        let servers: Vec<Value> = kinds
            .flat_map(|kind| kind.as_array().expect("servers").clone())
            .collect();
        assert_eq!(servers.len(), 5);
        for server in servers {
            let closes = field(&server, "name") == CLOSING;
            let expected = if closes && !open { 3 } else { 1 };
            assert_eq!(
                field(&server, "status"),
                json!(expected),
                "{seconds} {server}"
            );
        }
    }
}

#[test]
fn requests_need_a_user_agent_and_the_method_get() {
    for path in [public::shards_request().request.path, "/system/status/"] {
        let good = ServerRequest {
            method: "GET".to_owned(),
            path: path.to_owned(),
            user_agent: "playcookie/0 (+https://example.com)".to_owned(),
            ..ServerRequest::default()
        };
        let mut server = Tlopo::new(Scenario::default(), "127.0.0.1:1".to_owned());
        assert!(server.serves(path), "{path}");
        assert_eq!(server.answer(&good, Duration::ZERO).status, 200, "{path}");
        assert_eq!(server.violations(), Vec::<String>::new());
        let anonymous = ServerRequest {
            user_agent: String::new(),
            ..good.clone()
        };
        let post = ServerRequest {
            method: "POST".to_owned(),
            ..good
        };
        for bad in [anonymous, post] {
            assert_eq!(server.answer(&bad, Duration::ZERO).status, 400, "{path}");
        }
        assert_eq!(server.violations().len(), 2);
    }
}
