//! Answers in the shapes of the game's page, and what may come in their place.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::games::mutation::mutated;
use crate::protocol::ServerMessage;

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

fn both(people: &str, cogs: &str) -> serde_json::Value {
    let (people, cogs) = (
        population(&reply(people)).ok(),
        invasions(&reply(cogs)).ok(),
    );
    serde_json::to_value(census(people, cogs)).expect("JSON")
}

fn invasion(told: &str) -> Option<CogInvasion> {
    let body = format!(r#"{{"invasions":{{"A":{told}}}}}"#);
    let invasions = invasions(&reply(&body)).expect("invasions");
    invasions.districts.get("A").cloned()
}

fn server_failed(said: &str) -> Error {
    Error::ServerFailed {
        status: None,
        message: ServerMessage::new(Some(said)),
    }
}

#[test]
fn two_pages_are_asked_for_below_the_root_of_the_login() {
    assert_eq!(ask_population(), Request::get("/api/population"));
    assert_eq!(ask_invasions(), Request::get("/api/invasions"));
}

#[test]
fn the_status_page_may_have_words_while_the_game_is_open() {
    let told = |body: &str| opening(&reply(body)).expect(body);
    let open = told(r#"{"open":true,"banner":"Back\u001b[2J soon."}"#);
    assert_eq!(open.door, Availability::Open);
    assert_eq!(open.banner.get(), Some("Back soon."));
    let message = ServerMessage::new(Some("Until noon."));
    let closed = told(r#"{"open":"false","banner":"Until noon."}"#);
    assert_eq!(
        (closed.door, closed.banner),
        (Availability::Closed(message.clone()), message)
    );
    assert_eq!(told(r#"{"open":true}"#).banner, ServerMessage::default());
    assert!(opening(&reply(r#"{"banner":"Well."}"#)).is_err());
    assert!(opening(&reply("[true]")).is_err());
}

#[test]
fn population_and_invasions_are_one_census_by_name() {
    assert_eq!(
        both(POPULATION_SAMPLE, INVASIONS_SAMPLE),
        json!({"game": "ttr", "as_of": "2024-12-31T23:59:50Z", "population": 1203, "districts": [
            {"name": "Boingbury", "online": false, "status": "closed", "population": null, "invasion": null},
            {"name": "Gulp Gulch", "online": false, "status": "draining", "population": 792, "invasion": null},
            {"name": "Splat Summit", "online": true, "status": "online", "population": 411, "invasion":
                {"cog": "Telemarketer", "defeated": 5939, "total": 7300, "remaining_seconds": null,
                 "started": "2024-12-31T23:33:20Z"}},
            {"name": "Thwackville", "online": false, "status": "offline", "population": 0, "invasion": null},
            {"name": "Whoosh Rapids", "online": null, "population": null, "invasion":
                {"cog": "Version 2.0 Mover & Shaker", "defeated": 0, "total": 1000, "remaining_seconds": null}},
        ]})
    );
}

#[test]
fn what_one_page_told_is_there_when_the_other_failed() {
    assert_eq!(
        both(
            r#"{"totalPopulation":"7","populationByDistrict":{"A":"7"}}"#,
            "<html>"
        ),
        json!({"game": "ttr", "invasions_missing": true, "as_of": null, "population": 7, "districts": [
            {"name": "A", "online": null, "population": 7, "invasion": null}]})
    );
    assert_eq!(
        both(
            "",
            r#"{"invasions":{"A":{"type":"Yesman"}},"lastUpdated":0}"#
        ),
        json!({"game": "ttr", "as_of": "1970-01-01T00:00:00Z", "population": null, "districts": [
            {"name": "A", "online": null, "population": null, "invasion":
                {"cog": "Yesman", "defeated": null, "total": null, "remaining_seconds": null}}]})
    );
}

#[test]
fn a_total_that_is_not_told_is_the_sum() {
    let census = both(r#"{"populationByDistrict":{"A":3,"B":"4","C":[]}}"#, "");
    assert_eq!(census.get("population"), Some(&json!(7)));
}

#[test]
fn an_error_that_is_set_is_the_servers_failure_in_its_words() {
    let body = reply(r#"{"error":"No data\u001b[2J.","invasions":{},"totalPopulation":7}"#);
    assert_eq!(population(&body), Err(server_failed("No data.")));
    assert_eq!(invasions(&body), Err(server_failed("No data.")));
    for none in ["null", "\"\"", "false"] {
        let body = format!(r#"{{"error":{none},"invasions":{{}},"totalPopulation":7}}"#);
        assert!(population(&reply(&body)).is_ok() && invasions(&reply(&body)).is_ok());
    }
}

#[test]
fn what_does_not_say_what_was_asked_is_not_understood() {
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
        assert!(matches!(population(&body), Err(Error::NotUnderstood(_))));
        assert!(matches!(invasions(&body), Err(Error::NotUnderstood(_))));
    }
}

#[test]
fn no_districts_and_no_invasions_may_be_an_empty_list() {
    let nobody = json!({"game": "ttr", "as_of": null, "population": 0, "districts": []});
    for empty in ["[]", "{}"] {
        let people = format!(r#"{{"totalPopulation":0,"populationByDistrict":{empty}}}"#);
        let cogs = format!(r#"{{"invasions":{empty}}}"#);
        assert!(invasions(&reply(&cogs)).is_ok());
        assert_eq!(both(&people, &cogs), nobody);
    }
}

#[test]
fn progress_that_makes_no_sense_is_not_told() {
    for progress in [
        "null",
        "7300",
        "\"7300\"",
        "\"a/b\"",
        "\"-1/\"",
        "\"99999999999999999999/1e3\"",
    ] {
        let told = invasion(&format!(r#"{{"type":"Yesman","progress":{progress}}}"#));
        let told = told.expect("an invasion");
        assert_eq!((told.defeated, told.total), (None, None), "{progress}");
    }
    let told = invasion(r#"{"progress":" 1 / 2 "}"#).expect("an invasion");
    assert_eq!(
        (told.cog, told.defeated, told.total),
        (None, Some(1), Some(2))
    );
}

#[test]
fn what_tells_nothing_of_an_invasion_is_none() {
    for told in [
        "null",
        "[]",
        "7",
        "{}",
        r#"{"type":"\u0003","progress":""}"#,
    ] {
        assert_eq!(invasion(told), None, "{told}");
    }
}

#[test]
fn names_are_cleaned_and_meet_when_they_are_the_same() {
    let census = both(
        r#"{"populationByDistrict":{"Gulp\u0003 Gulch":1},"statusByDistrict":{"\u202eGulp Gulch":"sinking"}}"#,
        r#"{"invasions":{"Gulp\u001b[31m Gulch":{"type":"\u202eYes\nman\u0000"}}}"#,
    );
    assert_eq!(
        census.get("districts"),
        Some(
            &json!([{"name": "Gulp Gulch", "online": null, "population": 1, "invasion":
            {"cog": "Yes man", "defeated": null, "total": null, "remaining_seconds": null}}])
        )
    );
}

proptest! {
    #[test]
    fn mutated_answers_never_panic_nor_steer_a_terminal(people in mutated(vec![POPULATION_SAMPLE]), cogs in mutated(vec![INVASIONS_SAMPLE])) {
        let census = census(population(&Reply::new(200, people)).ok(), invasions(&Reply::new(200, cogs)).ok());
        let written = serde_json::to_string(&census).expect("JSON");
        prop_assert!(!written.contains("\\u00") && !written.contains('\u{202e}'), "{written}");
    }
}
