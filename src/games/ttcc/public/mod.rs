//! What Corporate Clash tells anybody: its districts, through either interface, and how the game is.

use serde::Deserialize;

use super::{GAME, Ttcc};
use crate::base::lenient::Lenient;
use crate::games::Interface;
use crate::games::shape::{Object, no_error_instead, object, shown};
use crate::protocol::districts;
use crate::protocol::districts::{CogInvasion, District, DistrictTable, Invasion};
use crate::protocol::{Availability, Error, Login, Reply, Request};

const DISTRICTS: &str = "/api/v1/districts.js";
const DOCUMENTED: &str = "/api/v1/districts/";

/// Asks about the districts. The documented interface has its own path, and the same answer in other types.
pub fn ask_districts(interface: Interface) -> Request {
    Request::get(match interface {
        Interface::Current => DISTRICTS,
        Interface::Documented => DOCUMENTED,
    })
}

/// What the reply to [`ask_districts`] means, whichever interface it was.
///
/// As old as the newest of its districts: one that is offline stays as it was.
///
/// # Errors
/// When the server failed, or what it sent is no list of districts.
pub fn districts(reply: &Reply) -> Result<DistrictTable, Error> {
    no_error_instead(reply)?;
    let told: Vec<Object<Told>> = reply.read()?;
    let empty = told.is_empty();
    let told: Vec<Told> = told
        .into_iter()
        .filter_map(|it| it.0.filter(Told::is_district))
        .collect();
    if told.is_empty() && !empty {
        return Err(reply.not_understood("has something else in place of districts"));
    }
    let as_of = told.iter().filter_map(|it| it.last_update.number()).max();
    let districts: Vec<District> = told.iter().map(Told::district).collect();
    Ok(DistrictTable {
        game: GAME.id,
        invasions_missing: false,
        as_of,
        population: districts::population(&districts),
        districts,
    })
}

/// How the game is, as `game_info.js` tells it; asked with [`Login::status_request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GameInfo {
    /// Whether it is open.
    pub door: Availability,
    /// How many are playing.
    pub population: Option<u64>,
}

/// What the reply to [`Login::status_request`] means.
///
/// # Errors
/// When the server failed, or does not say whether the game is open.
pub fn game_info(reply: &Reply) -> Result<GameInfo, Error> {
    let answer: Counted = object(reply)?;
    Ok(GameInfo {
        door: Ttcc::read_status(reply)?,
        population: answer.num_toons.number(),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counted {
    num_toons: Lenient,
}

/// A district. In the document `invasion_online` is a text, `last_update` is one too, and counts are empty without an
/// invasion; in the current interface all have types of their own, and `cogs_attacking` is `"None"` without one.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    name: Lenient,
    online: Lenient,
    population: Lenient,
    invasion_online: Lenient,
    last_update: Lenient,
    cogs_attacking: Lenient,
    count_defeated: Lenient,
    count_total: Lenient,
    remaining_time: Lenient,
}

impl Told {
    /// The document's own sample has no name, and a population.
    fn is_district(&self) -> bool {
        self.name.text().is_some() || self.population.number().is_some()
    }

    fn district(&self) -> District {
        District {
            name: shown(&self.name).unwrap_or_default(),
            online: self.online.flag(),
            population: self.population.number(),
            invasion: self.invasion().map(Invasion::Cogs),
            ..District::default()
        }
    }

    /// Its flag decides, because counts are left over from the last one; without a flag, its cogs do.
    fn invasion(&self) -> Option<CogInvasion> {
        let cog = shown(&self.cogs_attacking).filter(|cog| !cog.eq_ignore_ascii_case("none"));
        let invaded = self.invasion_online.flag().unwrap_or(cog.is_some());
        invaded.then(|| CogInvasion {
            cog,
            defeated: self.count_defeated.number(),
            total: self.count_total.number(),
            remaining_seconds: self.remaining_time.number(),
            started: None,
        })
    }
}

#[cfg(test)]
mod tests;
