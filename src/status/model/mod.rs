//! The status of the games, in one shape for people and for JSON: what `playcookie status` shows.
//!
//! ```text
//!   GameStatus ──▶ StatusTable ──▶ Reason     a game's row, all rows, the exit status
//! ```
//!
//! A value that a game does not report, or that could not be fetched, is `None`, and `null` in JSON.

use serde::{Serialize, Serializer};

use crate::base::failure::{Failure, Reason};
use crate::base::redactor::Redactor;
use crate::base::sanitize::plain;
use crate::base::server_message::ServerCode;
use crate::base::timestamp;
use crate::games::Game;
use crate::protocol::districts::{District, DistrictTable, Invasion};
use crate::protocol::{Availability, ServerMessage, ServerStatus, StatusDetails};

/// An invaded district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvadedDistrict {
    /// Its name.
    pub district: String,
    /// The invasion.
    #[serde(flatten)]
    pub invasion: Invasion,
}

/// The status of one game: one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GameStatus {
    /// The game's word on the command line.
    pub game: &'static str,
    /// Its name for people.
    #[serde(skip)]
    pub name: &'static str,
    /// Whether it is open; `None` when that is unknown.
    pub open: Option<bool>,
    /// The game's own message, open or closed.
    pub words: Option<String>,
    /// Why nobody can play, with the keys of an `error` event: it is closed, or its status could not be fetched.
    #[serde(flatten, serialize_with = "outcome")]
    pub failure: Option<Failure>,
    /// How many are playing.
    pub population: Option<u64>,
    /// How many districts or oceans are open.
    pub districts_online: Option<usize>,
    /// How many there are.
    pub districts: Option<usize>,
    /// The invaded districts.
    pub invasions: Option<Vec<InvadedDistrict>>,
    /// When the game counted, in seconds since 1970, if it says so.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// How long ago that was, in seconds.
    pub age_seconds: Option<u64>,
    /// Its servers and notices, where it reports them.
    #[serde(flatten)]
    pub details: Option<StatusDetails>,
}

/// The status of all games, in the order of the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusTable {
    /// One row for each.
    pub games: Vec<GameStatus>,
}

impl InvadedDistrict {
    /// Returns the invaded districts.
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

impl GameStatus {
    /// Returns the row of what a game reports about itself and about its districts; `now` is in seconds since 1970.
    pub fn new(
        game: &Game,
        server: Result<ServerStatus, Failure>,
        table: Option<&DistrictTable>,
        now: u64,
    ) -> Self {
        let population = server.as_ref().ok().and_then(|status| status.population);
        let population = population.or_else(|| table?.population);
        // Without districts, the population is part of the status that was requested now.
        let as_of = match table {
            Some(table) => table.as_of,
            None => population.map(|_| now),
        };
        let details = server.as_ref().ok();
        let details = details.and_then(|status| status.details.clone());
        // Public data needs no secrets.
        let no_secrets = Redactor::default();
        let (open, words, failure) = match server {
            Ok(status) => match status.availability {
                Availability::Open => (Some(true), status.message.quote(&no_secrets), None),
                Availability::Closed(message) => {
                    let failure = closed(game, &message).with_code(Some(&message));
                    (Some(false), message.quote(&no_secrets), Some(failure))
                }
            },
            Err(failure) => (None, None, Some(failure)),
        };
        let invasions = table.filter(|table| !table.invasions_missing);
        Self {
            game: game.id,
            name: game.name,
            open,
            words,
            failure,
            population,
            districts_online: table.and_then(|table| online(&table.districts)),
            districts: table.map(|table| table.districts.len()),
            invasions: invasions.map(|table| InvadedDistrict::among(&table.districts)),
            as_of,
            age_seconds: as_of.map(|then| now.saturating_sub(then)),
            details,
        }
    }

    /// Returns the state in a word or two.
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
    /// Returns the same table without the times and ages of its numbers.
    pub(crate) fn without_times(&self) -> Self {
        let games = self.games.iter().map(|game| GameStatus {
            as_of: None,
            age_seconds: None,
            ..game.clone()
        });
        Self {
            games: games.collect(),
        }
    }

    /// Returns why not every game can be played. An unreachable game counts before a closed one or a failed server, and
    /// those before any other (`details.md`).
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

fn closed(game: &Game, message: &ServerMessage) -> Failure {
    let (name, id) = (game.name, game.id);
    Failure::new(
        Reason::Closed,
        format!("{name} is closed{}", message.clause(&Redactor::default())),
        format!("try again later; `playcookie {id} --wait-for-server` waits until it is open"),
    )
}

/// Returns how many districts are open; `None` when no district reports it.
fn online(districts: &[District]) -> Option<usize> {
    let reports = districts.iter().filter_map(|district| district.online);
    let reports: Vec<bool> = reports.collect();
    let is_reported = districts.is_empty() || !reports.is_empty();
    is_reported.then(|| reports.into_iter().filter(|online| *online).count())
}

/// Writes the keys of an `error` event; without a failure they are `null`, and `exit` is 0.
#[expect(clippy::ref_option, reason = "serde hands a field over so")]
fn outcome<S: Serializer>(failure: &Option<Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct FailureKeys {
        reason: Option<&'static str>,
        message: Option<String>,
        hint: Option<String>,
        exit: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<ServerCode>,
    }
    let failure = failure.as_ref();
    let outcome = FailureKeys {
        reason: failure.map(|failure| failure.reason.name()),
        message: failure.map(|failure| plain(&failure.message)),
        hint: failure.map(|failure| plain(&failure.hint)),
        exit: failure.map_or(0, |failure| failure.reason.status()),
        code: failure.and_then(|failure| failure.code.clone()),
    };
    outcome.serialize(serializer)
}

#[cfg(test)]
mod tests;
