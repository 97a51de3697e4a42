//! Waiting for something that another thread or process does.

use std::time::{Duration, Instant};

/// What takes longer has hung. Far above what any test needs, so that a slow machine fails none.
pub(super) const HUNG: Duration = Duration::from_secs(120);

/// Waits until `done`; `what` never happening fails the test.
#[track_caller]
pub(crate) fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + HUNG;
    while !done() {
        assert!(Instant::now() < deadline, "this did not happen: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
