//! The last time step of each account's one-time codes, remembered from one run to the next: a server takes each code
//! once (RFC 6238, section 5.2). No code and no secret is in it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::totp::{NextStep, next_step};

/// How long a step is remembered after it began: much longer than any server takes its code.
const REMEMBERED: Duration = Duration::from_hours(1);

/// The last steps, by account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Steps {
    #[serde(default)]
    accounts: BTreeMap<String, Last>,
}

/// The last step whose code was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    step: u64,
    /// How long its steps take, in seconds: steps of another length are not comparable.
    period: u64,
}

impl Steps {
    /// What a state file held; nothing when it is broken, because nothing in it is worth a failure.
    pub(crate) fn parse(file: &[u8]) -> Self {
        serde_json::from_slice(file).unwrap_or_default()
    }

    /// What to write into the state file.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The step whose code `account` may use next, where steps take `period` seconds and it is `now` since the Unix
    /// epoch. One that has begun counts as used from here on; one that has to be waited for is nobody's yet. Steps that
    /// are too old to matter are forgotten.
    pub(crate) fn next(&mut self, account: &str, period: u64, now: Duration) -> NextStep {
        self.accounts.retain(|_, last| {
            let began = Duration::from_secs(last.step.saturating_mul(last.period));
            now.saturating_sub(began) <= REMEMBERED
        });
        let last = self.accounts.get(account);
        let last = last.filter(|last| last.period == period);
        let slot = next_step(period, now, last.map(|last| last.step));
        if slot.wait.is_zero() {
            let step = slot.step;
            let last = Last { step, period };
            self.accounts.insert(account.to_owned(), last);
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "ttr alice https://www.example.com";
    const BOB: &str = "ttr bob https://www.example.com";

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(300_000 + seconds)
    }

    #[test]
    fn an_account_gets_each_step_once_and_another_is_not_held_up() {
        let mut steps = Steps::default();
        let mut next = |account, seconds| steps.next(account, 30, at(seconds)).step;
        assert_eq!([next(ALICE, 5), next(ALICE, 5)], [10_000, 10_001]);
        // The second one waits and is not sure to be the first then.
        assert_eq!([next(ALICE, 6), next(BOB, 6)], [10_001, 10_000]);
        assert_eq!([next(ALICE, 30), next(ALICE, 31)], [10_001, 10_002]);
    }

    #[test]
    fn a_step_is_remembered_in_the_file() {
        let mut steps = Steps::default();
        steps.next(ALICE, 30, at(5));
        let mut again = Steps::parse(steps.to_json().as_bytes());
        assert_eq!(again.next(ALICE, 30, at(6)).step, 10_001);
    }

    #[test]
    fn a_step_of_another_length_does_not_count() {
        let mut steps = Steps::default();
        let mut next = |period| steps.next(ALICE, period, Duration::from_secs(65)).step;
        assert_eq!([next(60), next(61)], [1, 1]);
    }

    #[test]
    fn what_is_too_old_to_matter_is_forgotten() {
        let mut steps = Steps::default();
        steps.next(ALICE, 30, at(0));
        steps.next(BOB, 30, at(3600));
        assert!(steps.to_json().contains("alice"));
        steps.next(BOB, 30, at(3601));
        assert!(!steps.to_json().contains("alice"));
    }

    #[test]
    fn a_broken_file_is_an_empty_one() {
        for file in [
            &b""[..],
            b"{}",
            b"[]",
            b"\0\xff",
            b"{\"accounts\":{\"x\":1}}",
        ] {
            assert_eq!(Steps::parse(file), Steps::default());
        }
    }
}
