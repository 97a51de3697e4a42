//! Time: no other module of the program reads a clock, sleeps or sets a timeout.

use std::future::Future;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

/// A wall-clock time, as file systems and HTTP headers have it.
pub type Date = SystemTime;

/// When [`monotonic`] was first called.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Returns the time since the first call, which never decreases.
pub fn monotonic() -> Duration {
    START.elapsed()
}

/// Returns the time since the Unix epoch, for values that are compared across runs.
pub fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Waits for `pause`.
pub async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// Blocks the current thread for `pause`.
pub fn block(pause: Duration) {
    std::thread::sleep(pause);
}

/// Returns the output of `future`, or `None` when it is not ready within `limit`.
pub async fn timeout<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}

/// Returns how long it is until `date`; zero when `date` is in the past.
pub fn time_until(date: SystemTime) -> Duration {
    date.duration_since(SystemTime::now()).unwrap_or_default()
}
