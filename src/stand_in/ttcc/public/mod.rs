//! The simulated public data of Corporate Clash.

use std::time::Duration;

use serde_json::{Value, json};

use crate::games::Interface;
use crate::stand_in::simulation::{Occurrence, PeriodicEvent, PublicPage, SimulationTime};

/// The district that is offline at times.
const RESTING: &str = "Hypno Heights";
/// When it is offline.
const OFFLINE: PeriodicEvent = PeriodicEvent {
    period: 150,
    duration: 40,
    first: 45,
};
const COGS: [&str; 4] = ["Middleman", "Con Artist", "Bloodsucker", "Mouthpiece"];
/// The number of cogs of an invasion.
const TOTAL: u64 = 4_913;
/// The minimum time between two requests for the districts.
const REQUEST_INTERVAL: Duration = Duration::from_secs(5);
/// The paths of the districts in both interfaces.
const PATHS: [&str; 2] = ["/api/v1/districts.js", "/api/v1/districts/"];

struct District {
    name: &'static str,
    players: u64,
    /// When its first invasion begins.
    first: u64,
}

/// One or two districts are invaded at any time: every 30 seconds, an invasion of 55 seconds begins in another one.
const DISTRICTS: [District; 5] = [
    district("Anvil Acres", 61, 30),
    district("Cupcake Cove", 28, 120),
    district(RESTING, 19, 90),
    district("Kazoo Kanyon", 37, 0),
    district("Seltzer Summit", 44, 60),
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
        "/api/v1/districts.js" => |time| districts(time, Interface::Current),
        "/api/v1/districts/" => |time| districts(time, Interface::Documented),
        "/api/v1/game_info.js" => game_info,
        _ => return None,
    };
    Some(page)
}

/// The rate limit for requests for the districts; holds the time of the last one.
#[derive(Debug, Default)]
pub(super) struct RateLimit(Option<Duration>);

impl RateLimit {
    /// Records a request for a path, and returns whether it came too soon after the last one.
    pub(super) fn is_exceeded(&mut self, path: &str, now: Duration) -> bool {
        if !PATHS.contains(&path) {
            return false;
        }
        let last = self.0.replace(now);
        last.is_some_and(|last| now.saturating_sub(last) < REQUEST_INTERVAL)
    }
}

impl District {
    fn offline(&self, time: SimulationTime) -> Option<Occurrence> {
        OFFLINE.occurrence(time).filter(|_| self.name == RESTING)
    }

    fn population(&self, time: SimulationTime, index: usize) -> u64 {
        match self.offline(time) {
            Some(_) => 0,
            None => time.population(self.players, index),
        }
    }

    fn invasion(&self, time: SimulationTime) -> Option<Occurrence> {
        let invasions = PeriodicEvent {
            period: 150,
            duration: 55,
            first: self.first,
        };
        invasions
            .occurrence(time)
            .filter(|_| self.offline(time).is_none())
    }

    /// Returns the district in the current interface. Without an invasion, the count is that of the last one.
    fn current(&self, time: SimulationTime, index: usize) -> Value {
        let offline = self.offline(time);
        let invasion = self.invasion(time);
        json!({
            "name": self.name,
            "online": offline.is_none(),
            "population": self.population(time, index),
            "invasion_online": invasion.is_some(),
            "last_update": self.updated(time),
            "cogs_attacking": invasion.map_or("None", |occurrence| occurrence.choose(&COGS, index)),
            "count_defeated": invasion.map_or(TOTAL, |occurrence| occurrence.progress(TOTAL)),
            "count_total": invasion.map_or(0, |_| TOTAL),
            "remaining_time": invasion.map_or(0, |occurrence| occurrence.remaining.as_secs()),
        })
    }

    /// Returns the district in the documented interface: a flag and a time as strings, no online state, and empty counts
    /// when there is no invasion.
    fn documented(&self, time: SimulationTime, index: usize) -> Value {
        let invasion = self.invasion(time);
        let count = |count: fn(Occurrence) -> u64| {
            invasion.map_or(json!(""), |occurrence| json!(count(occurrence)))
        };
        json!({
            "name": self.name,
            "population": self.population(time, index),
            "invasion_online": invasion.is_some().to_string(),
            "last_update": self.updated(time).to_string(),
            "cogs_attacking": invasion.map_or("", |occurrence| occurrence.choose(&COGS, index)),
            "count_defeated": count(|occurrence| occurrence.progress(TOTAL)),
            "count_total": count(|_| TOTAL),
            "remaining_time": invasion.map_or(0, |occurrence| occurrence.remaining.as_secs()),
        })
    }

    /// Returns the time of the last update; an offline district is not updated.
    fn updated(&self, time: SimulationTime) -> u64 {
        let offline = self.offline(time);
        offline.map_or(time.timestamp(), |occurrence| {
            time.before(occurrence.elapsed)
        })
    }
}

fn districts(time: SimulationTime, interface: Interface) -> Value {
    let districts = DISTRICTS.iter().enumerate();
    let rows = districts.map(|(index, district)| match interface {
        Interface::Current => district.current(time, index),
        Interface::Documented => district.documented(time, index),
    });
    rows.collect()
}

fn game_info(time: SimulationTime) -> Value {
    let districts = DISTRICTS.iter().enumerate();
    let toons: u64 = districts
        .map(|(index, it)| it.population(time, index))
        .sum();
    json!({
        "num_toons": toons,
        "production_closed": false,
        "production_closed_reason": "",
        "version": "rehearsal",
    })
}

#[cfg(test)]
mod tests;
