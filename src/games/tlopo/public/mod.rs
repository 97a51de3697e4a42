//! What The Legend of Pirates Online tells anybody: its oceans, and how its servers are. Both interfaces have the same
//! paths.

use serde::Deserialize;

use super::{GAME, Tlopo};
use crate::base::lenient::Lenient;
use crate::base::sanitize::clean;
use crate::games::shape::{Entries, List, Object, no_error_instead, object, shown};
use crate::protocol::districts;
use crate::protocol::districts::{District, DistrictTable, Fleet, Invasion, Ocean, OceanInvasion};
use crate::protocol::{Availability, Error, Login, Reply, Request, ServerMessage};

const SHARDS: &str = "/shards/";

/// Asks about the oceans.
pub fn ask_shards() -> Request {
    Request::get(SHARDS)
}

/// What the reply to [`ask_shards`] means: the oceans by name. The game does not say when it counted.
///
/// # Errors
/// When the server failed, says so in `error`, or what it has in place of every ocean is none.
pub fn shards(reply: &Reply) -> Result<DistrictTable, Error> {
    no_error_instead(reply)?;
    let Entries(Some(told)) = reply.read::<Entries<Object<Shard>>>()? else {
        return Err(reply.not_understood("has no oceans"));
    };
    if !told.is_empty() && told.values().all(|shard| shard.0.is_none()) {
        return Err(reply.not_understood("has something else in place of oceans"));
    }
    let mut districts: Vec<District> = told
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

/// How the servers are, as `system/status` tells it; asked with [`Login::status_request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Whether the game is open.
    pub door: Availability,
    /// What its makers have to say, which they may while it is open.
    pub message: ServerMessage,
    /// The servers, by kind.
    pub servers: Vec<Server>,
}

/// One server of the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// What it is for: `web`, `oceans`.
    pub kind: String,
    /// Its name; empty when none was told.
    pub name: String,
    /// 1 fine, 2 message, 3 closed, 4 error, 5 fatal, 6 unknown.
    pub status: Option<i64>,
}

/// What the reply to [`Login::status_request`] means.
///
/// # Errors
/// When the server failed, or does not say whether the game is open.
pub fn system(reply: &Reply) -> Result<System, Error> {
    let answer: SystemAnswer = object(reply)?;
    let mut servers = Vec::new();
    for (kind, List(told)) in answer.servers.0.into_iter().flatten() {
        let told = told.into_iter().filter_map(|server| server.0);
        servers.extend(told.map(|server| Server {
            kind: clean(&kind),
            name: shown(&server.name).unwrap_or_default(),
            status: server.status.code(),
        }));
    }
    Ok(System {
        door: Tlopo::read_status(reply)?,
        message: ServerMessage::new(answer.message.text()),
        servers,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SystemAnswer {
    message: Lenient,
    servers: Entries<List<Object<ServerTold>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ServerTold {
    name: Lenient,
    status: Lenient,
}

/// An ocean; `fleet` and `invasion` are empty when there is none.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shard {
    available: Lenient,
    name: Lenient,
    population: Lenient,
    fleet: Object<FleetTold>,
    invasion: Object<InvasionTold>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FleetTold {
    started: Lenient,
    ships_remaining: Lenient,
    state: Lenient,
    #[serde(rename = "type")]
    kind: Lenient,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InvasionTold {
    location: Lenient,
    state: Lenient,
    phase: Lenient,
    num_players: Lenient,
    started: Lenient,
}

impl Shard {
    /// Called by its number when it has no name.
    fn district(&self, number: &str) -> District {
        let fleet = self.fleet.0.as_ref().and_then(FleetTold::fleet);
        let invasion = self.invasion.0.as_ref().and_then(InvasionTold::invasion);
        District {
            name: shown(&self.name).unwrap_or_else(|| clean(number)),
            online: self.available.flag(),
            population: self.population.number(),
            invasion: invasion.map(Invasion::Ocean),
            ocean: Some(Ocean { fleet }),
            ..District::default()
        }
    }
}

impl FleetTold {
    fn fleet(&self) -> Option<Fleet> {
        let fleet = Fleet {
            kind: shown(&self.kind),
            state: shown(&self.state),
            ships_remaining: self.ships_remaining.number(),
            started: self.started.number(),
        };
        (fleet != Fleet::default()).then_some(fleet)
    }
}

impl InvasionTold {
    fn invasion(&self) -> Option<OceanInvasion> {
        let invasion = OceanInvasion {
            location: shown(&self.location),
            state: shown(&self.state),
            phase: shown(&self.phase),
            players: self.num_players.number(),
            started: self.started.number(),
        };
        (invasion != OceanInvasion::default()).then_some(invasion)
    }
}

#[cfg(test)]
mod tests;
