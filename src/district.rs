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

use crate::moment;

/// All districts of a game at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Census {
    /// The game's word on the command line.
    pub game: &'static str,
    /// When the game counted, in seconds since 1970; where it does not say, whoever asked fills in when.
    #[serde(serialize_with = "moment::serialize")]
    pub as_of: Option<u64>,
    /// How many are playing: what the game says, else the sum over its districts.
    pub population: Option<u64>,
    /// The districts, in the order of a list, by name when they came as an object.
    pub districts: Vec<District>,
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
        serialize_with = "moment::serialize",
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
    #[serde(serialize_with = "moment::serialize")]
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
    #[serde(serialize_with = "moment::serialize")]
    pub started: Option<u64>,
}

/// How many play in all of `districts`; nothing when none tells.
pub fn population(districts: &[District]) -> Option<u64> {
    let told = districts.iter().filter_map(|district| district.population);
    told.reduce(u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kazoo_kanyon() -> District {
        District {
            name: "Kazoo Kanyon".to_owned(),
            online: Some(true),
            population: Some(37),
            invasion: Some(Invasion::Cogs(CogInvasion {
                cog: Some("Middleman".to_owned()),
                defeated: Some(180),
                total: Some(4913),
                remaining_seconds: Some(2082),
                started: None,
            })),
            ..District::default()
        }
    }

    fn census(districts: Vec<District>) -> Census {
        Census {
            game: "ttcc",
            as_of: Some(1_651_361_858),
            population: Some(76),
            districts,
        }
    }

    #[test]
    fn a_census_is_written_as_the_command_line_promises() {
        let written = serde_json::to_string(&census(vec![kazoo_kanyon()])).expect("JSON");
        assert_eq!(
            written,
            r#"{"game":"ttcc","as_of":"2022-04-30T23:37:38Z","population":76,"districts":[{"name":"Kazoo Kanyon","online":true,"population":37,"invasion":{"cog":"Middleman","defeated":180,"total":4913,"remaining_seconds":2082}}]}"#
        );
    }

    #[test]
    fn what_is_not_told_is_null_and_not_left_out() {
        let nothing = Census {
            as_of: Some(u64::MAX),
            population: None,
            ..census(vec![District::default()])
        };
        assert_eq!(
            serde_json::to_value(nothing).expect("JSON"),
            json!({"game": "ttcc", "as_of": null, "population": null, "districts": [
                {"name": "", "online": null, "population": null, "invasion": null}
            ]})
        );
    }

    #[test]
    fn an_ocean_has_a_fleet_or_none_and_its_own_kind_of_invasion() {
        let calm = District {
            invasion: Some(Invasion::Ocean(OceanInvasion::default())),
            ocean: Some(Ocean::default()),
            ..District::default()
        };
        let stormy = District {
            ocean: Some(Ocean {
                fleet: Some(Fleet {
                    started: Some(0),
                    ..Fleet::default()
                }),
            }),
            ..District::default()
        };
        assert_eq!(
            serde_json::to_value([calm, stormy]).expect("JSON"),
            json!([
                {"name": "", "online": null, "population": null, "fleet": null,
                 "invasion": {"location": null, "state": null, "phase": null, "players": null, "started": null}},
                {"name": "", "online": null, "population": null, "invasion": null,
                 "fleet": {"type": null, "state": null, "ships_remaining": null, "started": "1970-01-01T00:00:00Z"}},
            ])
        );
    }

    #[test]
    fn the_population_of_all_is_the_sum_of_what_is_told() {
        let with = |population| District {
            population,
            ..District::default()
        };
        assert_eq!(
            population(&[with(Some(2)), with(None), with(Some(3))]),
            Some(5)
        );
        assert_eq!(
            population(&[with(Some(u64::MAX)), with(Some(3))]),
            Some(u64::MAX)
        );
        assert_eq!((population(&[with(None)]), population(&[])), (None, None));
    }

    #[test]
    fn a_status_is_known_by_its_word() {
        for status in [
            Status::Online,
            Status::Offline,
            Status::Draining,
            Status::Closed,
        ] {
            assert_eq!(Status::named(status.word()), Some(status));
            assert_eq!(serde_json::to_value(status).expect("JSON"), status.word());
        }
        assert_eq!(Status::named(" Draining "), Some(Status::Draining));
        assert_eq!(Status::named("sinking"), None);
    }
}
