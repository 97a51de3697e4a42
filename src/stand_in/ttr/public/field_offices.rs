//! Field offices that lose their annexes one by one, send everybody out, and are set up again.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::stand_in::motion::{Cycle, Moment};

/// How long it takes toons to defeat a field office's annexes, in seconds.
const ANNEXES_LAST: u64 = 60;
/// How long it stays after that, in seconds.
const STAYS: u64 = 20;

/// Zone, department, stars from 0, annexes, and when it is first set up. The last zone is one that no page names.
const OFFICES: [(&str, &str, u64, u64, u64); 4] = [
    ("3100", "s", 2, 11, 60),
    ("4300", "s", 0, 3, 0),
    ("9200", "l", 1, 6, 25),
    ("7100", "s", 3, 20, 80),
];

/// What is told of all of them.
pub(super) fn page(moment: Moment) -> Value {
    let offices: Map<String, Value> = OFFICES
        .into_iter()
        .filter_map(|(zone, department, difficulty, annexes, first)| {
            let mut office = progress(annexes, first, moment)?;
            office.insert("department".to_owned(), json!(department));
            office.insert("difficulty".to_owned(), json!(difficulty));
            Some((zone.to_owned(), Value::Object(office)))
        })
        .collect();
    json!({ "lastUpdated": moment.timestamp(), "fieldOffices": offices })
}

/// How far the defeat of one is: closed and about to go once no annex is left.
fn progress(annexes: u64, first: u64, moment: Moment) -> Option<Map<String, Value>> {
    let cycle = |lasts| Cycle {
        every: 100,
        lasts,
        first,
    };
    let stands = cycle(ANNEXES_LAST + STAYS).turn(moment)?;
    let (left, expiring) = match cycle(ANNEXES_LAST).turn(moment) {
        Some(turn) => (annexes.saturating_sub(turn.part(annexes)), None),
        None => (0, Some(moment.after(stands.left))),
    };
    let open = expiring.is_none() && stands.age >= Duration::from_secs(5);
    let told = [
        ("annexes", json!(left)),
        ("open", json!(open)),
        ("expiring", json!(expiring)),
    ];
    Some(
        told.map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect(),
    )
}
