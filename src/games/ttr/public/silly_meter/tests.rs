use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::games::mutation::mutated;

const ACTIVE: &str = r#"{"state":"Active","hp":1250000,"rewards":["Overjoyed Laff Meters","Decreased Fish Rarity","Doodle\u0003 Trick Boost"],
    "rewardDescriptions":["More laff","Rarer fish",null],"winner":null,"rewardPoints":[100,"200",null],
    "nextUpdateTimestamp":1735689700,"asOf":1735689600}"#;
const REWARD: &str = r#"{"state":"Reward","hp":"5000000","rewards":["A","B","C"],"rewardDescriptions":["a","b","c"],
    "winner":"B","rewardPoints":null,"nextUpdateTimestamp":"1735689700","asOf":null}"#;

fn sample(body: &str) -> Result<SillyMeter, Error> {
    read(&Reply::new(200, body))
}

#[test]
fn an_active_meter_has_teams() {
    assert_eq!(request(), Request::get("/api/sillymeter"));
    assert_eq!(
        serde_json::to_value(sample(ACTIVE).expect("a meter")).expect("JSON"),
        json!({"game": "ttr", "as_of": "2025-01-01T00:00:00Z", "state": "active", "points": 1_250_000, "full": 5_000_000,
            "teams": [
                {"name": "Overjoyed Laff Meters", "description": "More laff", "points": 100},
                {"name": "Decreased Fish Rarity", "description": "Rarer fish", "points": 200},
                {"name": "Doodle Trick Boost", "description": null, "points": null},
            ],
            "winner": null, "next_update": "2025-01-01T00:01:40Z"})
    );
}

#[test]
fn a_full_meter_has_a_winner() {
    let meter = sample(REWARD).expect("a meter");
    assert_eq!(
        (meter.state, meter.points),
        (Some(State::Reward), Some(FULL))
    );
    assert_eq!(meter.winner.as_deref(), Some("B"));
    assert!(meter.teams.iter().all(|team| team.points.is_none()) && meter.teams.len() == 3);
}

#[test]
fn the_next_event_depends_on_the_state() {
    for (state, next_event) in [
        ("Active", "points are counted"),
        ("Reward", "the reward ends"),
        ("Inactive", "the meter starts again"),
    ] {
        let meter = sample(&format!(r#"{{"state":"{state}"}}"#)).expect("a meter");
        assert_eq!(meter.state.map(State::next_event), Some(next_event));
    }
    let meter = sample(r#"{"state":"Melting","hp":1,"rewards":{},"rewardPoints":7}"#);
    assert_eq!(meter.expect("a meter").state, None);
}

#[test]
fn a_reply_without_state_and_points_is_not_understood() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        r#"{"state":null,"hp":-1}"#,
        r#"{"state":"Active""#,
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
}

proptest! {
    #[test]
    fn mutated_replies_never_panic_nor_keep_control_characters(body in mutated(vec![ACTIVE, REWARD])) {
        if let Ok(meter) = read(&Reply::new(200, body)) {
            let json = serde_json::to_string(&meter).expect("JSON");
            prop_assert!(!json.contains("\\u00") && !json.contains('\u{202e}'), "{json}");
        }
    }
}
