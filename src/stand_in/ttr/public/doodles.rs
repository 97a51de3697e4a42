//! Doodles in pet shops, which sell others every minute.

use serde_json::{Map, Value, json};

use crate::stand_in::motion::{Cycle, Moment};

/// How long a shop has the same doodles; always some.
const SOLD: Cycle = Cycle {
    every: 60,
    lasts: 60,
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

/// What is told of all of them: one or two in each shop.
pub(super) fn page(moment: Moment) -> Value {
    let districts = DISTRICTS.into_iter().enumerate();
    let shops = districts.map(|(district, name)| {
        let playgrounds = PLAYGROUNDS.into_iter().enumerate();
        let sold = playgrounds.map(|(playground, name)| {
            let first = district * 7 + playground * 2;
            let doodles: Vec<Value> = (first..=first + playground % 2)
                .filter_map(|at| doodle(moment, at))
                .collect();
            (name.to_owned(), Value::from(doodles))
        });
        (name.to_owned(), Value::from(sold.collect::<Map<_, _>>()))
    });
    Value::from(shops.collect::<Map<_, _>>())
}

fn doodle(moment: Moment, at: usize) -> Option<Value> {
    let turn = SOLD.turn(moment)?;
    let costs = (turn.number + at * 3) % 8;
    Some(json!({
        "dna": turn.pick(&LOOKS, at),
        "traits": [turn.pick(&TRAITS, at), turn.pick(&TRAITS, at + 2)],
        "cost": 100 + 300 * costs,
    }))
}
