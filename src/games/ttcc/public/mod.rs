//! The public data of Corporate Clash: its districts, through either interface.

use serde::Deserialize;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::games::Interface;
use crate::games::json::{Object, check_error_reply, display_text};
use crate::protocol::districts;
use crate::protocol::districts::{CogInvasion, District, DistrictRequest, DistrictTable, Invasion};
use crate::protocol::{Error, Reply, Request};

const DISTRICTS: &str = "/api/v1/districts.js";
const DOCUMENTED: &str = "/api/v1/districts/";

/// Returns the request for the districts. The interfaces have different paths, and their replies differ only in types.
pub fn district_request(interface: Interface) -> DistrictRequest {
    let path = match interface {
        Interface::Current => DISTRICTS,
        Interface::Documented => DOCUMENTED,
    };
    DistrictRequest {
        what: "the districts",
        request: Request::get(path),
        read: read_districts,
    }
}

/// Reads the reply to [`district_request`] of either interface.
///
/// The time of the table is that of the newest district, because the time of an offline district does not change.
///
/// # Errors
/// When the server failed, or the reply is not a list of districts.
pub fn read_districts(reply: &Reply) -> Result<DistrictTable, Error> {
    check_error_reply(reply)?;
    let items: Vec<Object<DistrictRecord>> = reply.read()?;
    let is_empty = items.is_empty();
    let records: Vec<DistrictRecord> = items
        .into_iter()
        .filter_map(|item| item.0.filter(DistrictRecord::is_district))
        .collect();
    if records.is_empty() && !is_empty {
        return Err(reply.not_understood("has other values in place of districts"));
    }
    let as_of = records.iter().filter_map(|it| it.last_update.time());
    let as_of = as_of.max();
    let districts: Vec<District> = records.iter().map(DistrictRecord::district).collect();
    Ok(DistrictTable {
        game: GAME.id,
        invasions_missing: false,
        as_of,
        population: districts::population(&districts),
        districts,
    })
}

/// A district. In the documented interface `invasion_online` and `last_update` are strings, and the counts are empty
/// strings without an invasion. In the current interface they are booleans and numbers, and `cogs_attacking` is `"None"`
/// without an invasion.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DistrictRecord {
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

impl DistrictRecord {
    /// Whether this is a district. Those in the sample of the document have a population and no name.
    fn is_district(&self) -> bool {
        self.name.text().is_some() || self.population.number().is_some()
    }

    fn district(&self) -> District {
        District {
            name: display_text(&self.name).unwrap_or_default(),
            as_of: self.last_update.time(),
            online: self.online.flag(),
            population: self.population.number(),
            invasion: self.invasion().map(Invasion::Cogs),
            ..District::default()
        }
    }

    /// Converts the invasion. Whether there is one depends on its flag, because the other fields may belong to the previous
    /// invasion; without a flag, it depends on its cogs.
    fn invasion(&self) -> Option<CogInvasion> {
        let cog =
            display_text(&self.cogs_attacking).filter(|cog| !cog.eq_ignore_ascii_case("none"));
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
