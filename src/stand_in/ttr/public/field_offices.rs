//! Field offices that lose their annexes one by one, close, and begin again.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::stand_in::simulation::{PeriodicEvent, SimulationTime};

/// The time in which a field office loses its annexes, in seconds.
const ANNEXES_LAST: u64 = 60;
/// The time between the last annex and the end, in seconds.
const STAYS: u64 = 20;

/// Zone, department, difficulty from 0, annexes, and the first beginning. No document names the last zone.
const OFFICES: [(&str, &str, u64, u64, u64); 4] = [
    ("3100", "s", 2, 11, 60),
    ("4300", "s", 0, 3, 0),
    ("9200", "l", 1, 6, 25),
    ("7100", "s", 3, 20, 80),
];

/// Returns all field offices.
pub(super) fn page(time: SimulationTime) -> Value {
    let offices: Map<String, Value> = OFFICES
        .into_iter()
        .filter_map(|(zone, department, difficulty, annexes, first)| {
            let mut office = progress(annexes, first, time)?;
            office.insert("department".to_owned(), json!(department));
            office.insert("difficulty".to_owned(), json!(difficulty));
            Some((zone.to_owned(), Value::Object(office)))
        })
        .collect();
    json!({ "lastUpdated": time.timestamp(), "fieldOffices": offices })
}

/// Returns the state of a field office, which is closed and expires once it has no annexes.
fn progress(annexes: u64, first: u64, time: SimulationTime) -> Option<Map<String, Value>> {
    let cycle = |lasts| PeriodicEvent {
        period: 100,
        duration: lasts,
        first,
    };
    let stands = cycle(ANNEXES_LAST + STAYS).occurrence(time)?;
    let (left, expiring) = match cycle(ANNEXES_LAST).occurrence(time) {
        Some(occurrence) => (annexes.saturating_sub(occurrence.progress(annexes)), None),
        None => (0, Some(time.after(stands.remaining))),
    };
    let open = expiring.is_none() && stands.elapsed >= Duration::from_secs(5);
    let fields = [
        ("annexes", json!(left)),
        ("open", json!(open)),
        ("expiring", json!(expiring)),
    ];
    Some(
        fields
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect(),
    )
}
