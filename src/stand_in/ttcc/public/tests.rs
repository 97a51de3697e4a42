//! The game's parser reads the simulated data.

use std::time::Duration;

use serde_json::to_value;

use super::*;
use crate::base::clock;
use crate::base::timestamp::rfc3339;
use crate::games::ttcc::public;
use crate::protocol::{Availability, Login, Reply};
use crate::stand_in::simulation::{field, time_at};
use crate::stand_in::ttcc::Ttcc;
use crate::stand_in::{Scenario, ServerRequest, ServerResponse, StandIn};

fn public_data(path: &str, seconds: u64) -> Value {
    page(path).expect(path)(time_at(seconds))
}

fn reply(path: &str, seconds: u64) -> Reply {
    Reply::new(200, ServerResponse::json(&public_data(path, seconds)).body)
}

fn table(path: &str, seconds: u64) -> Value {
    let table = public::read_districts(&reply(path, seconds)).expect("districts");
    to_value(table).expect("JSON")
}

fn rows(table: &Value) -> &[Value] {
    let rows = table.get("districts").and_then(Value::as_array);
    rows.expect("districts")
}

/// Returns the name and the progress of every invasion.
fn invaded(seconds: u64) -> Vec<(String, u64)> {
    let table = table("/api/v1/districts.js", seconds);
    let invaded = rows(&table)
        .iter()
        .filter(|it| !field(it, "invasion").is_null());
    invaded
        .map(|it| {
            let name = field(it, "name").as_str().expect("a name").to_owned();
            (
                name,
                field(it, "invasion/defeated").as_u64().expect("a number"),
            )
        })
        .collect()
}

#[test]
fn every_district_is_complete_in_both_interfaces() {
    for seconds in 0..300 {
        let current = table("/api/v1/districts.js", seconds);
        assert_eq!(
            field(&current, "as_of"),
            json!(rfc3339(time_at(seconds).timestamp()))
        );
        assert_eq!(rows(&current).len(), 5);
        for row in rows(&current) {
            assert!(
                field(row, "online").is_boolean() && field(row, "population").is_u64(),
                "{row}"
            );
            let invasion = &field(row, "invasion");
            if !invasion.is_null() {
                assert!(
                    field(invasion, "cog").is_string()
                        && field(invasion, "remaining_seconds").is_u64(),
                    "{row}"
                );
                assert!(
                    field(invasion, "defeated").as_u64() < field(invasion, "total").as_u64(),
                    "{row}"
                );
                assert_eq!(field(row, "online"), json!(true), "{row}");
            }
        }
        let without_online = as_documented(current);
        assert_eq!(table("/api/v1/districts/", seconds), without_online);
    }
}

/// Removes what the documented interface does not have.
fn as_documented(mut table: Value) -> Value {
    let rows = table.get_mut("districts").and_then(Value::as_array_mut);
    for row in rows.expect("districts") {
        let row = row.as_object_mut().expect("a district");
        row.insert("online".to_owned(), Value::Null);
    }
    table
}

#[test]
fn each_interface_has_its_types() {
    let of = |path: &str, name: &str| {
        let data = public_data(path, 10);
        let mut rows = data.as_array().expect("a list").iter();
        rows.find(|it| field(it, "name") == name)
            .expect("a district")
            .clone()
    };
    let idle = of("/api/v1/districts.js", "Anvil Acres");
    assert_eq!(
        (
            &field(&idle, "cogs_attacking"),
            &field(&idle, "count_defeated")
        ),
        (&json!("None"), &json!(TOTAL))
    );
    assert!(field(&idle, "invasion_online").is_boolean() && field(&idle, "last_update").is_u64());
    let idle = of("/api/v1/districts/", "Anvil Acres");
    for key in ["cogs_attacking", "count_defeated", "count_total"] {
        assert_eq!(field(&idle, key), json!(""), "{key}");
    }
    let invaded = of("/api/v1/districts/", "Kazoo Kanyon");
    assert_eq!(field(&invaded, "invasion_online"), json!("true"));
    assert!(field(&invaded, "last_update").is_string() && field(&invaded, "count_total").is_u64());
}

#[test]
fn invasions_progress_and_move_to_other_districts() {
    let (first, later, last) = (invaded(0), invaded(20), invaded(70));
    let kazoo = |invaded: &[(String, u64)]| {
        let mut invaded = invaded.iter();
        invaded.find(|it| it.0 == "Kazoo Kanyon").map(|it| it.1)
    };
    assert!(kazoo(&first) < kazoo(&later));
    assert_eq!((kazoo(&first), kazoo(&last)), (Some(0), None));
    assert!(!last.is_empty());
}

#[test]
fn an_offline_district_is_not_updated() {
    let offline = |seconds| {
        let data = public_data("/api/v1/districts.js", seconds);
        let rows = data.as_array().expect("a list").iter();
        let offline: Vec<Value> = rows
            .filter(|it| field(it, "online") == json!(false))
            .cloned()
            .collect();
        assert!(offline.len() <= 1, "{offline:?}");
        offline.first().map(|it| field(it, "last_update"))
    };
    let left = Some(json!(time_at(45).timestamp()));
    assert_eq!(
        [44, 45, 80, 85].map(offline),
        [None, left.clone(), left, None]
    );
}

#[test]
fn the_game_is_open_and_its_population_is_the_sum_of_the_districts() {
    for seconds in [0, 50, 100] {
        let info = crate::games::ttcc::Ttcc::read_status(&reply("/api/v1/game_info.js", seconds))
            .expect("an answer");
        assert_eq!(info.availability, Availability::Open);
        let table = table("/api/v1/districts.js", seconds);
        assert_eq!(json!(info.population), field(&table, "population"));
    }
}

fn asking(path: &str) -> ServerRequest {
    ServerRequest {
        method: "GET".to_owned(),
        path: path.to_owned(),
        user_agent: "playcookie/0 (+https://example.com)".to_owned(),
        ..ServerRequest::default()
    }
}

fn stand_in() -> Ttcc {
    Ttcc::new(Scenario::default(), "127.0.0.1:1".to_owned())
}

#[test]
fn requests_need_a_user_agent_and_the_method_get() {
    for interface in [Interface::Current, Interface::Documented] {
        let good = asking(public::district_request(interface).request.path);
        let mut server = stand_in();
        assert!(server.serves(&good.path), "{good:?}");
        let before = clock::since_epoch().as_secs();
        let answer = server.answer(&good, Duration::ZERO);
        let table = public::read_districts(&Reply::new(200, answer.body)).expect("districts");
        assert!(table.as_of.is_some_and(|it| it >= before));
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
            assert_eq!(server.answer(&bad, Duration::from_secs(9)).status, 400);
        }
        assert_eq!(server.violations().len(), 2);
    }
}

#[test]
fn a_second_request_for_districts_within_5_seconds_is_refused() {
    let (current, documented) = (PATHS[0], PATHS[1]);
    let mut server = stand_in();
    let mut ask = |path, milliseconds| {
        let status = server
            .answer(&asking(path), Duration::from_millis(milliseconds))
            .status;
        (status, server.violations().len())
    };
    assert_eq!(ask(current, 0), (200, 0));
    assert_eq!(ask("/api/v1/game_info.js", 1), (200, 0));
    assert_eq!(ask(current, 5_000), (200, 0));
    assert_eq!(ask(documented, 9_999), (429, 1));
    // A refused request counts as the last one.
    assert_eq!(ask(current, 10_001), (429, 2));
    assert_eq!(ask(current, 15_001), (200, 2));
}
