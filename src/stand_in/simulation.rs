//! Simulated public data: events that repeat, as a function of the time since the stand-in server was started.

use std::time::Duration;

use serde_json::Value;

use super::ServerResponse;
use crate::base::clock;

/// Returns the JSON of one path of public data at a time.
pub(super) type PublicPage = fn(SimulationTime) -> Value;

/// Answers a request for a page of public data.
pub(super) fn respond(page: PublicPage, now: Duration) -> ServerResponse {
    ServerResponse::json(&page(SimulationTime::new(now, clock::since_epoch())))
}

/// A time, since the start of the stand-in server and since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct SimulationTime {
    since_start: Duration,
    since_epoch: Duration,
}

impl SimulationTime {
    /// Creates a time from both durations.
    pub(super) const fn new(since_start: Duration, since_epoch: Duration) -> Self {
        Self {
            since_start,
            since_epoch,
        }
    }

    /// Returns the time in seconds since 1970.
    pub(super) const fn timestamp(self) -> u64 {
        self.since_epoch.as_secs()
    }

    /// Returns the time `duration` earlier, in seconds since 1970.
    pub(super) const fn before(self, duration: Duration) -> u64 {
        self.since_epoch.saturating_sub(duration).as_secs()
    }

    /// Returns the time `duration` later, in seconds since 1970.
    pub(super) const fn after(self, duration: Duration) -> u64 {
        self.since_epoch.saturating_add(duration).as_secs()
    }

    /// Returns the start of the stand-in server, in seconds since 1970.
    pub(super) const fn start(self) -> u64 {
        self.before(self.since_start)
    }

    /// Returns `base` players and up to six more, which changes by one every five seconds. Different values of `index` are
    /// out of step.
    pub(super) fn population(self, base: u64, index: usize) -> u64 {
        let step = (self.since_start.as_secs() / 5 + index as u64 * 5) % 12;
        base + step.min(12 - step)
    }
}

/// An event that repeats; all times are in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct PeriodicEvent {
    /// The time from one beginning to the next, at least 1.
    pub(super) period: u64,
    /// How long each occurrence takes.
    pub(super) duration: u64,
    /// When the first occurrence begins after the start, less than `period`.
    pub(super) first: u64,
}

/// An occurrence of a periodic event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The number of earlier occurrences.
    pub(super) number: usize,
    /// The time since it began.
    pub(super) elapsed: Duration,
    /// The time until it ends.
    pub(super) remaining: Duration,
}

impl PeriodicEvent {
    /// Returns the occurrence at a time, if there is one. At the start, an occurrence that began earlier may still last.
    pub(super) fn occurrence(self, time: SimulationTime) -> Option<Occurrence> {
        let period = self.period.max(1);
        let ahead = period.saturating_sub(self.first);
        let since = time.since_start + Duration::from_secs(ahead);
        let number = since.as_secs() / period;
        let elapsed = since.saturating_sub(Duration::from_secs(number * period));
        let remaining = Duration::from_secs(self.duration).checked_sub(elapsed)?;
        (!remaining.is_zero()).then_some(Occurrence {
            number: usize::try_from(number).unwrap_or_default(),
            elapsed,
            remaining,
        })
    }
}

impl Occurrence {
    /// Returns the part of `whole` that corresponds to the elapsed time.
    pub(super) fn progress(self, whole: u64) -> u64 {
        let total = (self.elapsed + self.remaining).as_millis();
        let part = u128::from(whole) * self.elapsed.as_millis() / total.max(1);
        u64::try_from(part).unwrap_or(whole)
    }

    /// Returns one of `choices`, the next one for each occurrence. Different values of `index` are out of step.
    pub(super) fn choose<'c>(self, choices: &[&'c str], index: usize) -> &'c str {
        let endless = choices.iter().cycle();
        let mut rest = endless.skip((self.number + index) % choices.len().max(1));
        rest.next().copied().unwrap_or_default()
    }
}

/// Returns the time this many seconds after the start, for tests.
#[cfg(test)]
pub(super) const fn time_at(seconds: u64) -> SimulationTime {
    SimulationTime::new(
        Duration::from_secs(seconds),
        Duration::from_secs(1_735_689_600 + seconds),
    )
}

/// Returns the value at a path of keys, separated by slashes; `null` when there is none.
#[cfg(test)]
pub(super) fn field(value: &Value, keys: &str) -> Value {
    let found = value.pointer(&format!("/{keys}"));
    found.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CYCLE: PeriodicEvent = PeriodicEvent {
        period: 30,
        duration: 10,
        first: 25,
    };

    fn on(seconds: u64) -> Option<(u64, u64)> {
        let occurrence = CYCLE.occurrence(time_at(seconds))?;
        Some((occurrence.elapsed.as_secs(), occurrence.remaining.as_secs()))
    }

    #[test]
    fn an_occurrence_may_begin_before_the_start_and_repeats() {
        assert_eq!([on(0), on(4), on(5)], [Some((5, 5)), Some((9, 1)), None]);
        assert_eq!(
            [on(24), on(25), on(55)],
            [None, Some((0, 10)), Some((0, 10))]
        );
    }

    #[test]
    fn an_occurrence_progresses_and_the_next_one_chooses_differently() {
        let occurrence = |seconds| CYCLE.occurrence(time_at(seconds)).expect("an occurrence");
        assert_eq!(
            [25, 30, 34].map(|it| occurrence(it).progress(20)),
            [0, 10, 18]
        );
        let picked = |seconds, index| occurrence(seconds).choose(&["a", "b", "c"], index);
        let both = |index| [picked(25, index), picked(55, index)];
        assert_eq!([both(0), both(1)], [["b", "c"], ["c", "a"]]);
    }

    #[test]
    fn the_beginning_of_an_occurrence_does_not_change() {
        let began = |seconds| {
            let occurrence = CYCLE.occurrence(time_at(seconds)).expect("an occurrence");
            time_at(seconds).before(occurrence.elapsed)
        };
        assert_eq!([25, 29, 34].map(began), [time_at(25).timestamp(); 3]);
        assert_eq!(
            [time_at(7).start(), time_at(90).start()],
            [time_at(0).timestamp(); 2]
        );
    }

    #[test]
    fn the_population_changes_by_one() {
        let counts: Vec<u64> = (0..60).map(|it| time_at(it).population(100, 3)).collect();
        assert_eq!(counts.iter().min(), Some(&100));
        assert_eq!(counts.iter().max(), Some(&106));
        assert!(
            counts
                .iter()
                .zip(counts.iter().skip(1))
                .all(|(one, next)| one.abs_diff(*next) <= 1)
        );
    }
}
