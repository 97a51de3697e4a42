//! The Silly Meter, which fills up, gives a reward, and is inactive.

use std::time::Duration;

use serde_json::{Value, json};

use crate::games::ttr::public::silly_meter::FULL;
use crate::stand_in::simulation::{PeriodicEvent, SimulationTime};

/// The three states in order.
const FILLS: PeriodicEvent = cycle(90, 110);
const REWARDS: PeriodicEvent = cycle(30, 50);
const COOLS: PeriodicEvent = cycle(30, 80);
/// The points at the beginning, so that the meter is full soon.
const START: u64 = 2_000_000;
const TEAMS: [&str; 3] = [
    "Overjoyed Laff Meters",
    "Decreased Fish Rarity",
    "Doodle Trick Boost",
];
const DESCRIPTIONS: [&str; 3] = [
    "Every toon has a few more laff points.",
    "Rare fish are not so rare.",
    "Doodles do their tricks better.",
];
/// The teams' shares of all points in percent.
const SHARES: [u64; 3] = [41, 34, 25];

const fn cycle(duration: u64, first: u64) -> PeriodicEvent {
    PeriodicEvent {
        period: 150,
        duration,
        first,
    }
}

/// Returns the Silly Meter. `nextUpdateTimestamp` is the end of the state or, while the meter fills up, the next count.
pub(super) fn page(time: SimulationTime) -> Value {
    let (state, hp, winner, next) = if let Some(occurrence) = FILLS.occurrence(time) {
        let hp = START + occurrence.progress(FULL - START);
        let count = Duration::from_secs(15 - occurrence.elapsed.as_secs() % 15);
        ("Active", hp, None, count.min(occurrence.remaining))
    } else if let Some(occurrence) = REWARDS.occurrence(time) {
        (
            "Reward",
            FULL,
            Some(occurrence.choose(&TEAMS, 0)),
            occurrence.remaining,
        )
    } else {
        let left = COOLS
            .occurrence(time)
            .map(|occurrence| occurrence.remaining);
        ("Inactive", 0, None, left.unwrap_or_default())
    };
    json!({
        "state": state,
        "hp": hp,
        "rewards": TEAMS,
        "rewardDescriptions": DESCRIPTIONS,
        "winner": winner,
        "rewardPoints": SHARES.map(|share| hp / 100 * share),
        "nextUpdateTimestamp": time.after(next),
        "asOf": time.timestamp(),
    })
}
