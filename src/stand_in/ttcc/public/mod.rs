//! What the stand-in for Corporate Clash tells anybody; it moves (`motion`).

use std::time::Duration;

use serde_json::{Value, json};

use crate::games::Interface;
use crate::stand_in::motion::{Cycle, Moment, Page, Turn};

/// The district that is offline for a while.
const RESTING: &str = "Hypno Heights";
/// When it is.
const OFFLINE: Cycle = Cycle {
    every: 150,
    lasts: 40,
    first: 45,
};
const COGS: [&str; 4] = ["Middleman", "Con Artist", "Bloodsucker", "Mouthpiece"];
/// How many cogs an invasion has.
const TOTAL: u64 = 4_913;
/// A client that asks for the districts again sooner than this breaks the game's rules.
const SOONEST: Duration = Duration::from_secs(5);
/// The paths of the districts, as the two interfaces have them.
const PATHS: [&str; 2] = ["/api/v1/districts.js", "/api/v1/districts/"];

struct District {
    name: &'static str,
    players: u64,
    /// When its invasions begin.
    first: u64,
}

/// One or two are invaded at any time: every 30 seconds an invasion of 55 begins elsewhere.
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

/// What answers a path, if it is one of public data.
pub(super) fn page(path: &str) -> Option<Page> {
    let page: Page = match path {
        "/api/v1/districts.js" => |moment| districts(moment, Interface::Current),
        "/api/v1/districts/" => |moment| districts(moment, Interface::Documented),
        "/api/v1/game_info.js" => game_info,
        _ => return None,
    };
    Some(page)
}

/// When somebody last asked for the districts, through either interface; since the stand-in began.
#[derive(Debug, Default)]
pub(super) struct Asked(Option<Duration>);

impl Asked {
    /// Whether a path is asked for too soon after the last time; if so, the wait begins anew.
    pub(super) fn too_soon(&mut self, path: &str, now: Duration) -> bool {
        if !PATHS.contains(&path) {
            return false;
        }
        let last = self.0.replace(now);
        last.is_some_and(|last| now.saturating_sub(last) < SOONEST)
    }
}

impl District {
    fn offline(&self, moment: Moment) -> Option<Turn> {
        OFFLINE.turn(moment).filter(|_| self.name == RESTING)
    }

    fn population(&self, moment: Moment, at: usize) -> u64 {
        match self.offline(moment) {
            Some(_) => 0,
            None => moment.crowd(self.players, at),
        }
    }

    fn invasion(&self, moment: Moment) -> Option<Turn> {
        let raids = Cycle {
            every: 150,
            lasts: 55,
            first: self.first,
        };
        raids
            .turn(moment)
            .filter(|_| self.offline(moment).is_none())
    }

    /// As the current interface tells it: an idle district's count is left over from its last invasion.
    fn current(&self, moment: Moment, at: usize) -> Value {
        let offline = self.offline(moment);
        let invasion = self.invasion(moment);
        json!({
            "name": self.name,
            "online": offline.is_none(),
            "population": self.population(moment, at),
            "invasion_online": invasion.is_some(),
            "last_update": self.updated(moment),
            "cogs_attacking": invasion.map_or("None", |turn| turn.pick(&COGS, at)),
            "count_defeated": invasion.map_or(TOTAL, |turn| turn.part(TOTAL)),
            "count_total": invasion.map_or(0, |_| TOTAL),
            "remaining_time": invasion.map_or(0, |turn| turn.left.as_secs()),
        })
    }

    /// As the document has it: a flag and a time as texts, nothing about being online, and counts that are empty when
    /// there is no invasion.
    fn documented(&self, moment: Moment, at: usize) -> Value {
        let invasion = self.invasion(moment);
        let count = |count: fn(Turn) -> u64| invasion.map_or(json!(""), |turn| json!(count(turn)));
        json!({
            "name": self.name,
            "population": self.population(moment, at),
            "invasion_online": invasion.is_some().to_string(),
            "last_update": self.updated(moment).to_string(),
            "cogs_attacking": invasion.map_or("", |turn| turn.pick(&COGS, at)),
            "count_defeated": count(|turn| turn.part(TOTAL)),
            "count_total": count(|_| TOTAL),
            "remaining_time": invasion.map_or(0, |turn| turn.left.as_secs()),
        })
    }

    /// When it last told anything: one that is offline stays as it was.
    fn updated(&self, moment: Moment) -> u64 {
        let offline = self.offline(moment);
        offline.map_or(moment.timestamp(), |turn| moment.before(turn.age))
    }
}

fn districts(moment: Moment, interface: Interface) -> Value {
    let districts = DISTRICTS.iter().enumerate();
    let told = districts.map(|(at, district)| match interface {
        Interface::Current => district.current(moment, at),
        Interface::Documented => district.documented(moment, at),
    });
    told.collect()
}

fn game_info(moment: Moment) -> Value {
    let districts = DISTRICTS.iter().enumerate();
    let toons: u64 = districts.map(|(at, it)| it.population(moment, at)).sum();
    json!({
        "num_toons": toons,
        "production_closed": false,
        "production_closed_reason": "",
        "version": "rehearsal",
    })
}

#[cfg(test)]
mod tests;
