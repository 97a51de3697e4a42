//! Replies in the documented form and in others.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::games::mutation::mutated;
use crate::games::ttr::Ttr;
use crate::protocol::{Availability, Login, ServerMessage};

const POPULATION_SAMPLE: &str = r#"{"error":null,"totalPopulation":1203,
    "populationByDistrict":{"Splat Summit":411,"Gulp Gulch":792,"Thwackville":0,"Boingbury":null},
    "statusByDistrict":{"Splat Summit":"online","Gulp Gulch":"draining","Thwackville":"offline","Boingbury":"closed"},
    "lastUpdated":1735689600}"#;
const INVASIONS_SAMPLE: &str = r#"{"error":null,"invasions":{
    "Splat Summit":{"type":"Tele\u0003marketer","progress":"5939/7300","asOf":1735689580,"startTimestamp":1735688000},
    "Whoosh Rapids":{"type":"Version 2.0 Mover & Shaker","progress":"0/1000","asOf":1735689581}},
    "lastUpdated":1735689590}"#;

fn reply(body: &str) -> Reply {
    Reply::new(200, body)
}

/// The table from a body of each page.
fn merged(population: &str, invasions: &str) -> DistrictTable {
    let population = read_population(&reply(population)).ok();
    let invasions = read_invasions(&reply(invasions)).ok();
    let tables = population.into_iter().chain(invasions);
    tables.reduce(DistrictTable::merge).expect("a table")
}

/// The table from a body of each page, as JSON.
fn table(population: &str, invasions: &str) -> serde_json::Value {
    serde_json::to_value(merged(population, invasions)).expect("JSON")
}

