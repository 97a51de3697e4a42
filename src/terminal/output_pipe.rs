//! Waiting until the reader of standard output is gone.

/// Waits until a pipe at standard output has no reader; for ever when it is a file or the system does not report that.
#[cfg(unix)]
pub(super) async fn closed() {
    use std::os::fd::AsFd;

    use tokio::io::Interest;
    use tokio::net::unix::pipe::Sender;

    // Nothing is written to this sender, so it may be a blocking pipe. A file cannot be watched and has no reader.
    let output = std::io::stdout().as_fd().try_clone_to_owned();
    if let Ok(pipe) = output.and_then(Sender::from_owned_fd_unchecked)
        && pipe.ready(Interest::ERROR).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// Waits for ever, since this system does not report it.
#[cfg(not(unix))]
pub(super) async fn closed() {
    std::future::pending::<()>().await;
}
