//! How often a PIN may be asked for and tried, remembered from one run to the next.
//!
//! ```text
//!            0 s                60 s                          10 min
//!   request ──┼──────────────────┼──────────────────────────────┼──────────▶ age
//!             │ no other request │ another request may be made  │
//!             │ a PIN may be tried, three times at most         │ a new request is needed
//! ```
//!
//! These limits are this program's own: the published document names none.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::catalog::Game;

/// How long after a request for an address the next one may follow.
pub const BETWEEN_REQUESTS: Duration = Duration::from_mins(1);
/// How old a request may be for its PIN to be tried.
pub const GOOD_FOR: Duration = Duration::from_mins(10);
/// How often a PIN may be tried for each request.
pub const TRIES: u8 = 3;

/// The requests that were made lately, by address. Times are those since the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pacing {
    requests: BTreeMap<String, PinRequest>,
}

/// One request for a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRequest {
    /// When, in seconds since the Unix epoch.
    asked_at: u64,
    /// The code of the game that it was for.
    game: String,
    /// How often a PIN was tried.
    tries: u8,
}

/// What to do when a PIN is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Take the PIN of the request that was made already; so many tries are left.
    Continue {
        /// At least one.
        tries_left: u8,
    },
    /// Make a request.
    Request,
    /// Do nothing: the last request is too young for another one.
    TooSoon {
        /// How long until one may be made; at least a second.
        left: Duration,
    },
}

impl PinRequest {
    /// How long ago it was made. A clock that was set back a little makes it new; one that was set back a lot makes the
    /// request worthless, or it would stand in the way for ever.
    fn age(&self, now: Duration) -> Option<Duration> {
        let asked_at = Duration::from_secs(self.asked_at);
        match now.checked_sub(asked_at) {
            None if asked_at.saturating_sub(now) <= BETWEEN_REQUESTS => Some(Duration::ZERO),
            age => age,
        }
    }

    const fn tries_left(&self) -> u8 {
        TRIES.saturating_sub(self.tries)
    }
}

impl Pacing {
    /// What a state file held; nothing when it is broken, because nothing in it is worth a failure.
    pub fn parse(file: &[u8]) -> Self {
        serde_json::from_slice(file).unwrap_or_default()
    }

    /// What to write into the state file.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What to do when a PIN is wanted for `address`: continue the last request if it is young enough, has tries left
    /// and was for `game` (any, when `None`); else see [`Pacing::renew`].
    pub fn plan(&self, address: &str, game: Option<&Game>, now: Duration) -> Plan {
        match self.lately(address, now) {
            Some((request, _))
                if request.tries_left() > 0
                    && game.is_none_or(|game| game.code == request.game) =>
            {
                Plan::Continue {
                    tries_left: request.tries_left(),
                }
            }
            _ => self.renew(address, now),
        }
    }

    /// What to do when a new PIN is wanted for `address`, whatever was requested before.
    pub fn renew(&self, address: &str, now: Duration) -> Plan {
        let left = self
            .lately(address, now)
            .map(|(_, age)| BETWEEN_REQUESTS.saturating_sub(age))
            .unwrap_or_default();
        if left.is_zero() {
            return Plan::Request;
        }
        Plan::TooSoon {
            left: Duration::from_secs(rounded_up(left)),
        }
    }

    /// The code of the game that the request to be continued was for.
    pub fn game(&self, address: &str, now: Duration) -> Option<&str> {
        self.lately(address, now)
            .map(|(request, _)| request.game.as_str())
    }

    /// A PIN was requested now. Requests that are too old to matter are forgotten.
    pub fn requested(&mut self, address: &str, game: &Game, now: Duration) {
        self.requests
            .retain(|_, request| request.age(now).is_some_and(|age| age <= GOOD_FOR));
        let request = PinRequest {
            asked_at: rounded_up(now),
            game: game.code.to_owned(),
            tries: 0,
        };
        self.requests.insert(key(address), request);
    }

    /// A PIN was tried; gives how many tries are left.
    pub fn tried(&mut self, address: &str) -> u8 {
        match self.requests.get_mut(&key(address)) {
            Some(request) => {
                request.tries = request.tries.saturating_add(1);
                request.tries_left()
            }
            None => 0,
        }
    }

    /// The PIN was used up: the request cannot be continued, and still counts for the pace.
    pub fn used(&mut self, address: &str) {
        if let Some(request) = self.requests.get_mut(&key(address)) {
            request.tries = TRIES;
        }
    }

    /// The last request for an address with its age, unless it is too old to matter.
    fn lately(&self, address: &str, now: Duration) -> Option<(&PinRequest, Duration)> {
        let request = self.requests.get(&key(address))?;
        let age = request.age(now).filter(|age| *age <= GOOD_FOR)?;
        Some((request, age))
    }
}

/// Whole seconds; rounded up, so that a player who waits as long as was said is never too early.
fn rounded_up(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}

/// The same address however it is typed, so that the pace holds.
fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
