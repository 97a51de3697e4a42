//! The game's parser reads the simulated data.

use std::time::Duration;

use serde_json::to_value;

use super::*;
use crate::base::timestamp::rfc3339;
use crate::games::ttr::public;
use crate::games::ttr::public::silly_meter::State;
use crate::games::ttr::public::{doodles, field_offices, silly_meter};
use crate::protocol::{Reply, Request};
use crate::stand_in::simulation::{field, time_at};
use crate::stand_in::ttr::Ttr;
use crate::stand_in::{Scenario, ServerRequest, ServerResponse, StandIn};

fn reply(path: &str, seconds: u64) -> Reply {
    let page = page(path).expect(path);
    Reply::new(200, ServerResponse::json(&page(time_at(seconds))).body)
}

fn table(seconds: u64) -> Value {
    let people = public::read_population(&reply("/api/population", seconds)).expect("a population");
    let cogs = public::read_invasions(&reply("/api/invasions", seconds)).expect("invasions");
    to_value(people.merge(cogs)).expect("JSON")
}

fn rows(table: &Value) -> &[Value] {
    let rows = table.get("districts").and_then(Value::as_array);
    rows.expect("districts")
}

/// Returns the name and the progress of every invasion.
fn invaded(seconds: u64) -> Vec<(String, u64)> {
    let table = table(seconds);
    let invaded = rows(&table)
        .iter()
        .filter(|it| !field(it, "invasion").is_null());
    invaded
        .map(|it| {
            (
                field(it, "name").as_str().expect("a name").to_owned(),
                field(it, "invasion/defeated").as_u64().expect("a number"),
            )
        })
        .collect()
}

#[test]
fn every_district_is_complete() {
    for seconds in 0..300 {
        let table = table(seconds);
        assert_eq!(
            field(&table, "as_of"),
            json!(rfc3339(time_at(seconds).timestamp()))
        );
        let rows = rows(&table);
        let sum: u64 = rows
            .iter()
            .filter_map(|it| field(it, "population").as_u64())
            .sum();
        assert_eq!((rows.len(), &field(&table, "population")), (6, &json!(sum)));
        for row in rows {
            assert!(
                field(row, "online").is_boolean() && field(row, "status").is_string(),
                "{row}"
            );
            let invasion = &field(row, "invasion");
            if !invasion.is_null() {
                assert!(
                    field(invasion, "cog").is_string() && field(invasion, "started").is_string(),
                    "{row}"
                );
                assert!(
                    field(invasion, "defeated").as_u64() < field(invasion, "total").as_u64(),
                    "{row}"
                );
                assert_eq!(field(row, "online"), json!(true), "{row}");
            }
        }
    }
}

#[test]
fn invasions_progress_and_move_to_other_districts() {
    let (first, later, last) = (invaded(0), invaded(20), invaded(60));
    assert_eq!(first.len(), 2);
    for (before, after) in first.iter().zip(&later) {
        assert!(
            before.0 == after.0 && before.1 < after.1,
            "{before:?} {after:?}"
        );
    }
    assert_eq!(last.len(), 2);
    assert!(
        last.iter()
            .all(|(name, _)| first.iter().all(|(other, _)| other != name))
    );
}

#[test]
fn an_invasion_keeps_its_cogs_and_its_beginning() {
    let invasion_of = |seconds| {
        let table = table(seconds);
        let row = rows(&table)
            .iter()
            .find(|it| field(it, "name") == "Fizzlefield");
        let invasion = row.expect("a district");
        (
            field(invasion, "invasion/cog"),
            field(invasion, "invasion/started"),
        )
    };
    assert_eq!(invasion_of(1), invasion_of(49));
    assert_ne!(invasion_of(1).0, invasion_of(151).0);
}

#[test]
fn one_district_closes_step_by_step_and_opens_again() {
    let closed = |seconds| {
        let table = table(seconds);
        let rows = rows(&table).iter();
        let offline: Vec<&Value> = rows
            .filter(|it| field(it, "online") != json!(true))
            .collect();
        assert!(offline.len() <= 1, "{offline:?}");
        let row = offline.first()?;
        Some((field(row, "status"), field(row, "population")))
    };
    assert_eq!([closed(39), closed(80)], [None, None]);
    assert_eq!(
        [closed(40), closed(50), closed(60)].map(Option::unwrap),
        [
            (json!("draining"), json!(51)),
            (json!("closed"), json!(0)),
            (json!("offline"), json!(0))
        ]
    );
}

