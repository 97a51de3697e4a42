//! How public data move: what comes and goes, and comes again, as a function of the time since the stand-in began.

use std::time::Duration;

use serde_json::Value;

/// What one path of public data answers at a moment.
pub(super) type Page = fn(Moment) -> Value;

/// A moment, by both of the stand-in's clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    since_start: Duration,
    since_epoch: Duration,
}

impl Moment {
    /// The moment that is `since_start` after the stand-in began and `since_epoch` after 1970 began.
    pub(super) const fn new(since_start: Duration, since_epoch: Duration) -> Self {
        Self {
            since_start,
            since_epoch,
        }
    }

    /// The moment, in seconds since 1970.
    pub(super) const fn timestamp(self) -> u64 {
        self.since_epoch.as_secs()
    }

    /// What was `age` ago, in seconds since 1970.
    pub(super) const fn before(self, age: Duration) -> u64 {
        self.since_epoch.saturating_sub(age).as_secs()
    }

    /// What is after `wait`, in seconds since 1970.
    pub(super) const fn after(self, wait: Duration) -> u64 {
        self.since_epoch.saturating_add(wait).as_secs()
    }

    /// When the stand-in began, in seconds since 1970.
    pub(super) const fn start(self) -> u64 {
        self.before(self.since_start)
    }

    /// `usual` players and up to six more, who come and go one by one every five seconds; `at` sets the places apart.
    pub(super) fn crowd(self, usual: u64, at: usize) -> u64 {
        let step = (self.since_start.as_secs() / 5 + at as u64 * 5) % 12;
        usual + step.min(12 - step)
    }
}

/// Something that comes back again and again; all in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cycle {
    /// How long it is from one beginning to the next; at least 1.
    pub(super) every: u64,
    /// How long it goes on.
    pub(super) lasts: u64,
    /// When it first begins, after the stand-in began; less than `every`.
    pub(super) first: u64,
}

/// Something that is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// How often it began before.
    pub(super) number: usize,
    /// How long it has been going on.
    pub(super) age: Duration,
    /// How long it goes on.
    pub(super) left: Duration,
}

impl Cycle {
    /// The turn that is on at a moment, if any. Some are on already when the stand-in begins: those that would end
    /// after that.
    pub(super) fn turn(self, moment: Moment) -> Option<Turn> {
        let every = self.every.max(1);
        let ahead = every.saturating_sub(self.first);
        let since = moment.since_start + Duration::from_secs(ahead);
        let number = since.as_secs() / every;
        let age = since.saturating_sub(Duration::from_secs(number * every));
        let left = Duration::from_secs(self.lasts).checked_sub(age)?;
        (!left.is_zero()).then_some(Turn {
            number: usize::try_from(number).unwrap_or_default(),
            age,
            left,
        })
    }
}

impl Turn {
    /// As much of `whole` as of the turn is over, in whole steps.
    pub(super) fn part(self, whole: u64) -> u64 {
        let (age, lasts) = (self.age.as_millis(), (self.age + self.left).as_millis());
        let part = u128::from(whole) * age / lasts.max(1);
        u64::try_from(part).unwrap_or(whole)
    }

    /// One of `choices`, another one with every turn; `at` sets the places apart.
    pub(super) fn pick<'c>(self, choices: &[&'c str], at: usize) -> &'c str {
        let turns = choices.iter().cycle();
        let mut rest = turns.skip((self.number + at) % choices.len().max(1));
        rest.next().copied().unwrap_or_default()
    }
}

/// The moment so many seconds after a stand-in began, for tests that have no clock.
#[cfg(test)]
pub(super) const fn at(seconds: u64) -> Moment {
    Moment::new(
        Duration::from_secs(seconds),
        Duration::from_secs(1_735_689_600 + seconds),
    )
}

/// What a JSON value holds at keys with slashes between; `null` where it has nothing.
#[cfg(test)]
pub(super) fn field(value: &Value, keys: &str) -> Value {
    let found = value.pointer(&format!("/{keys}"));
    found.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CYCLE: Cycle = Cycle {
        every: 30,
        lasts: 10,
        first: 25,
    };

    fn on(seconds: u64) -> Option<(u64, u64)> {
        let turn = CYCLE.turn(at(seconds))?;
        Some((turn.age.as_secs(), turn.left.as_secs()))
    }

    #[test]
    fn what_began_before_the_stand_in_is_on_at_its_start_and_comes_again() {
        assert_eq!([on(0), on(4), on(5)], [Some((5, 5)), Some((9, 1)), None]);
        assert_eq!(
            [on(24), on(25), on(55)],
            [None, Some((0, 10)), Some((0, 10))]
        );
    }

    #[test]
    fn a_turn_fills_up_and_the_next_one_is_another() {
        let turn = |seconds| CYCLE.turn(at(seconds)).expect("a turn");
        assert_eq!([25, 30, 34].map(|it| turn(it).part(20)), [0, 10, 18]);
        let picked = |seconds, place| turn(seconds).pick(&["a", "b", "c"], place);
        let both = |place| [picked(25, place), picked(55, place)];
        assert_eq!([both(0), both(1)], [["b", "c"], ["c", "a"]]);
    }

    #[test]
    fn what_began_stays_at_its_time() {
        let began = |seconds| {
            let turn = CYCLE.turn(at(seconds)).expect("a turn");
            at(seconds).before(turn.age)
        };
        assert_eq!([25, 29, 34].map(began), [at(25).timestamp(); 3]);
        assert_eq!([at(7).start(), at(90).start()], [at(0).timestamp(); 2]);
    }

    #[test]
    fn a_crowd_changes_a_little() {
        let counts: Vec<u64> = (0..60).map(|it| at(it).crowd(100, 3)).collect();
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
