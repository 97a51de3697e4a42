//! Waiting for what a test cannot be told about.

use std::time::{Duration, Instant};

/// What takes longer has hung. Far above what any test needs, so that a slow machine fails none.
pub(super) const TIMEOUT: Duration = Duration::from_mins(2);

/// Waits until `condition` holds; a test that waits in vain fails.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