#[test]
fn field_offices_lose_their_annexes_close_and_expire() {
    let offices =
        |seconds| field_offices::read(&reply("/api/fieldoffices", seconds)).expect("offices");
    let tenor = |seconds| {
        let offices = offices(seconds).field_offices.into_iter();
        let office = offices
            .into_iter()
            .find(|it| it.street == Some("Tenor Terrace"))?;
        Some((office.annexes, office.open, office.expires))
    };
    assert_eq!(tenor(10), Some((Some(3), Some(true), None)));
    assert_eq!(tenor(45), Some((Some(1), Some(true), None)));
    assert_eq!(
        tenor(70),
        Some((Some(0), Some(false), Some(time_at(80).timestamp())))
    );
    assert_eq!(tenor(90), None);

    let all: Vec<_> = (0..100).flat_map(|it| offices(it).field_offices).collect();
    assert!(
        all.iter()
            .all(|it| it.department.is_some() && it.stars.is_some() && it.annexes.is_some())
    );
    assert!(all.iter().any(|it| it.place() == "zone 7100"));
    assert_eq!(offices(7).as_of, Some(time_at(7).timestamp()));
}

#[test]
fn the_silly_meter_goes_through_its_states() {
    let meter = |seconds| silly_meter::read(&reply("/api/sillymeter", seconds)).expect("a meter");
    let states = [0, 60, 90, 110].map(|it| meter(it).state);
    let expected = [State::Active, State::Reward, State::Inactive, State::Active];
    assert_eq!(states, expected.map(Some));
    assert!(meter(0).points < meter(20).points);
    assert_eq!(
        (meter(60).points, meter(90).points),
        (Some(silly_meter::FULL), Some(0))
    );
    assert_eq!(meter(60).next_update, Some(time_at(80).timestamp()));
    for seconds in 0..200 {
        let meter = meter(seconds);
        assert_eq!(
            (meter.as_of, meter.teams.len()),
            (Some(time_at(seconds).timestamp()), 3)
        );
        assert!(meter.next_update > meter.as_of, "{seconds}");
        assert_eq!(
            meter.winner.is_some(),
            meter.state == Some(State::Reward),
            "{seconds}"
        );
        assert!(
            meter
                .teams
                .iter()
                .all(|it| it.name.is_some() && it.description.is_some() && it.points.is_some())
        );
    }
}

#[test]
fn pet_shops_change_their_doodles_every_minute() {
    let sold = |seconds| {
        doodles::read(&reply("/api/doodles", seconds))
            .expect("doodles")
            .doodles
    };
    assert_eq!(sold(0), sold(59));
    assert_ne!(sold(59), sold(60));
    assert_eq!(sold(0).len(), 8);
    let whole =
        |it: &doodles::Doodle| it.dna.is_some() && it.traits.len() == 2 && it.cost.is_some();
    assert!(sold(0).iter().all(whole));
}

fn stand_in() -> Ttr {
    Ttr::new(Scenario::default(), "127.0.0.1:1".to_owned())
}

fn received(request: &Request) -> ServerRequest {
    ServerRequest {
        method: "GET".to_owned(),
        path: request.path.to_string(),
        user_agent: "playcookie/0 (+https://example.com)".to_owned(),
        ..ServerRequest::default()
    }
}

#[test]
fn requests_need_a_user_agent_and_the_method_get() {
    let others = [
        field_offices::request(),
        silly_meter::request(),
        doodles::request(),
    ];
    let parts = public::district_requests().into_iter();
    for request in parts.map(|part| part.request).chain(others) {
        let mut server = stand_in();
        let good = received(&request);
        assert!(server.serves(&good.path), "{good:?}");
        assert_eq!(server.answer(&good, Duration::ZERO).status, 200, "{good:?}");
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
            assert_eq!(server.answer(&bad, Duration::ZERO).status, 400, "{bad:?}");
        }
        assert_eq!(server.violations().len(), 2);
    }
}
