use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::games::mutation::mutated;

const SAMPLE: &str = r#"{"lastUpdated":1735689600,"fieldOffices":{
    "3100":{"department":"s","difficulty":2,"annexes":11,"open":true,"expiring":null},
    "9999":{"department":"x\u202e","difficulty":"0","annexes":"0","open":"false","expiring":"1735689700"}}}"#;

fn sample(body: &str) -> Result<FieldOffices, Error> {
    read(&Reply::new(200, body))
}

fn offices(body: &str) -> Vec<FieldOffice> {
    sample(body).expect("field offices").field_offices
}

#[test]
fn field_offices_are_listed_by_zone_with_stars_from_one() {
    assert_eq!(request(), Request::get("/api/fieldoffices"));
    assert_eq!(
        serde_json::to_value(sample(SAMPLE).expect("field offices")).expect("JSON"),
        json!({"game": "ttr", "as_of": "2025-01-01T00:00:00Z", "field_offices": [
            {"zone": "3100", "street": "Walrus Way", "department": "Sellbot", "stars": 3, "annexes": 11,
             "open": true, "expires": null},
            {"zone": "9999", "street": null, "department": "x", "stars": 1, "annexes": 0,
             "open": false, "expires": "2025-01-01T00:01:40Z"},
        ]})
    );
}

#[test]
fn the_place_in_an_unknown_street_is_its_zone() {
    let places: Vec<String> = offices(SAMPLE).iter().map(FieldOffice::place).collect();
    assert_eq!(places, ["Walrus Way", "zone 9999"]);
}

#[test]
fn every_street_of_the_page_has_a_name() {
    for (zone, street) in [
        ("3100", "Walrus Way"),
        ("3200", "Sleet Street"),
        ("3300", "Polar Place"),
        ("4100", "Alto Avenue"),
        ("4200", "Baritone Boulevard"),
        ("4300", "Tenor Terrace"),
        ("5100", "Elm Street"),
        ("5200", "Maple Street"),
        ("5300", "Oak Street"),
        ("9100", "Lullaby Lane"),
        ("9200", "Pajama Place"),
    ] {
        let offices = offices(&format!(r#"{{"fieldOffices":{{"{zone}":{{}}}}}}"#));
        assert_eq!(
            offices.iter().map(FieldOffice::place).collect::<Vec<_>>(),
            [street]
        );
    }
}

#[test]
fn a_missing_value_is_none() {
    for record in [
        "{}",
        r#"{"department":null,"difficulty":-1,"annexes":[],"open":"ajar","expiring":""}"#,
        r#"{"difficulty":18446744073709551615,"expiring":false}"#,
    ] {
        let office = FieldOffice {
            zone: "1".to_owned(),
            ..FieldOffice::default()
        };
        assert_eq!(
            offices(&format!(r#"{{"fieldOffices":{{"1":{record},"2":null}}}}"#)),
            [office]
        );
    }
}

#[test]
fn an_empty_reply_has_no_field_offices_and_other_forms_are_not_understood() {
    assert_eq!(offices(r#"{"fieldOffices":{}}"#), []);
    assert_eq!(offices(r#"{"fieldOffices":[]}"#), []);
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        r#"{"fieldOffices":null}"#,
        r#"{"fieldOffices":{"#,
    ] {
        assert!(
            matches!(sample(body), Err(Error::NotUnderstood(_))),
            "{body}"
        );
    }
    let failed = sample(r#"{"error":"Later.","fieldOffices":{}}"#);
    assert!(matches!(failed, Err(Error::ServerFailed { .. })));
}

proptest! {
    #[test]
    fn mutated_replies_never_panic_nor_keep_control_characters(body in mutated(vec![SAMPLE])) {
        if let Ok(offices) = read(&Reply::new(200, body)) {
            let json = serde_json::to_string(&offices).expect("JSON");
            prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
        }
    }
}
