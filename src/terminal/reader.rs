//! Whether anybody still reads standard output.

/// Comes back once nobody does, where the system tells: at once for a pipe on Linux, never for a file.
#[cfg(unix)]
pub(super) async fn gone() {
    use std::os::fd::AsFd;

    use tokio::io::Interest;
    use tokio::net::unix::pipe::Sender;

    // Nothing is written through it, so that it need not be one that never waits. What cannot be watched, such as a
    // file, has no reader who could go.
    let output = std::io::stdout().as_fd().try_clone_to_owned();
    if let Ok(pipe) = output.and_then(Sender::from_owned_fd_unchecked)
        && pipe.ready(Interest::ERROR).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// The same, where nothing tells.
#[cfg(not(unix))]
pub(super) async fn gone() {
    std::future::pending::<()>().await;
}
