//! The simulated public data of Toontown Rewritten.

mod doodles;
mod field_offices;
mod silly_meter;

use serde_json::{Map, Value, json};

use crate::stand_in::simulation::{PeriodicEvent, PublicPage, SimulationTime};

/// The district that is closed at times.
const CLOSING: &str = "Gulp Gulch";
/// When it is closed.
const CLOSED: PeriodicEvent = PeriodicEvent {
    period: 150,
    duration: 40,
    first: 40,
};
/// The statuses of the closed district, for ten seconds each.
const STATUSES: [&str; 4] = ["draining", "closed", "offline", "offline"];
/// One name has a control character, as real ones do.
const COGS: [&str; 5] = [
    "Tele\u{3}marketer",
    "Bloodsucker",
    "Version 2.0 Mover & Shaker",
    "Cold Caller",
    "Micromanager",
];

struct District {
    name: &'static str,
    players: u64,
    /// When its first invasion begins.
    first: u64,
}

/// Two districts are invaded at any time: every 25 seconds, an invasion of 50 seconds begins in another one.
const DISTRICTS: [District; 6] = [
    district("Boingbury", 132, 125),
    district("Fizzlefield", 87, 0),
    district(CLOSING, 204, 100),
    district("Splat Summit", 411, 25),
    district("Thwackville", 59, 75),
    district("Whoosh Rapids", 173, 50),
];

const fn district(name: &'static str, players: u64, first: u64) -> District {
    District {
        name,
        players,
        first,
    }
}

/// Returns the public data of a path.
pub(super) fn page(path: &str) -> Option<PublicPage> {
    let page: PublicPage = match path {
        "/api/population" => population,
        "/api/invasions" => invasions,
        "/api/fieldoffices" => field_offices::page,
        "/api/sillymeter" => silly_meter::page,
        "/api/doodles" => doodles::page,
        _ => return None,
    };
    Some(page)
}

impl District {
    fn status(&self, time: SimulationTime) -> &'static str {
        let occurrence = CLOSED.occurrence(time).filter(|_| self.name == CLOSING);
        let step = occurrence.and_then(|occurrence| usize::try_from(occurrence.progress(4)).ok());
        step.and_then(|step| STATUSES.get(step).copied())
            .unwrap_or("online")
    }

    fn population(&self, time: SimulationTime, index: usize) -> u64 {
        match self.status(time) {
            "online" => time.population(self.players, index),
            "draining" => self.players / 4,
            _ => 0,
        }
    }

    fn invasion(&self, time: SimulationTime, index: usize) -> Option<Value> {
        let invasions = PeriodicEvent {
            period: 150,
            duration: 50,
            first: self.first,
        };
        let occurrence = invasions.occurrence(time)?;
        let total = 7_300 - 900 * index as u64;
        Some(json!({
            "type": occurrence.choose(&COGS, index),
            "progress": format!("{}/{total}", occurrence.progress(total)),
            "asOf": time.timestamp(),
            "startTimestamp": time.before(occurrence.elapsed),
        }))
    }
}

fn population(time: SimulationTime) -> Value {
    let (mut total, mut counts, mut statuses) = (0, Map::new(), Map::new());
    for (index, district) in DISTRICTS.iter().enumerate() {
        let count = district.population(time, index);
        total += count;
        counts.insert(district.name.to_owned(), json!(count));
        statuses.insert(district.name.to_owned(), json!(district.status(time)));
    }
    json!({
        "error": null,
        "totalPopulation": total,
        "populationByDistrict": counts,
        "statusByDistrict": statuses,
        "lastUpdated": time.timestamp(),
    })
}

fn invasions(time: SimulationTime) -> Value {
    let districts = DISTRICTS.iter().enumerate();
    let invaded: Map<String, Value> = districts
        .filter_map(|(index, it)| Some((it.name.to_owned(), it.invasion(time, index)?)))
        .collect();
    json!({ "error": null, "invasions": invaded, "lastUpdated": time.timestamp() })
}

#[cfg(test)]
mod tests;
