//! Which one-time code an account uses next: remembered for every process of this user.

pub(crate) mod steps;

use std::time::Duration;

use crate::auth::used_codes::steps::Steps;
use crate::base::clock;
use crate::state::StateDirectory;
use crate::totp::Slot;

/// The state file. Accounts and steps are in it, no code and no secret.
const FILE: &str = "codes.json";

/// The step whose code `account` uses next, and how long to wait until it begins, where steps take `period` seconds. One
/// that has begun counts as used from here on: no two processes get the same. After a wait it has to be asked for again.
/// Where nothing can be remembered, the step is that of the moment.
pub(crate) fn next(account: &str, period: u64) -> Slot {
    next_in(&StateDirectory::user(), account, period, clock::since_epoch)
}

/// `now` is asked once the others are done, whom this one may have waited for.
fn next_in(state: &StateDirectory, account: &str, period: u64, now: impl Fn() -> Duration) -> Slot {
    state.modify(FILE, |file| {
        let mut steps = file.map(Steps::parse).unwrap_or_default();
        let slot = steps.next(account, period, now());
        (steps.to_json().into_bytes(), slot)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "ttr alice@example.com https://www.example.com";

    fn now() -> Duration {
        Duration::from_secs(300_005)
    }

    #[test]
    fn of_several_processes_one_gets_the_step_of_the_moment() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut steps: Vec<_> = std::thread::scope(|scope| {
            let next = || next_in(&StateDirectory::at(folder.path()), ALICE, 30, now).step;
            let threads = [(); 3].map(|()| scope.spawn(next));
            threads.map(|thread| thread.join().expect("a step")).into()
        });
        steps.sort_unstable();
        assert_eq!(steps, [10_000, 10_001, 10_001]);
    }

    #[test]
    fn a_state_that_cannot_be_written_gives_the_step_of_the_moment() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let state = StateDirectory::at(file.join("playcookie"));
        for _ in 0..2 {
            assert_eq!(next_in(&state, ALICE, 30, now).step, 10_000);
        }
    }
}
