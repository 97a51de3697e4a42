//! The public data of The Legend of Pirates Online: its oceans and the status of its servers. Both interfaces have the same path.

use serde::Deserialize;
use serde_json::Value;

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::games::json::{
    List, Map, Object, check_error_reply, clean_json, display_text, read_object,
};
use crate::protocol::districts;
use crate::protocol::districts::{
    District, DistrictRequest, DistrictTable, Fleet, Invasion, Ocean, OceanInvasion,
};
use crate::protocol::{
    Availability, Error, Reply, Request, ServerMessage, ServerState, ServerStatus, StatusDetails,
};

const SHARDS: &str = "/shards/";

// The numbers of the system status and of each server's state.
const ALIVE: i64 = 1;
const MESSAGE: i64 = 2;
const UPDATE: i64 = 3;
const ERROR: i64 = 4;
const FATAL: i64 = 5;
const UNKNOWN: i64 = 6;

/// Returns the request for the oceans.
pub fn shards_request() -> DistrictRequest {
    DistrictRequest {
        what: "the oceans",
        request: Request::get(SHARDS),
        read: read_shards,
    }
}

/// Reads the reply to [`shards_request`]: the oceans, sorted by name. The server does not say when it collected them.
///
/// # Errors
/// When the server failed, the reply has an `error`, or none of its entries is an ocean.
pub fn read_shards(reply: &Reply) -> Result<DistrictTable, Error> {
    check_error_reply(reply)?;
    let Map(Some(shards)) = reply.read::<Map<Object<Shard>>>()? else {
        return Err(reply.not_understood("has no oceans"));
    };
    if !shards.is_empty() && shards.values().all(|shard| shard.0.is_none()) {
        return Err(reply.not_understood("has other values in place of oceans"));
    }
    let mut districts: Vec<District> = shards
        .into_iter()
        .filter_map(|(number, shard)| Some(shard.0?.district(&number)))
        .collect();
    districts.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(DistrictTable {
        game: GAME.id,
        invasions_missing: false,
        as_of: None,
        population: districts::population(&districts),
        districts,
    })
}

/// Reads the reply to the request for the system status. An error or an unknown state does not close the game while an
/// ocean is available; the message has the number then.
///
/// # Errors
/// When the server failed, or the reply does not say whether the game is open.
pub fn read_status(reply: &Reply) -> Result<ServerStatus, Error> {
    let system: SystemStatus = read_object(reply)?;
    let details = system.details();
    let status = system.status.code();
    let numbered = |number| ServerMessage::with_number(system.message.text(), "status", number);
    let message = match status {
        Some(number @ (ERROR | UNKNOWN)) => numbered(number),
        _ => ServerMessage::new(system.message.text()),
    };
    let availability = match status {
        Some(ALIVE | MESSAGE) => Availability::Open,
        Some(UPDATE | FATAL) => Availability::Closed(message.clone()),
        Some(ERROR | UNKNOWN) if has_available_ocean(&details) => Availability::Open,
        Some(ERROR | UNKNOWN) => {
            return Err(Error::ServerFailed {
                status: None,
                message,
            });
        }
        _ => return Err(reply.not_understood("does not say whether the game is open")),
    };
    Ok(ServerStatus {
        availability,
        message,
        population: None,
        details: Some(details),
    })
}

fn has_available_ocean(details: &StatusDetails) -> bool {
    let oceans = details.servers.get("oceans").into_iter().flatten();
    oceans
        .into_iter()
        .any(|ocean| matches!(ocean.status, Some(ALIVE | MESSAGE)))
}

/// The system status.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SystemStatus {
    status: Lenient,
    message: Lenient,
    servers: Map<List<Object<ServerRecord>>>,
    notices: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ServerRecord {
    name: Lenient,
    status: Lenient,
}

impl SystemStatus {
    fn details(&self) -> StatusDetails {
        let kinds = self.servers.0.iter().flatten();
        let servers = kinds.map(|(kind, List(servers))| {
            let states = servers.iter().filter_map(|server| {
                let server = server.0.as_ref()?;
                Some(ServerState {
                    name: display_text(&server.name).unwrap_or_default(),
                    status: server.status.code(),
                })
            });
            (clean(kind), states.collect())
        });
        StatusDetails {
            servers: servers.collect(),
            notices: clean_json(&self.notices),
        }
    }
}

/// An ocean; without a fleet or an invasion, `fleet` or `invasion` is an empty object.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shard {
    available: Lenient,
    name: Lenient,
    population: Lenient,
    fleet: Object<FleetRecord>,
    invasion: Object<InvasionRecord>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FleetRecord {
    started: Lenient,
    ships_remaining: Lenient,
    state: Lenient,
    #[serde(rename = "type")]
    kind: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InvasionRecord {
    location: Lenient,
    state: Lenient,
    phase: Lenient,
    num_players: Lenient,
    started: Lenient,
}

impl Shard {
    /// Converts the ocean; one without a name gets its number as its name.
    fn district(&self, number: &str) -> District {
        let fleet = self.fleet.0.as_ref().and_then(FleetRecord::fleet);
        let invasion = self.invasion.0.as_ref().and_then(InvasionRecord::invasion);
        District {
            name: display_text(&self.name).unwrap_or_else(|| clean(number)),
            online: self.available.flag(),
            population: self.population.number(),
            invasion: invasion.map(Invasion::Ocean),
            ocean: Some(Ocean { fleet }),
            ..District::default()
        }
    }
}

impl FleetRecord {
    fn fleet(&self) -> Option<Fleet> {
        let fleet = Fleet {
            kind: display_text(&self.kind),
            state: display_text(&self.state),
            ships_remaining: self.ships_remaining.number(),
            started: self.started.number(),
        };
        (fleet != Fleet::default()).then_some(fleet)
    }
}

impl InvasionRecord {
    fn invasion(&self) -> Option<OceanInvasion> {
        let invasion = OceanInvasion {
            location: display_text(&self.location),
            state: display_text(&self.state),
            phase: display_text(&self.phase),
            players: self.num_players.number(),
            started: self.started.number(),
        };
        (invasion != OceanInvasion::default()).then_some(invasion)
    }
}

#[cfg(test)]
mod tests;
