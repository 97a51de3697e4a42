use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::games::mutation::mutated;

const SAMPLE: &str = r#"{"Splat Summit":{"Toontown Central":[
        {"dna":"740004040607","traits":["Sometimes Tired","Often\u0003 Hungry"],"cost":100},
        {"dna":null,"traits":"Rarely Bored","cost":"2500"}],"The Brrrgh":[]},
    "Gulp Gulch":{"Donald's Dock":[{"traits":[null,""],"cost":null}]}}"#;

fn sample(body: &str) -> Result<Doodles, Error> {
    read(&Reply::new(200, body))
}

#[test]
fn doodles_are_listed_by_district_and_playground() {
    assert_eq!(request(), Request::get("/api/doodles"));
    assert_eq!(
        serde_json::to_value(sample(SAMPLE).expect("doodles")).expect("JSON"),
        json!({"game": "ttr", "as_of": null, "doodles": [
            {"district": "Gulp Gulch", "playground": "Donald's Dock", "dna": null, "traits": [], "cost": null},
            {"district": "Splat Summit", "playground": "Toontown Central", "dna": "740004040607",
             "traits": ["Sometimes Tired", "Often Hungry"], "cost": 100},
            {"district": "Splat Summit", "playground": "Toontown Central", "dna": null,
             "traits": ["Rarely Bored"], "cost": 2500},
        ]})
    );
}

#[test]
fn an_empty_reply_has_no_doodles_and_other_forms_are_not_understood() {
    for body in [
        "{}",
        "[]",
        r#"{"A":{}}"#,
        r#"{"A":[],"B":{"P":[null,7]},"C":null}"#,
    ] {
        assert_eq!(sample(body).expect(body).doodles, [], "{body}");
    }
    for body in [
        "",
        "null",
        "7",
        "[7]",
        "<html>",
        r#"{"message":"hello"}"#,
        r#"{"A":{"P":["#,
    ] {
        assert!(
            matches!(sample(body), Err(Error::NotUnderstood(_))),
            "{body}"
        );
    }
    assert!(matches!(
        sample(r#"{"error":"No data."}"#),
        Err(Error::ServerFailed { .. })
    ));
    for body in ["{}", "[]"] {
        let failed = read(&Reply::new(503, body));
        assert!(matches!(failed, Err(Error::ServerFailed { .. })), "{body}");
    }
}

proptest! {
    #[test]
    fn mutated_replies_never_panic_nor_keep_control_characters(body in mutated(vec![SAMPLE])) {
        if let Ok(doodles) = read(&Reply::new(200, body)) {
            let json = serde_json::to_string(&doodles).expect("JSON");
            prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
        }
    }
}
