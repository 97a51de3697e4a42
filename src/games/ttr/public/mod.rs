//! What Toontown Rewritten tells anybody, after its published pages (2022 to 2025): how many play, and where cogs invade.
//!
//! ```text
//!   ask_population ──▶ population ──▶ Population ──╲
//!                                                   census ──▶ Census
//!   ask_invasions  ──▶ invasions  ──▶ Invasions  ──╱
//! ```
//!
//! The two are asked at once, and either may fail: what the other told is worth showing. Whether the game is open is
//! asked with [`Login::status_request`](crate::protocol::Login::knock).

pub mod doodles;
pub mod field_offices;
pub mod silly_meter;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{GAME, Status as StatusAnswer, Ttr};
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::games::shape::{Entries, Object, no_error, object, shown};
use crate::protocol::districts;
use crate::protocol::districts::{CogInvasion, District, DistrictStatus, DistrictTable, Invasion};
use crate::protocol::{Availability, Error, Login, Reply, Request, ServerMessage};

const POPULATION: &str = "/api/population";
const INVASIONS: &str = "/api/invasions";

/// Asks how many are playing.
pub fn ask_population() -> Request {
    Request::get(POPULATION)
}

/// Asks where cogs invade.
pub fn ask_invasions() -> Request {
    Request::get(INVASIONS)
}

/// How many are playing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    as_of: Option<u64>,
    total: Option<u64>,
    districts: BTreeMap<String, Played>,
}

/// What the population page tells of one district.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Played {
    population: Option<u64>,
    status: Option<DistrictStatus>,
}

/// Where cogs invade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invasions {
    as_of: Option<u64>,
    districts: BTreeMap<String, CogInvasion>,
}

/// What the reply to [`ask_population`] means.
///
/// # Errors
/// When the server failed, says so in `error`, or tells neither a total nor a district.
pub fn population(reply: &Reply) -> Result<Population, Error> {
    let answer: PopulationAnswer = object(reply)?;
    no_error(&answer.error)?;
    let total = answer.total_population.number();
    if total.is_none() && answer.population_by_district.0.is_none() {
        return Err(reply.not_understood("does not say how many are playing"));
    }
    let mut districts: BTreeMap<String, Played> = BTreeMap::new();
    for (name, count) in answer.population_by_district.0.into_iter().flatten() {
        districts.entry(clean(&name)).or_default().population = count.number();
    }
    for (name, word) in answer.status_by_district.0.into_iter().flatten() {
        districts.entry(clean(&name)).or_default().status =
            word.text().and_then(DistrictStatus::from_name);
    }
    Ok(Population {
        as_of: answer.last_updated.number(),
        total,
        districts,
    })
}

/// What the reply to [`ask_invasions`] means.
///
/// # Errors
/// When the server failed, says so in `error`, or has no invasions, not even none.
pub fn invasions(reply: &Reply) -> Result<Invasions, Error> {
    let answer: InvasionsAnswer = object(reply)?;
    no_error(&answer.error)?;
    let Some(told) = answer.invasions.0 else {
        return Err(reply.not_understood("does not say where invasions are"));
    };
    let districts = told
        .into_iter()
        .filter_map(|(name, told)| Some((clean(&name), told.0?.invasion()?)));
    Ok(Invasions {
        as_of: answer.last_updated.number(),
        districts: districts.collect(),
    })
}

/// The districts, as far as they were told: by name, with what both know of each. As old as the older of the two.
pub fn census(population: Option<Population>, invasions: Option<Invasions>) -> DistrictTable {
    let invasions_missing = invasions.is_none();
    let population = population.unwrap_or_default();
    let invasions = invasions.unwrap_or_default();
    let mut districts: BTreeMap<String, District> = BTreeMap::new();
    for (name, played) in population.districts {
        let district = named(&mut districts, name);
        district.online = played.status.map(|status| status == DistrictStatus::Online);
        district.status = played.status;
        district.population = played.population;
    }
    for (name, invasion) in invasions.districts {
        named(&mut districts, name).invasion = Some(Invasion::Cogs(invasion));
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

/// The district of that name, new if there was none.
fn named(districts: &mut BTreeMap<String, District>, name: String) -> &mut District {
    districts.entry(name.clone()).or_insert_with(|| District {
        name,
        ..District::default()
    })
}

/// How the game is, as `status` tells it; asked with [`Login::status_request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whether it is open.
    pub door: Availability,
    /// What its makers have to say, which they may while it is open.
    pub banner: ServerMessage,
}

/// What the reply to [`Login::status_request`] means.
///
/// # Errors
/// When the server failed, or does not say whether the game is open.
pub fn opening(reply: &Reply) -> Result<Opening, Error> {
    let answer: StatusAnswer = object(reply)?;
    Ok(Opening {
        door: Ttr::read_status(reply)?,
        banner: ServerMessage::new(answer.banner.text()),
    })
}

/// With `error`, nothing else is there.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PopulationAnswer {
    error: Lenient,
    total_population: Lenient,
    population_by_district: Entries<Lenient>,
    status_by_district: Entries<Lenient>,
    last_updated: Lenient,
}

/// The same here.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InvasionsAnswer {
    error: Lenient,
    invasions: Entries<Object<Invaded>>,
    last_updated: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Invaded {
    #[serde(rename = "type")]
    cog: Lenient,
    progress: Lenient,
    start_timestamp: Lenient,
}

impl Invaded {
    /// The invasion; none when neither its cogs nor its progress are told. How long it goes on, the game never tells.
    fn invasion(&self) -> Option<CogInvasion> {
        let cog = shown(&self.cog);
        let progress = self.progress.text().and_then(|text| text.split_once('/'));
        let (defeated, total) = match progress {
            Some((defeated, total)) => (defeated.trim().parse().ok(), total.trim().parse().ok()),
            None => (None, None),
        };
        let told = cog.is_some() || defeated.is_some() || total.is_some();
        told.then(|| CogInvasion {
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