fn invasion(record: &str) -> Option<CogInvasion> {
    let body = format!(r#"{{"invasions":{{"A":{record}}}}}"#);
    let table = read_invasions(&reply(&body)).expect("invasions");
    let district = table.districts.into_iter().next()?;
    assert_eq!(district.name, "A");
    match district.invasion {
        Some(Invasion::Cogs(invasion)) => Some(invasion),
        other => unreachable!("{other:?}"),
    }
}

fn server_failed(message: &str) -> Error {
    Error::ServerFailed {
        status: None,
        message: ServerMessage::new(Some(message)),
    }
}

#[test]
fn population_and_invasions_are_two_requests() {
    let requests = district_requests().into_iter().map(|part| part.request);
    assert_eq!(
        requests.collect::<Vec<_>>(),
        [
            Request::get("/api/population"),
            Request::get("/api/invasions")
        ]
    );
}

#[test]
fn the_status_may_have_a_message_while_the_game_is_open() {
    let status = |body: &str| Ttr::read_status(&reply(body)).expect(body);
    let open = status(r#"{"open":true,"banner":"Back\u001b[2J soon."}"#);
    assert_eq!(open.availability, Availability::Open);
    assert_eq!(open.message.get(), Some("Back soon."));
    let message = ServerMessage::new(Some("Until noon."));
    let closed = status(r#"{"open":"false","banner":"Until noon."}"#);
    assert_eq!(
        (closed.availability, closed.message),
        (Availability::Closed(message.clone()), message)
    );
    assert_eq!(status(r#"{"open":true}"#).message, ServerMessage::default());
    assert!(Ttr::read_status(&reply(r#"{"banner":"Well."}"#)).is_err());
    assert!(Ttr::read_status(&reply("[true]")).is_err());
}

#[test]
fn population_and_invasions_are_joined_by_name() {
    assert_eq!(
        table(POPULATION_SAMPLE, INVASIONS_SAMPLE),
        json!({"game": "ttr", "as_of": "2024-12-31T23:59:50Z", "population": 1203, "districts": [
            {"name": "Boingbury", "online": false, "status": "closed", "population": null, "invasion": null},
            {"name": "Gulp Gulch", "online": false, "status": "draining", "population": 792, "invasion": null},
            {"name": "Splat Summit", "online": true, "status": "online", "population": 411, "as_of": "2024-12-31T23:59:40Z", "invasion":
                {"cog": "Telemarketer", "defeated": 5939, "total": 7300, "remaining_seconds": null,
                 "started": "2024-12-31T23:33:20Z"}},
            {"name": "Thwackville", "online": false, "status": "offline", "population": 0, "invasion": null},
            {"name": "Whoosh Rapids", "online": null, "population": null, "as_of": "2024-12-31T23:59:41Z", "invasion":
                {"cog": "Version 2.0 Mover & Shaker", "defeated": 0, "total": 1000, "remaining_seconds": null}},
        ]})
    );
}

#[test]
fn one_reply_is_enough_for_a_table() {
    assert_eq!(
        table(
            r#"{"totalPopulation":"7","populationByDistrict":{"A":"7"}}"#,
            "<html>"
        ),
        json!({"game": "ttr", "invasions_missing": true, "as_of": null, "population": 7, "districts": [
            {"name": "A", "online": null, "population": 7, "invasion": null}]})
    );
    assert_eq!(
        table(
            "",
            r#"{"invasions":{"A":{"type":"Yesman"}},"lastUpdated":0}"#
        ),
        json!({"game": "ttr", "as_of": "1970-01-01T00:00:00Z", "population": null, "districts": [
            {"name": "A", "online": null, "population": null, "invasion":
                {"cog": "Yesman", "defeated": null, "total": null, "remaining_seconds": null}}]})
    );
}

#[test]
fn a_missing_total_is_the_sum() {
    let table = table(r#"{"populationByDistrict":{"A":3,"B":"4","C":[]}}"#, "");
    assert_eq!(table.get("population"), Some(&json!(7)));
}

#[test]
fn an_error_in_the_reply_is_a_failure_of_the_server() {
    let body = reply(r#"{"error":"No data\u001b[2J.","invasions":{},"totalPopulation":7}"#);
    assert_eq!(read_population(&body), Err(server_failed("No data.")));
    assert_eq!(read_invasions(&body), Err(server_failed("No data.")));
    for none in ["null", "\"\"", "false"] {
        let body = format!(r#"{{"error":{none},"invasions":{{}},"totalPopulation":7}}"#);
        assert!(read_population(&reply(&body)).is_ok() && read_invasions(&reply(&body)).is_ok());
    }
}

#[test]
fn a_reply_without_the_requested_data_is_not_understood() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "7",
        "<html>",
        r#"{"error":null}"#,
        r#"{"totalPopulation":"many","invasions":"some"}"#,
        r#"{"populationByDistrict":[7],"invasions":[7]}"#,
        r#"{"populationByDistrict":{"A":7},"invasions":{"A":{}"#,
    ] {
        let body = reply(body);
        assert!(matches!(
            read_population(&body),
            Err(Error::NotUnderstood(_))
        ));
        assert!(matches!(
            read_invasions(&body),
            Err(Error::NotUnderstood(_))
        ));
    }
}

#[test]
fn an_empty_map_may_be_an_empty_list() {
    let expected = json!({"game": "ttr", "as_of": null, "population": 0, "districts": []});
    for empty in ["[]", "{}"] {
        let population = format!(r#"{{"totalPopulation":0,"populationByDistrict":{empty}}}"#);
        let invasions = format!(r#"{{"invasions":{empty}}}"#);
        assert!(read_invasions(&reply(&invasions)).is_ok());
        assert_eq!(table(&population, &invasions), expected);
    }
}

#[test]
fn an_invalid_progress_counts_as_missing() {
    for progress in [
        "null",
        "7300",
        "\"7300\"",
        "\"a/b\"",
        "\"-1/\"",
        "\"99999999999999999999/1e3\"",
    ] {
        let invasion = invasion(&format!(r#"{{"type":"Yesman","progress":{progress}}}"#));
        let invasion = invasion.expect("an invasion");
        assert_eq!(
            (invasion.defeated, invasion.total),
            (None, None),
            "{progress}"
        );
    }
    let invasion = invasion(r#"{"progress":" 1 / 2 "}"#).expect("an invasion");
    assert_eq!(
        (invasion.cog, invasion.defeated, invasion.total),
        (None, Some(1), Some(2))
    );
}

#[test]
fn an_invasion_without_data_is_none() {
    for record in [
        "null",
        "[]",
        "7",
        "{}",
        r#"{"type":"\u0003","progress":""}"#,
    ] {
        assert_eq!(invasion(record), None, "{record}");
    }
}

#[test]
fn names_are_joined_after_control_characters_are_removed() {
    let table = table(
        r#"{"populationByDistrict":{"Gulp\u0003 Gulch":1},"statusByDistrict":{"\u202eGulp Gulch":"sinking"}}"#,
        r#"{"invasions":{"Gulp\u001b[31m Gulch":{"type":"\u202eYes\nman\u0000"}}}"#,
    );
    assert_eq!(
        table.get("districts"),
        Some(
            &json!([{"name": "Gulp Gulch", "online": null, "population": 1, "invasion":
            {"cog": "Yes man", "defeated": null, "total": null, "remaining_seconds": null}}])
        )
    );
}

proptest! {
    #[test]
    fn mutated_replies_never_panic_nor_keep_control_characters(
        population in mutated(vec![POPULATION_SAMPLE]), invasions in mutated(vec![INVASIONS_SAMPLE])
    ) {
        let population = read_population(&Reply::new(200, population)).ok();
        let invasions = read_invasions(&Reply::new(200, invasions)).ok();
        let tables = population.into_iter().chain(invasions);
        let table = tables.reduce(DistrictTable::merge);
        let json = serde_json::to_string(&table).expect("JSON");
        prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
    }
}
