//! A Silly Meter that fills, rewards, and cools down.

use std::time::Duration;

use serde_json::{Value, json};

use crate::games::ttr::public::silly_meter::FULL;
use crate::stand_in::motion::{Cycle, Moment};

/// The three states, one after the other.
const FILLS: Cycle = cycle(90, 110);
const REWARDS: Cycle = cycle(30, 50);
const COOLS: Cycle = cycle(30, 80);
/// What it holds when it begins to be filled: a visitor should see it full soon.
const BEGINS_WITH: u64 = 2_000_000;
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
/// Of all points, in hundredths.
const SHARES: [u64; 3] = [41, 34, 25];

const fn cycle(lasts: u64, first: u64) -> Cycle {
    Cycle {
        every: 150,
        lasts,
        first,
    }
}

/// What is told of it. `nextUpdateTimestamp` is when the state ends, while it is filled the next count.
pub(super) fn page(moment: Moment) -> Value {
    let (state, hp, winner, next) = if let Some(turn) = FILLS.turn(moment) {
        let hp = BEGINS_WITH + turn.part(FULL - BEGINS_WITH);
        let count = Duration::from_secs(15 - turn.age.as_secs() % 15);
        ("Active", hp, None, count.min(turn.left))
    } else if let Some(turn) = REWARDS.turn(moment) {
        ("Reward", FULL, Some(turn.pick(&TEAMS, 0)), turn.left)
    } else {
        let left = COOLS.turn(moment).map(|turn| turn.left);
        ("Inactive", 0, None, left.unwrap_or_default())
    };
    json!({
        "state": state,
        "hp": hp,
        "rewards": TEAMS,
        "rewardDescriptions": DESCRIPTIONS,
        "winner": winner,
        "rewardPoints": SHARES.map(|share| hp / 100 * share),
        "nextUpdateTimestamp": moment.after(next),
        "asOf": moment.timestamp(),
    })
}
