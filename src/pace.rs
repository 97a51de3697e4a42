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
pub const LATER: Duration = Duration::from_mins(1);
/// The longest time that a service is believed when it asks to wait.
const LONGEST: Duration = Duration::from_hours(1);
/// How far ahead the last login is believed to be: so many others wait in front. What lies further ahead comes from a
/// clock that was set back since, and would stand in the way for ever.
const FURTHEST: Duration = Duration::from_mins(1);

/// The logins that were made lately, by service. Times are those since the Unix epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logins {
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
pub enum Turn {
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
    pub fn parse(file: &[u8]) -> Self {
        serde_json::from_slice(file).unwrap_or_default()
    }

    /// What to write into the state file.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// When a login at `service` may be sent, at least `spacing` after the one before it; that place is taken. While
    /// the service has asked to wait, there is none.
    pub fn reserve(&mut self, service: &str, spacing: Duration, now: Duration) -> Turn {
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
    pub fn told(&mut self, service: &str, retry_after: Duration, now: Duration) {
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SERVICE: &str = "tlopo https://api.tlopo.com";
    const SPACING: Duration = Duration::from_secs(2);

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(1_700_000_000 + seconds)
    }

    fn wait(logins: &mut Logins, now: Duration) -> u64 {
        match logins.reserve(SERVICE, SPACING, now) {
            Turn::After(wait) => wait.as_secs(),
            Turn::TooSoon { left } => panic!("{left:?} are left"),
        }
    }

    fn too_soon(seconds: u64) -> Turn {
        Turn::TooSoon {
            left: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn logins_at_the_same_time_go_one_after_the_other() {
        let mut logins = Logins::default();
        assert_eq!([0; 3].map(|_| wait(&mut logins, at(0))), [0, 2, 4]);
        assert_eq!(wait(&mut logins, at(5)), 1);
        assert_eq!(wait(&mut logins, at(100)), 0);
    }

    #[test]
    fn services_do_not_wait_for_each_other() {
        let mut logins = Logins::default();
        wait(&mut logins, at(0));
        logins.told(SERVICE, LATER, at(0));
        let other = logins.reserve("tlopo http://127.0.0.1:1", SPACING, at(0));
        assert_eq!(other, Turn::After(Duration::ZERO));
    }

    #[test]
    fn a_game_without_spacing_never_waits() {
        let mut logins = Logins::default();
        logins.reserve(SERVICE, Duration::ZERO, at(30));
        for now in [at(30), at(0)] {
            let turn = logins.reserve(SERVICE, Duration::ZERO, now);
            assert_eq!(turn, Turn::After(Duration::ZERO));
        }
    }

    #[test]
    fn nothing_is_sent_while_the_service_asked_to_wait() {
        let mut logins = Logins::default();
        logins.told(SERVICE, LATER, at(0));
        let before = logins.clone();
        assert_eq!(logins.reserve(SERVICE, SPACING, at(0)), too_soon(60));
        let nearly = at(59) + Duration::from_millis(1);
        assert_eq!(logins.reserve(SERVICE, SPACING, nearly), too_soon(1));
        assert_eq!(logins, before);
        assert_eq!(wait(&mut logins, at(60)), 0);
    }

    #[test]
    fn a_part_of_a_second_is_waited_for_too() {
        let mut logins = Logins::default();
        let half = Duration::from_millis(500);
        logins.told(SERVICE, LATER + half, at(0));
        assert_eq!(logins.reserve(SERVICE, SPACING, at(60)), too_soon(1));
    }

    #[test]
    fn an_hour_at_most_is_believed_and_never_less_than_before() {
        let mut logins = Logins::default();
        logins.told(SERVICE, Duration::MAX, at(0) + Duration::from_millis(1));
        logins.told(SERVICE, LATER, at(1));
        assert_eq!(logins.reserve(SERVICE, SPACING, at(1)), too_soon(3600));
        assert_eq!(wait(&mut logins, at(3601)), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let mut logins = Logins::default();
        wait(&mut logins, at(10_000));
        logins.told(SERVICE, LONGEST, at(10_000));
        assert_eq!(wait(&mut logins, at(0)), 0);
    }

    #[test]
    fn what_is_too_old_to_matter_is_forgotten() {
        let mut logins = Logins::default();
        wait(&mut logins, at(0));
        logins.told("ttcc https://example.com", LATER, at(0));
        logins.reserve("ttr https://example.com", SPACING, at(3601));
        assert!(!logins.to_json().contains("tlopo"), "{logins:?}");
        assert!(!logins.to_json().contains("ttcc"), "{logins:?}");
        assert!(logins.to_json().contains("ttr"), "{logins:?}");
    }

    #[test]
    fn what_was_remembered_is_read_again() {
        let mut logins = Logins::default();
        wait(&mut logins, at(0) + Duration::from_micros(1));
        logins.told("ttcc https://example.com", LATER, at(0));
        let mut again = Logins::parse(logins.to_json().as_bytes());
        assert_eq!(again, logins);
        let turn = again.reserve(SERVICE, SPACING, at(2));
        assert_eq!(turn, Turn::After(Duration::from_millis(1)));
    }

    #[test]
    fn a_broken_file_is_an_empty_one() {
        for file in [
            &b""[..],
            b"{}",
            b"[]",
            b"null",
            b"\0\xff",
            b"{\"services\":{\"x\":1}}",
            b"{\"services\":{\"x\":{\"last\":-1}}}",
            b"<html>",
        ] {
            assert_eq!(Logins::parse(file), Logins::default());
        }
    }

    proptest! {
        #[test]
        fn no_file_makes_anybody_wait_for_long(last in any::<u64>(), not_before in any::<u64>(), now in any::<u64>()) {
            let known = Service { last: Some(last), not_before: Some(not_before) };
            let mut logins = Logins { services: [(SERVICE.to_owned(), known)].into() };
            let longest = match logins.reserve(SERVICE, SPACING, Duration::from_millis(now)) {
                Turn::After(wait) => wait,
                Turn::TooSoon { left } => left,
            };
            prop_assert!(longest <= LONGEST + Duration::from_secs(1));
        }
    }
}
