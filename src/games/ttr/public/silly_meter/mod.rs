//! The Silly Meter of Toontown Rewritten and its teams (Silly Meter page, 2019 to 2025).

use serde::{Deserialize, Serialize};

use super::GAME;
use crate::base::lenient::Lenient;
use crate::base::timestamp;
use crate::games::json::{List, check_error, display_text, read_object};
use crate::protocol::{Error, Reply, Request};

const SILLY_METER: &str = "/api/sillymeter";
/// The number of points of a full meter.
pub const FULL: u64 = 5_000_000;

/// Returns the request for the Silly Meter.
pub fn request() -> Request {
    Request::get(SILLY_METER)
}

/// The Silly Meter. A value that the server does not send is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SillyMeter {
    /// The game's name on the command line.
    pub game: &'static str,
    /// When the server collected the data, in seconds since 1970.
    #[serde(serialize_with = "timestamp::serialize")]
    pub as_of: Option<u64>,
    /// The state.
    pub state: Option<State>,
    /// The number of points.
    pub points: Option<u64>,
    /// The number of points of a full meter.
    pub full: u64,
    /// The teams that players can join.
    pub teams: Vec<Team>,
    /// The team whose reward is active.
    pub winner: Option<String>,
    /// When the next event is, in seconds since 1970. The event depends on the state ([`State::next_event`]).
    #[serde(serialize_with = "timestamp::serialize")]
    pub next_update: Option<u64>,
}

/// The state of the Silly Meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The teams collect points.
    Active,
    /// The meter was filled, and the winner's reward is active.
    Reward,
    /// The meter cools down.
    Inactive,
}

impl State {
    fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "active" => Some(Self::Active),
            "reward" => Some(Self::Reward),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }

    /// Describes the event at [`SillyMeter::next_update`].
    pub const fn next_event(self) -> &'static str {
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
    /// The name.
    pub name: Option<String>,
    /// The reward of all players when the team wins.
    pub description: Option<String>,
    /// The number of points.
    pub points: Option<u64>,
}

/// Reads the reply to [`request`].
///
/// # Errors
/// When the server failed, or the reply has an `error` or neither a state nor points.
pub fn read(reply: &Reply) -> Result<SillyMeter, Error> {
    let answer: Answer = read_object(reply)?;
    check_error(&answer.error, reply)?;
    let state = answer.state.text().and_then(State::from_name);
    let points = answer.hp.number();
    if state.is_none() && points.is_none() {
        return Err(reply.not_understood("does not contain the Silly Meter"));
    }
    let teams = answer.teams();
    Ok(SillyMeter {
        game: GAME.id,
        as_of: answer.as_of.number(),
        state,
        points,
        full: FULL,
        teams,
        winner: display_text(&answer.winner),
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
    /// Returns one team for each item of `rewards`; the other two lists are in the same order.
    fn teams(&self) -> Vec<Team> {
        let team = |(index, name): (usize, &Lenient)| Team {
            name: display_text(name),
            description: self.reward_descriptions.0.get(index).and_then(display_text),
            points: self.reward_points.0.get(index).and_then(Lenient::number),
        };
        self.rewards.0.iter().enumerate().map(team).collect()
    }
}

#[cfg(test)]
mod tests;
