//! Waiting by polling.

use std::time::{Duration, Instant};

/// The longest time that a test waits for something. Far more than any test needs on a slow machine.
pub(super) const TIMEOUT: Duration = Duration::from_mins(2);

/// Waits until `condition` holds. Fails the test after [`TIMEOUT`].
#[track_caller]
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    while !condition() {
        assert!(Instant::now() < deadline, "timed out: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
