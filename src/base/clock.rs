//! The one door to time: every wait of the program goes through here.

use std::future::Future;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

/// A date, as files and headers carry it.
pub type Date = SystemTime;

/// The moment that [`monotonic`] counts from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Time since the program first asked; never runs backwards.
pub fn monotonic() -> Duration {
    START.elapsed()
}

/// Time since the Unix epoch, for what is compared across runs.
pub fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Waits; dropped early, it costs nothing.
pub async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// Waits where nothing else could be done meanwhile.
pub fn pause(pause: Duration) {
    std::thread::sleep(pause);
}

/// What `future` gives, or `None` when `limit` passed first.
pub async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}

/// How long until `date`; zero when it has passed.
pub fn until(date: SystemTime) -> Duration {
    date.duration_since(SystemTime::now()).unwrap_or_default()
}
