//! How each game is, in one shape for people and for JSON: what `playcookie status` shows.
//!
//! ```text
//!   Told ──▶ Standing ──▶ Overview ──▶ Reason     what a game told, its row, all rows, how the run ends
//! ```
//!
//! A value that a game does not tell, or that could not be asked for, is `None`, and `null` as JSON.

use serde::{Serialize, Serializer};

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::plain;
use crate::base::timestamp;
use crate::games::Game;
use crate::protocol::districts::{District, DistrictTable, Invasion};
use crate::protocol::{Availability, ServerMessage};

/// What a game told, as far as it was asked.
#[derive(Debug)]
pub struct Told {
    /// Whether it is open, or why that is not known.
    pub opening: Result<Opening, Failure>,
    /// How many are playing.
    pub population: Option<u64>,
    /// Its districts or oceans.
    pub districts: Option<Vec<District>>,
    /// Where invasions are.
    pub invasions: Option<Vec<Invaded>>,
    /// When the game counted, in seconds since 1970, where it says so.
    pub as_of: Option<u64>,
}

/// Whether a game is open, and what it says about that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whether it lets anybody in.
    pub door: Availability,
    /// What its makers have to say while it is open.
    pub words: ServerMessage,
    /// How many are playing, where the same page tells.
    pub population: Option<u64>,
}

impl Told {
    /// What a game says of itself, with what its districts say of it, as far as they were told.
    pub fn new(opening: Result<Opening, Failure>, census: Option<DistrictTable>) -> Self {
        let population = opening.as_ref().ok().and_then(|told| told.population);
        let Some(census) = census else {
            return Self {
                opening,
                population,
                districts: None,
                invasions: None,
                as_of: None,
            };
        };
        Self {
            opening,
            population: population.or(census.population),
            invasions: Some(Invaded::among(&census.districts)),
            districts: Some(census.districts),
            as_of: census.as_of,
        }
    }

    /// Whether there is any number.
    fn counts(&self) -> bool {
        self.population.is_some() || self.districts.is_some() || self.invasions.is_some()
    }
}

/// A district that is invaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invaded {
    /// Its name.
    pub district: String,
    /// By what.
    #[serde(flatten)]
    pub invasion: Invasion,
}

/// How one game is: one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The game's word on the command line.
    pub game: &'static str,
    /// Its name for people.
    #[serde(skip)]
    pub name: &'static str,
    /// Whether it is open; nothing when that could not be found out.
    pub open: Option<bool>,
    /// The game's own words, open or closed.
    pub words: Option<String>,
    /// Why nobody can play, as an `error` event says it: that it is closed, or that it could not be asked.
    #[serde(flatten, serialize_with = "outcome")]
    pub failure: Option<Failure>,
    /// How many are playing.
    pub population: Option<u64>,
    /// How many districts or oceans can be entered.
    pub districts_online: Option<usize>,
    /// How many there are.
    pub districts: Option<usize>,
    /// Where invasions are.
    pub invasions: Option<Vec<Invaded>>,
    /// When the game counted, in seconds since 1970; when it was asked, where it does not say.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// How long ago that was.
    pub age_seconds: Option<u64>,
}

/// All games that were asked, in the order of the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusTable {
    /// A row for each.
    pub games: Vec<Standing>,
}

impl Invaded {
    /// Those of `districts` that are invaded.
    fn among(districts: &[District]) -> Vec<Self> {
        let invaded = districts.iter().filter_map(|district| {
            Some(Self {
                district: district.name.clone(),
                invasion: district.invasion.clone()?,
            })
        });
        invaded.collect()
    }
}

impl Standing {
    /// The row of a game that told so much, at a time in seconds since 1970.
    pub fn new(game: &Game, told: Told, now: u64) -> Self {
        let as_of = told.as_of.or(told.counts().then_some(now));
        let (open, words, failure) = match told.opening {
            Ok(Opening {
                door: Availability::Open,
                words,
                ..
            }) => (Some(true), words.quote(&[]), None),
            Ok(Opening {
                door: Availability::Closed(words),
                ..
            }) => {
                let words = words.quote(&[]);
                let failure = closed(game, words.as_deref());
                (Some(false), words, Some(failure))
            }
            Err(failure) => (None, None, Some(failure)),
        };
        Self {
            game: game.id,
            name: game.name,
            open,
            words,
            failure,
            population: told.population,
            districts_online: told.districts.as_deref().and_then(online),
            districts: told.districts.as_ref().map(Vec::len),
            invasions: told.invasions,
            as_of,
            age_seconds: as_of.map(|then| now.saturating_sub(then)),
        }
    }

    /// How it is, in a word or two.
    pub fn state(&self) -> &'static str {
        match self.failure.as_ref().map(|failure| failure.reason) {
            None => "open",
            Some(Reason::Closed) => "closed",
            Some(Reason::Network) => "unreachable",
            Some(Reason::ServerError) => "failed",
            Some(Reason::TryLater) => "try later",
            Some(_) => "not understood",
        }
    }
}

impl StatusTable {
    /// Why not every game can be played: one that cannot be reached counts before one that is closed or whose server
    /// failed, and both before any other (`details.md`).
    pub fn reason(&self) -> Option<Reason> {
        let failures = self.games.iter().filter_map(|game| game.failure.as_ref());
        let reasons = failures.map(|failure| failure.reason);
        reasons.min_by_key(|reason| match reason {
            Reason::Network => 0,
            Reason::Closed | Reason::ServerError => 1,
            _ => 2,
        })
    }
}

fn closed(game: &Game, words: Option<&str>) -> Failure {
    let said = words.map(|words| format!(": \"{words}\""));
    let name = game.name;
    let id = game.id;
    Failure::new(
        Reason::Closed,
        format!("{name} is closed{}", said.unwrap_or_default()),
        format!("try again later; `playcookie {id} --wait-for-server` waits until it is open"),
    )
}

/// How many can be entered; nothing when no district tells.
fn online(districts: &[District]) -> Option<usize> {
    let told = districts.iter().filter_map(|district| district.online);
    let (online, offline): (Vec<bool>, Vec<bool>) = told.partition(|online| *online);
    let is_told = districts.is_empty() || !(online.is_empty() && offline.is_empty());
    is_told.then_some(online.len())
}

/// The keys of an `error` event, `null` where there was no failure; `exit` is then 0.
#[expect(clippy::ref_option, reason = "serde hands a field over so")]
fn outcome<S: Serializer>(failure: &Option<Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Outcome {
        reason: Option<&'static str>,
        message: Option<String>,
        hint: Option<String>,
        exit: u8,
    }
    let failure = failure.as_ref();
    let outcome = Outcome {
        reason: failure.map(|failure| failure.reason.name()),
        message: failure.map(|failure| plain(&failure.message)),
        hint: failure.map(|failure| plain(&failure.hint)),
        exit: failure.map_or(0, |failure| failure.reason.status()),
    };
    outcome.serialize(serializer)
}

#[cfg(test)]
mod tests;
