//! Blocking work, done aside on a thread that nobody waits for.

use tokio::sync::oneshot;

/// Runs what blocks on a thread of its own: a program that is interrupted meanwhile ends at once. Nothing when there is
/// no thread to be had, or when the work panicked.
pub async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    // The receiver is gone when the program is ending, or when it waited long enough.
    std::thread::Builder::new()
        .spawn(move || sender.send(work()).ok())
        .ok()?;
    receiver.await.ok()
}
