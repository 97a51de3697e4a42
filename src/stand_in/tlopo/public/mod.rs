//! The simulated public data of The Legend of Pirates Online.

use serde_json::{Map, Value, json};

use crate::stand_in::simulation::{Occurrence, PeriodicEvent, PublicPage, SimulationTime};

/// The ocean that is closed at times.
const CLOSING: &str = "Cortola";
/// When it is closed.
const CLOSED: PeriodicEvent = PeriodicEvent {
    period: 150,
    duration: 40,
    first: 35,
};
const ISLANDS: [&str; 3] = ["Port Royal", "Tortuga", "Padres del Fuego"];
const FLEETS: [&str; 3] = ["Treasure Fleet", "Navy Fleet", "EITC Fleet"];
/// The states of an invasion in order.
const STATES: [&str; 3] = ["Approaching", "Main Wave", "Boss Wave"];
/// The number of ships of a fleet.
const SHIPS: u64 = 8;

struct Ocean {
    number: &'static str,
    name: &'static str,
    players: u64,
    /// When its first invasion begins.
    invaded: u64,
    /// When its first fleet sets sail.
    sailing: u64,
}

/// An invasion and a fleet begin at another ocean every 40 to 55 seconds.
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

/// Returns the public data of a path.
pub(super) fn page(path: &str) -> Option<PublicPage> {
    let page: PublicPage = match path {
        "/shards/" => shards,
        "/system/status/" => system,
        _ => return None,
    };
    Some(page)
}

impl Ocean {
    fn is_available(&self, time: SimulationTime) -> bool {
        self.name != CLOSING || CLOSED.occurrence(time).is_none()
    }

    /// Returns an occurrence of an event that repeats and takes 50 seconds, unless the ocean is closed.
    fn event(&self, first: u64, time: SimulationTime) -> Option<Occurrence> {
        let event = PeriodicEvent {
            period: 150,
            duration: 50,
            first,
        };
        event.occurrence(time).filter(|_| self.is_available(time))
    }

    /// Returns the invasion, or an empty object.
    fn invasion(&self, time: SimulationTime, index: usize) -> Value {
        let Some(occurrence) = self.event(self.invaded, time) else {
            return json!({});
        };
        let phase = occurrence.progress(STATES.len() as u64);
        let state = usize::try_from(phase).ok().and_then(|it| STATES.get(it));
        json!({
            "location": occurrence.choose(&ISLANDS, index),
            "state": state,
            "phase": phase + 1,
            "numPlayers": 3 + occurrence.progress(20),
            "started": time.before(occurrence.elapsed),
        })
    }

    /// Returns the fleet, or an empty object.
    fn fleet(&self, time: SimulationTime, index: usize) -> Value {
        let Some(occurrence) = self.event(self.sailing, time) else {
            return json!({});
        };
        json!({
            "type": occurrence.choose(&FLEETS, index),
            "state": "Sailing",
            "shipsRemaining": SHIPS.saturating_sub(occurrence.progress(SHIPS)),
            "started": time.before(occurrence.elapsed),
        })
    }

    fn shard(&self, time: SimulationTime, index: usize) -> Value {
        let available = self.is_available(time);
        let population = if available {
            time.population(self.players, index)
        } else {
            0
        };
        json!({
            "available": available,
            "name": self.name,
            "created": time.start(),
            "fleet": self.fleet(time, index),
            "invasion": self.invasion(time, index),
            "population": population,
        })
    }
}

fn shards(time: SimulationTime) -> Value {
    let oceans = OCEANS.iter().enumerate();
    let shards: Map<String, Value> = oceans
        .map(|(index, ocean)| (ocean.number.to_owned(), ocean.shard(time, index)))
        .collect();
    Value::Object(shards)
}

/// Returns the system status: 1 is open, 3 is closed.
fn system(time: SimulationTime) -> Value {
    let oceans = OCEANS.iter().map(|ocean| {
        let status = if ocean.is_available(time) { 1 } else { 3 };
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
