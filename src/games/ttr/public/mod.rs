//! The public data of Toontown Rewritten, after its published pages (2022 to 2025): population, invasions, status.
//!
//! ```text
//!   population_request ──▶ read_population ──▶ Population ──╲
//!                                                            district_table ──▶ DistrictTable
//!   invasions_request  ──▶ read_invasions  ──▶ Invasions  ──╱
//! ```
//!
//! The two requests are sent at the same time. When one fails, the table is made from the reply to the other.

pub mod doodles;
pub mod field_offices;
pub mod silly_meter;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{GAME, Status as StatusAnswer, Ttr};
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::games::json::{Map, Object, check_error, display_text, read_object};
use crate::protocol::districts;
use crate::protocol::districts::{CogInvasion, District, DistrictStatus, DistrictTable, Invasion};
use crate::protocol::{Availability, Error, Login, Reply, Request, ServerMessage};

const POPULATION: &str = "/api/population";
const INVASIONS: &str = "/api/invasions";

/// Returns the request for the population.
pub fn population_request() -> Request {
    Request::get(POPULATION)
}

/// Returns the request for the invasions.
pub fn invasions_request() -> Request {
    Request::get(INVASIONS)
}

/// The population of the game and of its districts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    as_of: Option<u64>,
    total: Option<u64>,
    districts: BTreeMap<String, DistrictPopulation>,
}

/// The population and the status of one district.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct DistrictPopulation {
    population: Option<u64>,
    status: Option<DistrictStatus>,
}

/// The invasions, by district.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invasions {
    as_of: Option<u64>,
    districts: BTreeMap<String, CogInvasion>,
}

/// Reads the reply to [`population_request`].
///
/// # Errors
/// When the server failed, or the reply has an `error` or neither a total nor districts.
pub fn read_population(reply: &Reply) -> Result<Population, Error> {
    let answer: PopulationAnswer = read_object(reply)?;
    check_error(&answer.error)?;
    let total = answer.total_population.number();
    if total.is_none() && answer.population_by_district.0.is_none() {
        return Err(reply.not_understood("does not contain the population"));
    }
    let mut districts: BTreeMap<String, DistrictPopulation> = BTreeMap::new();
    for (name, count) in answer.population_by_district.0.into_iter().flatten() {
        districts.entry(clean(&name)).or_default().population = count.number();
    }
    for (name, status) in answer.status_by_district.0.into_iter().flatten() {
        let status = status.text().and_then(DistrictStatus::from_name);
        districts.entry(clean(&name)).or_default().status = status;
    }
    Ok(Population {
        as_of: answer.last_updated.number(),
        total,
        districts,
    })
}

/// Reads the reply to [`invasions_request`].
///
/// # Errors
/// When the server failed, or the reply has an `error` or no map of invasions.
pub fn read_invasions(reply: &Reply) -> Result<Invasions, Error> {
    let answer: InvasionsAnswer = read_object(reply)?;
    check_error(&answer.error)?;
    let Some(invasions) = answer.invasions.0 else {
        return Err(reply.not_understood("does not contain the invasions"));
    };
    let districts = invasions
        .into_iter()
        .filter_map(|(name, invasion)| Some((clean(&name), invasion.0?.invasion()?)));
    Ok(Invasions {
        as_of: answer.last_updated.number(),
        districts: districts.collect(),
    })
}

/// Creates the table of districts from one or both replies, sorted by name. Its time is that of the older reply.
pub fn district_table(
    population: Option<Population>,
    invasions: Option<Invasions>,
) -> DistrictTable {
    let invasions_missing = invasions.is_none();
    let population = population.unwrap_or_default();
    let invasions = invasions.unwrap_or_default();
    let mut districts: BTreeMap<String, District> = BTreeMap::new();
    for (name, record) in population.districts {
        let district = entry(&mut districts, name);
        district.online = record.status.map(|status| status == DistrictStatus::Online);
        district.status = record.status;
        district.population = record.population;
    }
    for (name, invasion) in invasions.districts {
        entry(&mut districts, name).invasion = Some(Invasion::Cogs(invasion));
    }
    let districts: Vec<District> = districts.into_values().collect();
    DistrictTable {
        game: GAME.id,
        invasions_missing,
        as_of: [population.as_of, invasions.as_of]
            .into_iter()
            .flatten()
            .min(),
        population: population
            .total
            .or_else(|| districts::population(&districts)),
        districts,
    }
}

/// Returns the district of this name, which is added if it is missing.
fn entry(districts: &mut BTreeMap<String, District>, name: String) -> &mut District {
    districts.entry(name.clone()).or_insert_with(|| District {
        name,
        ..District::default()
    })
}

/// The status of the game: the reply to [`Login::status_request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStatus {
    /// Whether the game is open.
    pub availability: Availability,
    /// The server's message, which may be set while the game is open.
    pub banner: ServerMessage,
}

/// Reads the reply to [`Login::status_request`].
///
/// # Errors
/// When the server failed, or the reply does not say whether the game is open.
pub fn read_server_status(reply: &Reply) -> Result<ServerStatus, Error> {
    let answer: StatusAnswer = read_object(reply)?;
    Ok(ServerStatus {
        availability: Ttr::read_status(reply)?,
        banner: ServerMessage::new(answer.banner.text()),
    })
}

/// The reply to [`population_request`]; when `error` is set, the other fields are missing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PopulationAnswer {
    error: Lenient,
    total_population: Lenient,
    population_by_district: Map<Lenient>,
    status_by_district: Map<Lenient>,
    last_updated: Lenient,
}

/// The reply to [`invasions_request`]; when `error` is set, the other fields are missing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InvasionsAnswer {
    error: Lenient,
    invasions: Map<Object<InvasionRecord>>,
    last_updated: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InvasionRecord {
    #[serde(rename = "type")]
    cog: Lenient,
    progress: Lenient,
    start_timestamp: Lenient,
}

impl InvasionRecord {
    /// Converts the invasion; returns `None` when it has neither a cog nor a progress. The remaining time is never sent.
    fn invasion(&self) -> Option<CogInvasion> {
        let cog = display_text(&self.cog);
        let progress = self.progress.text().and_then(|text| text.split_once('/'));
        let (defeated, total) = match progress {
            Some((defeated, total)) => (defeated.trim().parse().ok(), total.trim().parse().ok()),
            None => (None, None),
        };
        let is_known = cog.is_some() || defeated.is_some() || total.is_some();
        is_known.then(|| CogInvasion {
            cog,
            defeated,
            total,
            remaining_seconds: None,
            started: self.start_timestamp.number(),
        })
    }
}

#[cfg(test)]
mod tests;
