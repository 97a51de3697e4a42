//! The public data of Toontown Rewritten, after its published pages (2022 to 2025): population, invasions, status.
//!
//! ```text
//!                      ╭──▶ read_population ──╮
//!   district_requests ─┤                      ├──▶ DistrictTable::merge
//!                      ╰──▶ read_invasions ───╯
//! ```
//!
//! The two requests are sent at the same time. When one fails, the table is made from the reply to the other.

pub mod doodles;
pub mod field_offices;
pub mod silly_meter;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::games::json::{Map, Object, check_error, display_text, read_object};
use crate::protocol::districts;
use crate::protocol::districts::{
    CogInvasion, District, DistrictRequest, DistrictStatus, DistrictTable, Invasion,
};
use crate::protocol::{Error, Reply, Request};

const POPULATION: &str = "/api/population";
const INVASIONS: &str = "/api/invasions";

/// Returns the requests for the districts.
pub fn district_requests() -> Vec<DistrictRequest> {
    vec![
        DistrictRequest {
            what: "the players",
            request: Request::get(POPULATION),
            read: read_population,
        },
        DistrictRequest {
            what: "the invasions",
            request: Request::get(INVASIONS),
            read: read_invasions,
        },
    ]
}

/// Reads the reply to the request for the population: a table without invasions.
///
/// # Errors
/// When the server failed, or the reply has an `error` or neither a total nor districts.
pub fn read_population(reply: &Reply) -> Result<DistrictTable, Error> {
    let answer: PopulationAnswer = read_object(reply)?;
    check_error(&answer.error, reply)?;
    let total = answer.total_population.number();
    if total.is_none() && answer.population_by_district.0.is_none() {
        return Err(reply.not_understood("does not contain the population"));
    }
    let mut districts: BTreeMap<String, District> = BTreeMap::new();
    for (name, count) in answer.population_by_district.0.into_iter().flatten() {
        entry(&mut districts, &name).population = count.number();
    }
    for (name, status) in answer.status_by_district.0.into_iter().flatten() {
        let status = status.text().and_then(DistrictStatus::from_name);
        let district = entry(&mut districts, &name);
        district.online = status.map(|status| status == DistrictStatus::Online);
        district.status = status;
    }
    let districts: Vec<District> = districts.into_values().collect();
    Ok(DistrictTable {
        game: GAME.id,
        invasions_missing: true,
        as_of: answer.last_updated.number(),
        population: total.or_else(|| districts::population(&districts)),
        districts,
    })
}

/// Reads the reply to the request for the invasions: a table of the invaded districts.
///
/// # Errors
/// When the server failed, or the reply has an `error` or no map of invasions.
pub fn read_invasions(reply: &Reply) -> Result<DistrictTable, Error> {
    let answer: InvasionsAnswer = read_object(reply)?;
    check_error(&answer.error, reply)?;
    let Some(invasions) = answer.invasions.0 else {
        return Err(reply.not_understood("does not contain the invasions"));
    };
    let mut districts: BTreeMap<String, District> = BTreeMap::new();
    for (name, invasion) in invasions {
        let Some(record) = invasion.0 else { continue };
        if let Some(invasion) = record.invasion() {
            let district = entry(&mut districts, &name);
            district.invasion = Some(Invasion::Cogs(invasion));
            district.as_of = record.as_of.time();
        }
    }
    Ok(DistrictTable {
        game: GAME.id,
        invasions_missing: false,
        as_of: answer.last_updated.number(),
        population: None,
        districts: districts.into_values().collect(),
    })
}

/// Returns the district of this name, which is added if it is missing.
fn entry<'d>(districts: &'d mut BTreeMap<String, District>, name: &str) -> &'d mut District {
    let name = clean(name);
    districts.entry(name.clone()).or_insert_with(|| District {
        name,
        ..District::default()
    })
}

/// The reply to the request for the population; when `error` is set, the other fields are missing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PopulationAnswer {
    error: Lenient,
    total_population: Lenient,
    population_by_district: Map<Lenient>,
    status_by_district: Map<Lenient>,
    last_updated: Lenient,
}

/// The reply to the request for the invasions; when `error` is set, the other fields are missing.
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
    as_of: Lenient,
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
