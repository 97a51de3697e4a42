//! The Silly Meter, and the teams that fill it (Silly Meter page, 2019 to 2025).

use serde::{Deserialize, Serialize};

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::timestamp;
use crate::games::shape::{List, no_error, object, shown};
use crate::protocol::{Error, Reply, Request};

const SILLY_METER: &str = "/api/sillymeter";
/// The points of a full meter.
pub const FULL: u64 = 5_000_000;

/// Asks how silly it is.
pub fn ask() -> Request {
    Request::get(SILLY_METER)
}

/// The meter at one time. What is not told is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SillyMeter {
    /// The game's word on the command line.
    pub game: &'static str,
    /// When the game told, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// What it is doing.
    pub state: Option<State>,
    /// The points that it holds.
    pub points: Option<u64>,
    /// The points of a full meter.
    pub full: u64,
    /// The teams that can be joined.
    pub teams: Vec<Team>,
    /// The team whose reward is given out.
    pub winner: Option<String>,
    /// When something comes next, which depends on the state ([`State::next`]), in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub next_update: Option<u64>,
}

/// What the meter is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is being filled.
    Active,
    /// It was filled, and everybody is rewarded.
    Reward,
    /// It cools down.
    Inactive,
}

impl State {
    fn named(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "active" => Some(Self::Active),
            "reward" => Some(Self::Reward),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }

    /// What comes at [`SillyMeter::next_update`], for people.
    pub const fn next(self) -> &'static str {
        match self {
            Self::Active => "points are counted",
            Self::Reward => "the reward ends",
            Self::Inactive => "the meter starts again",
        }
    }
}

/// A team, named after its reward.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Its name.
    pub name: Option<String>,
    /// What everybody gets when it wins.
    pub description: Option<String>,
    /// How many points it has.
    pub points: Option<u64>,
}

/// What the reply to [`ask`] means.
///
/// # Errors
/// When the server failed, says so in `error`, or tells neither the state nor the points.
pub fn read(reply: &Reply) -> Result<SillyMeter, Error> {
    let answer: Answer = object(reply)?;
    no_error(&answer.error)?;
    let state = answer.state.text().and_then(State::named);
    let points = answer.hp.number();
    if state.is_none() && points.is_none() {
        return Err(reply.not_understood("does not say how the Silly Meter stands"));
    }
    let teams = answer.teams();
    Ok(SillyMeter {
        game: GAME.id,
        as_of: answer.as_of.number(),
        state,
        points,
        full: FULL,
        teams,
        winner: shown(&answer.winner),
        next_update: answer.next_update_timestamp.number(),
    })
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    error: Lenient,
    state: Lenient,
    hp: Lenient,
    rewards: List<Lenient>,
    reward_descriptions: List<Lenient>,
    reward_points: List<Lenient>,
    winner: Lenient,
    next_update_timestamp: Lenient,
    as_of: Lenient,
}

impl Answer {
    /// As many as have a name in the list of names, which the other two lists follow.
    fn teams(&self) -> Vec<Team> {
        let team = |(at, name): (usize, &Lenient)| Team {
            name: shown(name),
            description: self.reward_descriptions.0.get(at).and_then(shown),
            points: self.reward_points.0.get(at).and_then(Lenient::number),
        };
        self.rewards.0.iter().enumerate().map(team).collect()
    }
}

#[cfg(test)]
mod tests;
