//! The next one-time code of each account, shared by all processes of this user: no two use the same code.

mod steps;

use std::time::Duration;

use crate::base::clock;
use crate::state::StateDirectory;
use crate::totp::NextStep;
use steps::Steps;

/// The state file. It holds accounts and time steps, no code and no secret.
const FILE: &str = "codes.json";

/// Returns the time step whose code `account` uses next, and how long to wait until it begins; steps take `period`
/// seconds. A step that has begun counts as used from now on; after a wait, the function is called again. Where the state
/// cannot be written, the current step is returned.
pub(crate) fn next(state: &StateDirectory, account: &str, period: u64) -> NextStep {
    next_at(state, account, period, clock::since_epoch)
}

/// `now` is called once other processes have released the file.
fn next_at(
    state: &StateDirectory,
    account: &str,
    period: u64,
    now: impl Fn() -> Duration,
) -> NextStep {
    state.update_best_effort(FILE, |file| {
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
            let next = || next_at(&StateDirectory::at(folder.path()), ALICE, 30, now).step;
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
            assert_eq!(next_at(&state, ALICE, 30, now).step, 10_000);
        }
    }
}
