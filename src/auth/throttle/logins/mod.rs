//! When the next login may be sent, shared by all runs of this user.
//!
//! ```text
//!   login       login       login                           a service with spacing: each takes the next free time
//!  ───┼───────────┼───────────┼──────────────────────▶
//!     │◀─spacing─▶│◀─spacing─▶│
//!
//!   "try later"                          not_before
//!  ───┼──────────────────────────────────┼───────────▶
//!     │ no login is sent or reserved     │
//! ```

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::whole_seconds;

/// How long to wait after a server asked to try later without a time (the minute of The Legend of Pirates Online's
/// document).
pub(crate) const DEFAULT_RETRY: Duration = Duration::from_mins(1);
/// The longest wait that a server may ask for.
const MAX_RETRY: Duration = Duration::from_hours(1);
/// How far ahead the last login may be reserved. A later one was recorded before the clock was set back, and would block
/// logins for long.
const MAX_AHEAD: Duration = Duration::from_mins(1);

/// The recent logins, by service. Times count from the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logins {
    #[serde(default)]
    services: BTreeMap<String, ServiceLogins>,
}

/// The recent logins at one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ServiceLogins {
    /// When the last login was or will be sent, in milliseconds.
    #[serde(default)]
    last: Option<u64>,
    /// Until when the server asked for no login, in seconds.
    #[serde(default)]
    not_before: Option<u64>,
}

/// When a login may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reservation {
    /// After this wait, which may be zero. That time is reserved.
    After(Duration),
    /// Not now, because the server asked to wait. Nothing is reserved.
    TooSoon {
        /// How long until a login may be sent; whole seconds, at least one.
        left: Duration,
    },
}

impl ServiceLogins {
    /// Returns when the last login was or will be sent, unless that is too far ahead to be true.
    fn last(&self, now: Duration) -> Option<Duration> {
        let last = Duration::from_millis(self.last?);
        (last.saturating_sub(now) <= MAX_AHEAD).then_some(last)
    }

    /// Returns how long no login may be sent, unless that is over or too long to be true.
    fn left(&self, now: Duration) -> Option<Duration> {
        let left = Duration::from_secs(self.not_before?).saturating_sub(now);
        // The stored time is rounded up to whole seconds.
        let is_valid = left < MAX_RETRY.saturating_add(Duration::from_secs(1));
        (is_valid && !left.is_zero()).then_some(left)
    }

    /// Returns whether it may still delay a login.
    fn is_relevant(&self, now: Duration) -> bool {
        let is_recent = |last: Duration| now.saturating_sub(last) <= MAX_RETRY;
        self.last(now).is_some_and(is_recent) || self.left(now).is_some()
    }
}

impl Logins {
    /// Returns when a login at `service` may be sent, at least `spacing` after the one before, and reserves that time.
    pub(crate) fn reserve(
        &mut self,
        service: &str,
        spacing: Duration,
        now: Duration,
    ) -> Reservation {
        let logins = self.of(service, now);
        if let Some(left) = logins.left(now) {
            let left = Duration::from_secs(whole_seconds(left));
            return Reservation::TooSoon { left };
        }
        let last = logins.last(now).filter(|_| !spacing.is_zero());
        let at = last.map_or(now, |last| last.saturating_add(spacing).max(now));
        *logins = ServiceLogins {
            last: Some(milliseconds(at)),
            not_before: None,
        };
        Reservation::After(at.saturating_sub(now))
    }

    /// Reserves nothing for as long as the server asked for, an hour at most. A shorter time does not replace a longer one.
    pub(crate) fn postpone(&mut self, service: &str, retry_after: Duration, now: Duration) {
        let logins = self.of(service, now);
        let left = logins.left(now).unwrap_or_default();
        let left = left.max(retry_after.min(MAX_RETRY));
        logins.not_before = Some(whole_seconds(now.saturating_add(left)));
    }

    /// Returns the logins at one service, after removing those that are no longer relevant.
    fn of(&mut self, service: &str, now: Duration) -> &mut ServiceLogins {
        self.services.retain(|_, logins| logins.is_relevant(now));
        self.services.entry(service.to_owned()).or_default()
    }
}

/// Returns whole milliseconds, rounded up, so that a wait never ends too early.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
