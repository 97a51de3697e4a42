//! The doodles in pet shops, which change every minute.

use serde_json::{Map, Value, json};

use crate::stand_in::simulation::{PeriodicEvent, SimulationTime};

/// How long the shops sell the same doodles.
const SOLD: PeriodicEvent = PeriodicEvent {
    period: 60,
    duration: 60,
    first: 0,
};
const DISTRICTS: [&str; 2] = ["Fizzlefield", "Splat Summit"];
const PLAYGROUNDS: [&str; 3] = ["Donald's Dock", "The Brrrgh", "Toontown Central"];
const LOOKS: [&str; 3] = ["740004040607", "72010a021214", "-1010c060803"];
const TRAITS: [&str; 5] = [
    "Rarely Bored",
    "Often Hungry",
    "Sometimes Tired",
    "Always Affectionate",
    "Rarely Forgets",
];

/// Returns all doodles, one or two in each shop.
pub(super) fn page(time: SimulationTime) -> Value {
    let districts = DISTRICTS.into_iter().enumerate();
    let shops = districts.map(|(district, name)| {
        let playgrounds = PLAYGROUNDS.into_iter().enumerate();
        let sold = playgrounds.map(|(playground, name)| {
            let first = district * 7 + playground * 2;
            let doodles: Vec<Value> = (first..=first + playground % 2)
                .filter_map(|index| doodle(time, index))
                .collect();
            (name.to_owned(), Value::from(doodles))
        });
        (name.to_owned(), Value::from(sold.collect::<Map<_, _>>()))
    });
    Value::from(shops.collect::<Map<_, _>>())
}

fn doodle(time: SimulationTime, index: usize) -> Option<Value> {
    let occurrence = SOLD.occurrence(time)?;
    let costs = (occurrence.number + index * 3) % 8;
    Some(json!({
        "dna": occurrence.choose(&LOOKS, index),
        "traits": [occurrence.choose(&TRAITS, index), occurrence.choose(&TRAITS, index + 2)],
        "cost": 100 + 300 * costs,
    }))
}
