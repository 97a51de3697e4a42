//! Waiting for what a test cannot be told about.

use std::time::{Duration, Instant};

use super::program::HUNG;

/// Waits until `condition` holds; a test that waits in vain fails.
#[track_caller]
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + HUNG;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
