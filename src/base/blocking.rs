//! Blocking work on a thread of its own, for asynchronous code.

use tokio::sync::oneshot;

/// Runs blocking `work` on a new thread that the program does not join when it ends, so that an interrupt takes effect at
/// once. Returns `None` when the thread could not be created or `work` panicked.
pub async fn run_on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    // Sending fails when the caller was dropped, after a timeout or an interrupt.
    std::thread::Builder::new()
        .spawn(move || sender.send(work()).ok())
        .ok()?;
    receiver.await.ok()
}
