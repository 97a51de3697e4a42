//! Blocking work on a thread of its own, for asynchronous code.

use std::io;

use tokio::sync::oneshot;

/// Runs blocking `work` on a new thread that the program does not join when it ends, so that an interrupt takes effect at
/// once.
///
/// # Errors
/// When the thread cannot be started, or `work` panics.
pub async fn run_on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = oneshot::channel();
    // Sending fails when the caller was dropped, after a timeout or an interrupt.
    std::thread::Builder::new().spawn(move || sender.send(work()).ok())?;
    receiver.await.map_err(io::Error::other)
}
