//! How soon the next login may be sent, remembered from one run to the next and shared by all of them.
//!
//! ```text
//!   login       login       login                           a service with spacing: each takes the next free place
//!  ───┼───────────┼───────────┼──────────────────────▶
//!     │◀─spacing─▶│◀─spacing─▶│
//!
//!   "try later"                          not_before
//!  ───┼──────────────────────────────────┼───────────▶
//!     │ no login at all, and none waits  │
//! ```

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a login waits after a service asked to try later and did not say when: the minute of The Legend of Pirates
/// Online's document.
pub(crate) const LATER: Duration = Duration::from_mins(1);
/// The longest time that a service is believed when it asks to wait.
const LONGEST: Duration = Duration::from_hours(1);
/// How far ahead the last login is believed to be: so many others wait in front. What lies further ahead comes from a
/// clock that was set back since, and would stand in the way for ever.
const FURTHEST: Duration = Duration::from_mins(1);

/// The logins that were made lately, by service. Times are those since the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logins {
    #[serde(default)]
    services: BTreeMap<String, Service>,
}

/// What is known of one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Service {
    /// When the last login was sent, or will be, in milliseconds.
    #[serde(default)]
    last: Option<u64>,
    /// Until when the service asked to be left alone, in seconds.
    #[serde(default)]
    not_before: Option<u64>,
}

/// When a login may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// After so long; zero for now. The place is taken.
    After(Duration),
    /// Not at all: the service asked to wait, and no place is taken.
    TooSoon {
        /// How long until one may be sent; whole seconds, at least one.
        left: Duration,
    },
}

impl Service {
    /// When the last login was sent or will be, if that can be true.
    fn last(&self, now: Duration) -> Option<Duration> {
        let last = Duration::from_millis(self.last?);
        (last.saturating_sub(now) <= FURTHEST).then_some(last)
    }

    /// How long the service is still to be left alone, if that can be true.
    fn left(&self, now: Duration) -> Option<Duration> {
        let left = Duration::from_secs(self.not_before?).saturating_sub(now);
        // Whole seconds were written down, rounded up.
        let can_be_true = left < LONGEST.saturating_add(Duration::from_secs(1));
        (can_be_true && !left.is_zero()).then_some(left)
    }

    /// Whether anything of it could still make a login wait.
    fn matters(&self, now: Duration) -> bool {
        let lately = |last: Duration| now.saturating_sub(last) <= LONGEST;
        self.last(now).is_some_and(lately) || self.left(now).is_some()
    }
}

impl Logins {
    /// What a state file held; nothing when it is broken, because nothing in it is worth a failure.
    pub(crate) fn parse(file: &[u8]) -> Self {
        serde_json::from_slice(file).unwrap_or_default()
    }

    /// What to write into the state file.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// When a login at `service` may be sent, at least `spacing` after the one before it; that place is taken. While
    /// the service has asked to wait, there is none.
    pub(crate) fn reserve(&mut self, service: &str, spacing: Duration, now: Duration) -> Turn {
        self.forget(now);
        let known = self.services.entry(service.to_owned()).or_default();
        if let Some(left) = known.left(now) {
            return Turn::TooSoon {
                left: Duration::from_secs(seconds(left)),
            };
        }
        let free = known
            .last(now)
            .filter(|_| !spacing.is_zero())
            .map(|last| last.saturating_add(spacing));
        let at = free.unwrap_or_default().max(now);
        *known = Service {
            last: Some(milliseconds(at)),
            not_before: None,
        };
        Turn::After(at.saturating_sub(now))
    }

    /// The service asked to try again after so long; at most an hour is believed, and a shorter time does not take a
    /// longer one back.
    pub(crate) fn told(&mut self, service: &str, retry_after: Duration, now: Duration) {
        self.forget(now);
        let known = self.services.entry(service.to_owned()).or_default();
        let left = known.left(now).unwrap_or_default();
        let left = left.max(retry_after.min(LONGEST));
        known.not_before = Some(seconds(now.saturating_add(left)));
    }

    fn forget(&mut self, now: Duration) {
        self.services.retain(|_, service| service.matters(now));
    }
}

/// Whole seconds; rounded up, so that nobody who waits as long as was said is too early.
fn seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}

/// Whole milliseconds, rounded up for the same reason.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
