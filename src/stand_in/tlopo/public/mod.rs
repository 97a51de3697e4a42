//! What the stand-in for The Legend of Pirates Online tells anybody; it moves (`motion`).

use serde_json::{Map, Value, json};

use crate::stand_in::motion::{Cycle, Moment, Page, Turn};

/// The ocean that is closed for a while.
const CLOSING: &str = "Cortola";
/// When it is.
const CLOSED: Cycle = Cycle {
    every: 150,
    lasts: 40,
    first: 35,
};
const ISLANDS: [&str; 3] = ["Port Royal", "Tortuga", "Padres del Fuego"];
const FLEETS: [&str; 3] = ["Treasure Fleet", "Navy Fleet", "EITC Fleet"];
/// One after the other in every invasion.
const STATES: [&str; 3] = ["Approaching", "Main Wave", "Boss Wave"];
/// How many ships a fleet has.
const SHIPS: u64 = 8;

struct Ocean {
    number: &'static str,
    name: &'static str,
    players: u64,
    /// When its invasions begin.
    invaded: u64,
    /// When its fleets set sail.
    sailing: u64,
}

/// Every 40 to 55 seconds an invasion begins elsewhere, and a fleet sets sail.
const OCEANS: [Ocean; 4] = [
    ocean("401000000", "Abassa", 52, 0, 110),
    ocean("402000000", "Andaba", 31, 45, 0),
    ocean("403000000", CLOSING, 12, 95, 85),
    ocean("404000000", "Exuma", 70, 110, 40),
];

const fn ocean(
    number: &'static str,
    name: &'static str,
    players: u64,
    invaded: u64,
    sailing: u64,
) -> Ocean {
    Ocean {
        number,
        name,
        players,
        invaded,
        sailing,
    }
}

/// What answers a path, if it is one of public data.
pub(super) fn page(path: &str) -> Option<Page> {
    let page: Page = match path {
        "/shards/" => shards,
        "/system/status/" => system,
        _ => return None,
    };
    Some(page)
}

impl Ocean {
    fn is_available(&self, moment: Moment) -> bool {
        self.name != CLOSING || CLOSED.turn(moment).is_none()
    }

    /// What comes to it every so often and stays for 50 seconds, unless it is closed.
    fn visit(&self, first: u64, moment: Moment) -> Option<Turn> {
        let visits = Cycle {
            every: 150,
            lasts: 50,
            first,
        };
        visits.turn(moment).filter(|_| self.is_available(moment))
    }

    /// An empty object when there is none.
    fn invasion(&self, moment: Moment, at: usize) -> Value {
        let Some(turn) = self.visit(self.invaded, moment) else {
            return json!({});
        };
        let phase = turn.part(STATES.len() as u64);
        let state = usize::try_from(phase).ok().and_then(|it| STATES.get(it));
        json!({
            "location": turn.pick(&ISLANDS, at),
            "state": state,
            "phase": phase + 1,
            "numPlayers": 3 + turn.part(20),
            "started": moment.before(turn.age),
        })
    }

    /// The same here.
    fn fleet(&self, moment: Moment, at: usize) -> Value {
        let Some(turn) = self.visit(self.sailing, moment) else {
            return json!({});
        };
        json!({
            "type": turn.pick(&FLEETS, at),
            "state": "Sailing",
            "shipsRemaining": SHIPS.saturating_sub(turn.part(SHIPS)),
            "started": moment.before(turn.age),
        })
    }

    fn shard(&self, moment: Moment, at: usize) -> Value {
        let available = self.is_available(moment);
        let population = if available {
            moment.crowd(self.players, at)
        } else {
            0
        };
        json!({
            "available": available,
            "name": self.name,
            "created": moment.start(),
            "fleet": self.fleet(moment, at),
            "invasion": self.invasion(moment, at),
            "population": population,
        })
    }
}

fn shards(moment: Moment) -> Value {
    let oceans = OCEANS.iter().enumerate();
    let told: Map<String, Value> = oceans
        .map(|(at, ocean)| (ocean.number.to_owned(), ocean.shard(moment, at)))
        .collect();
    Value::Object(told)
}

/// 1 is fine, 3 is closed.
fn system(moment: Moment) -> Value {
    let oceans = OCEANS.iter().map(|ocean| {
        let status = if ocean.is_available(moment) { 1 } else { 3 };
        json!({ "name": ocean.name, "status": status })
    });
    json!({
        "status": 1,
        "servers": {
            "web": [{ "name": "Website", "status": 1 }],
            "oceans": oceans.collect::<Vec<_>>(),
        },
        "notices": {},
        "message": "Fine.",
    })
}

#[cfg(test)]
mod tests;
