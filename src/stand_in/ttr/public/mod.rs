//! What the stand-in for Toontown Rewritten tells anybody; it moves (`motion`). Shapes as on the game's pages.

mod doodles;
mod field_offices;
mod silly_meter;

use serde_json::{Map, Value, json};

use crate::stand_in::motion::{Cycle, Moment, Page};

/// The district that is closed for a while.
const CLOSING: &str = "Gulp Gulch";
/// When it is.
const CLOSED: Cycle = Cycle {
    every: 150,
    lasts: 40,
    first: 40,
};
/// Ten seconds each.
const STATUSES: [&str; 4] = ["draining", "closed", "offline", "offline"];
/// One has a soft hyphen in it, as the real ones may.
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
    /// When its invasions begin.
    first: u64,
}

/// Two are invaded at any time: every 25 seconds an invasion of 50 begins elsewhere.
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

/// What answers a path, if it is one of public data.
pub(super) fn page(path: &str) -> Option<Page> {
    let page: Page = match path {
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
    fn status(&self, moment: Moment) -> &'static str {
        let turn = CLOSED.turn(moment).filter(|_| self.name == CLOSING);
        let step = turn.and_then(|turn| usize::try_from(turn.part(4)).ok());
        step.and_then(|step| STATUSES.get(step).copied())
            .unwrap_or("online")
    }

    fn population(&self, moment: Moment, at: usize) -> u64 {
        match self.status(moment) {
            "online" => moment.crowd(self.players, at),
            "draining" => self.players / 4,
            _ => 0,
        }
    }

    fn invasion(&self, moment: Moment, at: usize) -> Option<Value> {
        let raids = Cycle {
            every: 150,
            lasts: 50,
            first: self.first,
        };
        let turn = raids.turn(moment)?;
        let total = 7_300 - 900 * at as u64;
        Some(json!({
            "type": turn.pick(&COGS, at),
            "progress": format!("{}/{total}", turn.part(total)),
            "asOf": moment.timestamp(),
            "startTimestamp": moment.before(turn.age),
        }))
    }
}

fn population(moment: Moment) -> Value {
    let (mut total, mut counts, mut statuses) = (0, Map::new(), Map::new());
    for (at, district) in DISTRICTS.iter().enumerate() {
        let count = district.population(moment, at);
        total += count;
        counts.insert(district.name.to_owned(), json!(count));
        statuses.insert(district.name.to_owned(), json!(district.status(moment)));
    }
    json!({
        "error": null,
        "totalPopulation": total,
        "populationByDistrict": counts,
        "statusByDistrict": statuses,
        "lastUpdated": moment.timestamp(),
    })
}

fn invasions(moment: Moment) -> Value {
    let districts = DISTRICTS.iter().enumerate();
    let invaded: Map<String, Value> = districts
        .filter_map(|(at, it)| Some((it.name.to_owned(), it.invasion(moment, at)?)))
        .collect();
    json!({ "error": null, "invasions": invaded, "lastUpdated": moment.timestamp() })
}

#[cfg(test)]
mod tests;
