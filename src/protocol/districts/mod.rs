//! The districts of all games in one form, for tables and for JSON (`cli.md`, `districts --json`).
//!
//! ```text
//!   DistrictTable ──▶ District ──▶ Invasion ──▶ CogInvasion     ttr and ttcc
//!                         │            └──────▶ OceanInvasion   tlopo
//!                         └──────▶ Ocean ─────▶ Fleet           tlopo
//! ```
//!
//! A value that the game's server does not send is `None`, and `null` in JSON. Every text is already safe to display.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::suggestion::did_you_mean;
use crate::base::timestamp;
use crate::protocol::{Error, Reply, Request};

/// All districts of a game at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictTable {
    /// The game's name on the command line.
    pub game: &'static str,
    /// Whether invasions are unknown, so that a district without one may be invaded. Left out of the JSON when false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub invasions_missing: bool,
    /// When the server collected the data, in seconds since 1970. Pirates Online never says that, and the caller sets the
    /// time of the request.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// How many people are playing: the server's number, or else the sum over the districts.
    pub population: Option<u64>,
    /// The districts: in the order of the server's list, or sorted by name when the server sends an object.
    pub districts: Vec<District>,
}

impl DistrictTable {
    /// Joins two parts of a table: the districts by name, sorted, with the time of the older part.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let mut districts: BTreeMap<String, District> = BTreeMap::new();
        for district in self.districts.into_iter().chain(other.districts) {
            let known = districts.remove(&district.name);
            let district = known.unwrap_or_default().or(district);
            districts.insert(district.name.clone(), district);
        }
        Self {
            game: self.game,
            invasions_missing: self.invasions_missing && other.invasions_missing,
            as_of: [self.as_of, other.as_of].into_iter().flatten().min(),
            population: self.population.or(other.population),
            districts: districts.into_values().collect(),
        }
    }

    /// Whether the rows are oceans, which the districts of The Legend of Pirates Online are.
    pub fn has_oceans(&self) -> bool {
        self.game == "tlopo"
    }
}

/// A request for a part of a [`DistrictTable`]; the parts are requested at the same time.
pub struct DistrictRequest {
    /// What the part contains, for messages.
    pub what: &'static str,
    /// The request.
    pub request: Request,
    /// Reads the reply.
    pub read: fn(&Reply) -> Result<DistrictTable, Error>,
}

/// A district or an ocean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct District {
    /// The name; empty when the server sends none.
    pub name: String,
    /// When the server collected the data of this district, in seconds since 1970; for Toontown Rewritten, the data of its
    /// invasion. Left out of the JSON when the server does not say.
    #[serde(
        serialize_with = "timestamp::serialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub as_of: Option<u64>,
    /// Whether players can enter.
    pub online: Option<bool>,
    /// The status, in games that have more than online and offline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<DistrictStatus>,
    /// How many people are playing.
    pub population: Option<u64>,
    /// The current invasion.
    pub invasion: Option<Invasion>,
    /// The data that only an ocean has.
    #[serde(flatten)]
    pub ocean: Option<Ocean>,
}

impl District {
    /// Returns the values of this district, and those of `other` where they are unknown.
    fn or(self, other: Self) -> Self {
        Self {
            name: other.name,
            as_of: self.as_of.or(other.as_of),
            online: self.online.or(other.online),
            status: self.status.or(other.status),
            population: self.population.or(other.population),
            invasion: self.invasion.or(other.invasion),
            ocean: self.ocean.or(other.ocean),
        }
    }

    /// Returns the name for a table, which is `?` for a district without one.
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            "?"
        } else {
            &self.name
        }
    }
}

/// The status of a district, with the values of Toontown Rewritten's population page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DistrictStatus {
    /// Open to players.
    Online,
    /// Starting, and online soon.
    Offline,
    /// Its players are being moved to other districts, and nobody can enter.
    Draining,
    /// Closed to players; some may still be in it.
    Closed,
}

impl DistrictStatus {
    /// Returns the status of this name, ignoring case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Online, Self::Offline, Self::Draining, Self::Closed]
            .into_iter()
            .find(|status| status.name().eq_ignore_ascii_case(name.trim()))
    }

    /// Returns the name of the status.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Draining => "draining",
            Self::Closed => "closed",
        }
    }
}

/// An invasion, with the data of its game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Invasion {
    /// An invasion in Toontown Rewritten or Corporate Clash.
    Cogs(CogInvasion),
    /// An invasion in The Legend of Pirates Online.
    Ocean(OceanInvasion),
}

/// An invasion of cogs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CogInvasion {
    /// The kind of cog.
    pub cog: Option<String>,
    /// How many cogs were defeated.
    pub defeated: Option<u64>,
    /// How many cogs there are, including the defeated ones.
    pub total: Option<u64>,
    /// How much longer it lasts, in seconds.
    pub remaining_seconds: Option<u64>,
    /// When it began, in seconds since 1970.
    #[serde(
        serialize_with = "timestamp::serialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub started: Option<u64>,
}

/// An invasion of an island.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OceanInvasion {
    /// The island.
    pub location: Option<String>,
    /// The state, as the server names it.
    pub state: Option<String>,
    /// The phase, as the server names or numbers it.
    pub phase: Option<String>,
    /// How many players take part.
    pub players: Option<u64>,
    /// When it began, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub started: Option<u64>,
}

/// The data that only an ocean of The Legend of Pirates Online has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ocean {
    /// The fleet that is sailing.
    pub fleet: Option<Fleet>,
}

/// A fleet that can be sunk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fleet {
    /// The kind of fleet.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The state, as the server names it.
    pub state: Option<String>,
    /// How many of its ships are left.
    pub ships_remaining: Option<u64>,
    /// When it started, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub started: Option<u64>,
}

/// Returns the sum of the populations that are known; `None` when none is.
pub fn population(districts: &[District]) -> Option<u64> {
    let known = districts.iter().filter_map(|district| district.population);
    known.reduce(u64::saturating_add)
}

/// Returns the form of a name in which names are compared: its letters and digits in lower case.
pub fn fold_name(name: &str) -> String {
    let significant = name.chars().filter(|character| character.is_alphanumeric());
    significant.flat_map(char::to_lowercase).collect()
}

/// Returns the name that was probably meant.
pub fn nearest_name<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let names: Vec<_> = names.map(|name| (fold_name(name), name)).collect();
    let meant = did_you_mean(
        &fold_name(typed),
        names.iter().map(|(folded, _)| folded.as_str()),
    )?;
    let mut names = names.iter();
    names
        .find(|(folded, _)| folded == meant)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests;
