//! Limits for requesting and trying PINs, which are stored between runs.
//!
//! ```text
//!            0 s                60 s                          10 min
//!   request ──┼──────────────────┼──────────────────────────────┼──────────▶ age
//!             │ no other request │ another request may be made  │
//!             │ a PIN may be tried, three times at most         │ a new request is needed
//! ```
//!
//! The published document names no limits; these are playcookie's own.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::whole_seconds;
use crate::games::scid::catalog::{AndroidGame, find};

/// The minimum time between two requests for the same address.
pub(crate) const REQUEST_INTERVAL: Duration = Duration::from_mins(1);
/// How long the PIN of a request can be tried.
pub(crate) const PIN_LIFETIME: Duration = Duration::from_mins(10);
/// How many PINs can be tried for each request.
pub(crate) const MAX_TRIES: u8 = 3;

/// The latest request for each address. Arguments called `now` are times since the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PinThrottle {
    requests: BTreeMap<String, PinRequest>,
}

/// A request for a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PinRequest {
    /// The time of the request, in seconds since the Unix epoch.
    asked_at: u64,
    /// The code of the game.
    game: String,
    /// How many PINs were tried.
    tries: u8,
}

/// What to do when a PIN is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PinAction {
    /// Ask for the PIN of the latest request.
    Continue {
        /// The game of that request.
        game: &'static AndroidGame,
        /// How many tries are left; at least one.
        tries_left: u8,
    },
    /// Make a new request.
    Request,
    /// Make no request, because the latest one is less than [`REQUEST_INTERVAL`] old.
    TooSoon {
        /// How long to wait before a request; at least one second.
        left: Duration,
    },
}

impl PinRequest {
    /// Returns the age of the request. When its time is in the future because the clock was set back, the age is zero up to
    /// [`REQUEST_INTERVAL`]; a time further ahead is ignored, because it would block requests for too long.
    fn age(&self, now: Duration) -> Option<Duration> {
        let asked_at = Duration::from_secs(self.asked_at);
        match now.checked_sub(asked_at) {
            None if asked_at.saturating_sub(now) <= REQUEST_INTERVAL => Some(Duration::ZERO),
            age => age,
        }
    }

    const fn tries_left(&self) -> u8 {
        MAX_TRIES.saturating_sub(self.tries)
    }
}

impl PinThrottle {
    /// Returns what to do when a PIN is needed for `address`: continue with the latest request if it has not expired, has
    /// tries left and was made for `game` (or any game when `None`); otherwise see [`PinThrottle::new_request`].
    pub(crate) fn next_action(
        &self,
        address: &str,
        game: Option<&AndroidGame>,
        now: Duration,
    ) -> PinAction {
        let latest = self.latest(address, now).and_then(|(request, _)| {
            let requested = find(&request.game)?;
            let is_continued =
                request.tries_left() > 0 && game.is_none_or(|game| game == requested);
            is_continued.then_some(PinAction::Continue {
                game: requested,
                tries_left: request.tries_left(),
            })
        });
        latest.unwrap_or_else(|| self.new_request(address, now))
    }

    /// Returns what to do when a new PIN is needed for `address`: never [`PinAction::Continue`].
    pub(crate) fn new_request(&self, address: &str, now: Duration) -> PinAction {
        let left = self
            .latest(address, now)
            .map(|(_, age)| REQUEST_INTERVAL.saturating_sub(age))
            .unwrap_or_default();
        if left.is_zero() {
            return PinAction::Request;
        }
        PinAction::TooSoon {
            left: Duration::from_secs(whole_seconds(left)),
        }
    }

    /// Records a request and removes expired ones.
    pub(crate) fn record_request(&mut self, address: &str, game: &AndroidGame, now: Duration) {
        self.requests
            .retain(|_, request| request.age(now).is_some_and(|age| age <= PIN_LIFETIME));
        let request = PinRequest {
            asked_at: whole_seconds(now),
            game: game.code.to_owned(),
            tries: 0,
        };
        self.requests.insert(key(address), request);
    }

    /// Records that a PIN was tried, and returns how many tries are left.
    pub(crate) fn record_try(&mut self, address: &str) -> u8 {
        match self.requests.get_mut(&key(address)) {
            Some(request) => {
                request.tries = request.tries.saturating_add(1);
                request.tries_left()
            }
            None => 0,
        }
    }

    /// Records that the PIN of a request was used, so that no other can be tried. The request still delays the next one.
    pub(crate) fn record_use(&mut self, address: &str) {
        if let Some(request) = self.requests.get_mut(&key(address)) {
            request.tries = MAX_TRIES;
        }
    }

    /// Returns the latest request for an address and its age, unless it has expired.
    fn latest(&self, address: &str, now: Duration) -> Option<(&PinRequest, Duration)> {
        let request = self.requests.get(&key(address))?;
        let age = request.age(now).filter(|age| *age <= PIN_LIFETIME)?;
        Some((request, age))
    }
}

/// Returns the key of an address, which does not depend on case and surrounding white space.
fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
