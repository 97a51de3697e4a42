//! The next one-time code of each account, shared by all processes of this user: a server accepts each code once
//! (RFC 6238, section 5.2).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::clock;
use crate::state::StateDirectory;
use crate::totp::{NextStep, next_step};

/// The state file. It holds accounts and time steps, no code and no secret.
const FILE: &str = "codes.json";
/// How long a step is remembered after it began: much longer than any server accepts its code.
const REMEMBERED: Duration = Duration::from_hours(1);

/// Returns the time step whose code `account` uses next, and how long to wait until it begins; steps take `period`
/// seconds. A step that has begun counts as used from now on; after a wait, the function is called again. When the state
/// cannot be written, the current step is returned.
pub(super) fn next(state: &StateDirectory, account: &str, period: u64) -> NextStep {
    next_at(state, account, period, clock::since_epoch)
}

/// `now` is called once other processes have released the file.
fn next_at(
    state: &StateDirectory,
    account: &str,
    period: u64,
    now: impl Fn() -> Duration,
) -> NextStep {
    state.update_json_best_effort(FILE, |steps: &mut UsedSteps| {
        steps.next(account, period, now())
    })
}

/// The last used step of each account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct UsedSteps {
    #[serde(default)]
    accounts: BTreeMap<String, UsedStep>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct UsedStep {
    step: u64,
    /// The length of a step in seconds. Steps of different lengths are not comparable.
    period: u64,
}

impl UsedSteps {
    /// As [`next`], at a time since the Unix epoch. Old steps are removed.
    fn next(&mut self, account: &str, period: u64, now: Duration) -> NextStep {
        self.accounts.retain(|_, last| {
            let began = Duration::from_secs(last.step.saturating_mul(last.period));
            now.saturating_sub(began) <= REMEMBERED
        });
        let last = self.accounts.get(account);
        let last = last.filter(|last| last.period == period);
        let next = next_step(period, now, last.map(|last| last.step));
        if next.wait.is_zero() {
            let step = next.step;
            let used = UsedStep { step, period };
            self.accounts.insert(account.to_owned(), used);
        }
        next
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

    fn json(steps: &UsedSteps) -> String {
        serde_json::to_string(steps).expect("JSON")
    }

    #[test]
    fn each_account_gets_each_step_once() {
        let mut steps = UsedSteps::default();
        let mut next = |account, seconds| steps.next(account, 30, at(seconds)).step;
        assert_eq!([next(ALICE, 5), next(ALICE, 5)], [10_000, 10_001]);
        // A step that has not begun is not reserved.
        assert_eq!([next(ALICE, 6), next(BOB, 6)], [10_001, 10_000]);
        assert_eq!([next(ALICE, 30), next(ALICE, 31)], [10_001, 10_002]);
    }

    #[test]
    fn a_step_is_remembered_in_the_file() {
        let mut steps = UsedSteps::default();
        steps.next(ALICE, 30, at(5));
        let mut read: UsedSteps = serde_json::from_str(&json(&steps)).expect("steps");
        assert_eq!(read.next(ALICE, 30, at(6)).step, 10_001);
    }

    #[test]
    fn a_step_of_another_length_does_not_count() {
        let mut steps = UsedSteps::default();
        let mut next = |period| steps.next(ALICE, period, Duration::from_secs(65)).step;
        assert_eq!([next(60), next(61)], [1, 1]);
    }

    #[test]
    fn old_steps_are_removed() {
        let mut steps = UsedSteps::default();
        steps.next(ALICE, 30, at(0));
        steps.next(BOB, 30, at(3600));
        assert!(json(&steps).contains("alice"));
        steps.next(BOB, 30, at(3601));
        assert!(!json(&steps).contains("alice"));
    }

    #[test]
    fn only_one_of_several_processes_gets_the_current_step() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut steps: Vec<_> = std::thread::scope(|scope| {
            let next = || next_at(&StateDirectory::at(folder.path()), ALICE, 30, || at(5)).step;
            let threads = [(); 3].map(|()| scope.spawn(next));
            threads.map(|thread| thread.join().expect("a step")).into()
        });
        steps.sort_unstable();
        assert_eq!(steps, [10_000, 10_001, 10_001]);
    }

    #[test]
    fn a_state_that_cannot_be_written_gives_the_current_step() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let state = StateDirectory::at(file.join("playcookie"));
        for _ in 0..2 {
            assert_eq!(next_at(&state, ALICE, 30, || at(5)).step, 10_000);
        }
    }
}
