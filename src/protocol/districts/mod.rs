//! What every game tells of its districts, in one shape for people and for JSON (`cli.md`, `districts --json`).
//!
//! ```text
//!   Census ──▶ District ──▶ Invasion ──▶ CogInvasion     the two Toontowns
//!                  │            └──────▶ OceanInvasion   The Legend of Pirates Online
//!                  └──────▶ Ocean ─────▶ Fleet           the same, and there alone
//! ```
//!
//! A value that the game does not tell is `None`, and `null` as JSON. Every text was cleaned by the parser that made it.

use serde::Serialize;

use crate::base::timestamp;

/// All districts of a game at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictTable {
    /// The game's word on the command line.
    pub game: &'static str,
    /// Whether the game did not tell of invasions, so that none is one that nobody knows of. Only told when it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub invasions_missing: bool,
    /// When the game counted, in seconds since 1970; where it does not say, whoever asked fills in when.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// How many are playing: what the game says, else the sum over its districts.
    pub population: Option<u64>,
    /// The districts, in the order of a list, by name when they came as an object.
    pub districts: Vec<District>,
}

/// The word of the game whose districts are oceans: The Legend of Pirates Online.
const OF_OCEANS: &str = "tlopo";

impl DistrictTable {
    /// Whether its rows are oceans, even where none is left.
    pub fn is_of_oceans(&self) -> bool {
        self.game == OF_OCEANS
    }
}

/// One district, or one ocean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct District {
    /// Its name; empty when none was told.
    pub name: String,
    /// Whether players can enter it.
    pub online: Option<bool>,
    /// What it is doing, where the game says more than online or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How many are playing in it.
    pub population: Option<u64>,
    /// The invasion that is going on.
    pub invasion: Option<Invasion>,
    /// What only an ocean has.
    #[serde(flatten)]
    pub ocean: Option<Ocean>,
}

impl District {
    /// What stands for it in a table: its name, or `?`.
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            "?"
        } else {
            &self.name
        }
    }
}

/// What a district is doing, in the words of Toontown Rewritten's population page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Open to players.
    Online,
    /// Starting, and online shortly.
    Offline,
    /// Its players are being moved elsewhere, and none can enter.
    Draining,
    /// Closed to players; some may not have left yet.
    Closed,
}

impl Status {
    /// The one that a word stands for; case does not count.
    pub fn named(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "online" => Some(Self::Online),
            "offline" => Some(Self::Offline),
            "draining" => Some(Self::Draining),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Draining => "draining",
            Self::Closed => "closed",
        }
    }
}

/// An invasion, with what its game tells of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Invasion {
    /// Cogs, in the two Toontowns.
    Cogs(CogInvasion),
    /// In The Legend of Pirates Online.
    Ocean(OceanInvasion),
}

/// An invasion of cogs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CogInvasion {
    /// The kind of cog.
    pub cog: Option<String>,
    /// How many were defeated.
    pub defeated: Option<u64>,
    /// How many there are, the defeated ones included.
    pub total: Option<u64>,
    /// How long it goes on, in seconds.
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
    /// How it stands, in the game's word.
    pub state: Option<String>,
    /// How far it is, in the game's word or number.
    pub phase: Option<String>,
    /// How many players are in it.
    pub players: Option<u64>,
    /// When it began, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub started: Option<u64>,
}

/// What only an ocean of The Legend of Pirates Online has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ocean {
    /// The fleet that is out.
    pub fleet: Option<Fleet>,
}

/// A fleet that can be sunk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fleet {
    /// The kind of fleet.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How it stands, in the game's word.
    pub state: Option<String>,
    /// How many of its ships are left.
    pub ships_remaining: Option<u64>,
    /// When it set sail, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub started: Option<u64>,
}

/// How many play in all of `districts`; nothing when none tells.
pub fn population(districts: &[District]) -> Option<u64> {
    let told = districts.iter().filter_map(|district| district.population);
    told.reduce(u64::saturating_add)
}

/// A name as names are compared: its letters and digits, in lower case.
pub fn folded(name: &str) -> String {
    let counts = name.chars().filter(|character| character.is_alphanumeric());
    counts.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
