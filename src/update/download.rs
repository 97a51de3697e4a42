//! Downloads packed bytes from mirrors, with retries and resumption.

use std::time::Duration;

use super::retry_state::RetryState;
use super::sink::Sink;
use super::{FileEvent, Observer};
use crate::base::clock;
use crate::base::quantity::duration_text;
use crate::http::{Client, FileResponse, Resume, Validator};
use crate::manifest::{FileName, MirrorAddress, PackedFile};
use crate::protocol::TransportError;

/// The minimum number of bytes a second. A download that is slower for the idle timeout has failed.
const MIN_SPEED: u128 = 1024;

/// A mirror with a client for it.
#[derive(Debug)]
pub struct Mirror {
    /// The client, whose base URL is that of the address.
    pub client: Client,
    /// The address.
    pub address: MirrorAddress,
}

/// Why a download fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DownloadError {
    /// There is no complete response.
    #[error("{0}")]
    Connection(TransportError),
    /// The server failed with this HTTP status.
    #[error("the server failed, HTTP {0}")]
    ServerError(u16),
    /// The server asks to try again later, possibly after a given time.
    #[error("the server asks to try {}", time_text(*.0))]
    TryLater(Option<Duration>),
    /// The server sends less than `MIN_SPEED`.
    #[error("the server sends less than 1 KiB a second")]
    TooSlow,
    /// The server does not have the file.
    #[error("the server does not have it")]
    Missing,
    /// The server answers with this HTTP status, which a mirror does not use.
    #[error("the server answered HTTP {0}")]
    UnexpectedStatus(u16),
    /// The disk has no space for what this server sends.
    #[error("the disk has no space for it")]
    DiskFull,
    /// The server sends different content, as described.
    #[error("{0}")]
    Corrupt(&'static str),
}

fn time_text(pause: Option<Duration>) -> String {
    pause.map_or_else(
        || "later".to_owned(),
        |pause| format!("again in {}", duration_text(pause)),
    )
}

/// Why a transfer to a sink ends early.
pub(super) enum TransferError<E> {
    Download(DownloadError),
    Sink(E),
}

/// A download of a packed file or patch.
pub(super) struct Download<'a> {
    pub(super) mirrors: &'a [Mirror],
    pub(super) name: &'a FileName,
    pub(super) packed: &'a PackedFile,
    pub(super) observer: &'a dyn Observer,
}

impl Download<'_> {
    /// Downloads until `sink` has all bytes. `validator` identifies the version of the bytes that it has.
    ///
    /// # Errors
    /// When no attempt is left, or the sink refuses bytes.
    pub(super) async fn run<S: Sink>(
        &self,
        sink: &mut S,
        mut validator: Option<Validator>,
        retries: &mut RetryState,
    ) -> Result<(), TransferError<S::Error>> {
        loop {
            retries.start_attempt(sink.length());
            let error = match self.attempt(sink, &mut validator, retries.mirror()).await {
                Err(TransferError::Download(error)) => error,
                result => return result,
            };
            let paused = self.pause(error, sink.length(), retries).await;
            paused.map_err(TransferError::Download)?;
        }
    }

    /// Waits before the next attempt. Returns the error if no attempt is left.
    pub(super) async fn pause(
        &self,
        error: DownloadError,
        length: u64,
        retries: &mut RetryState,
    ) -> Result<(), DownloadError> {
        let pause = retries.after(error.clone(), length)?;
        let event = FileEvent::Retrying(&error, pause);
        self.observer.notify(self.name, event);
        clock::sleep(pause).await;
        Ok(())
    }

    /// Requests the missing bytes from one mirror.
    async fn attempt<S: Sink>(
        &self,
        sink: &mut S,
        validator: &mut Option<Validator>,
        mirror: usize,
    ) -> Result<(), TransferError<S::Error>> {
        let mirror = self.mirrors.get(mirror);
        let found = mirror.and_then(|it| Some((it, it.address.path(&self.packed.source)?)));
        let (mirror, path) = found.ok_or(TransferError::Download(DownloadError::Missing))?;
        let resume = (sink.length() > 0).then(|| Resume {
            offset: sink.length(),
            validator: validator.clone(),
        });
        let response = mirror.client.download(path, resume.as_ref()).await;
        let response = response.map_err(connection_error)?;
        if response.status == 416 && response.length() == Some(sink.length()) {
            // An earlier run received all bytes, and ended before they were unpacked.
            return Ok(());
        }
        if let Err(error) = check_status(&response, sink.length()) {
            if matches!(error, DownloadError::Corrupt(_)) {
                // The bytes are complete or of another version. The next attempt begins without them.
                sink.clear().await.map_err(TransferError::Sink)?;
                *validator = None;
            }
            return Err(TransferError::Download(error));
        }
        if response.offset() != Some(sink.length()) {
            sink.clear().await.map_err(TransferError::Sink)?;
        }
        // A response with the rest of a file may lack the validator.
        let previous = validator.take().filter(|_| sink.length() > 0);
        *validator = response.validator().or(previous);
        self.receive(response, sink, SpeedCheck::new(mirror.client.idle))
            .await
    }

    /// Receives the body of a response.
    async fn receive<S: Sink>(
        &self,
        mut response: FileResponse,
        sink: &mut S,
        mut speed: SpeedCheck,
    ) -> Result<(), TransferError<S::Error>> {
        let (length, present) = (response.length(), sink.length());
        let event = FileEvent::Started { length, present };
        self.observer.notify(self.name, event);
        sink.begin(&response).await.map_err(TransferError::Sink)?;
        loop {
            let began = clock::monotonic();
            let chunk = response.chunk().await.map_err(connection_error)?;
            let Some(bytes) = chunk else {
                break;
            };
            let received = bytes.len() as u64;
            let waited = clock::monotonic().saturating_sub(began);
            let is_too_slow = speed.is_too_slow_after(waited, received);
            sink.append(bytes).await.map_err(TransferError::Sink)?;
            self.observer
                .notify(self.name, FileEvent::Received(received));
            let is_complete = length.is_some_and(|length| sink.length() >= length);
            if is_too_slow && !is_complete {
                return Err(TransferError::Download(DownloadError::TooSlow));
            }
        }
        // A server may send less than the requested range (RFC 9110, section 15.3.7).
        if length.is_some_and(|length| sink.length() < length) {
            return Err(connection_error(TransportError::ConnectionLost));
        }
        Ok(())
    }
}

/// The speed of a download, not counting the time in which the bytes are decoded and written.
struct SpeedCheck {
    /// How long a download may be too slow.
    limit: Duration,
    waited: Duration,
    received: u64,
}

impl SpeedCheck {
    const fn new(limit: Duration) -> Self {
        Self {
            limit,
            waited: Duration::ZERO,
            received: 0,
        }
    }

    /// Adds bytes that were waited for. Returns whether the download was too slow since the last check, which is made when
    /// the limit has passed.
    fn is_too_slow_after(&mut self, waited: Duration, received: u64) -> bool {
        self.waited += waited;
        self.received += received;
        if self.waited < self.limit {
            return false;
        }
        let bytes = u128::from(self.received);
        let min = MIN_SPEED * self.waited.as_millis() / 1000;
        *self = Self::new(self.limit);
        bytes < min
    }
}

fn connection_error<E>(error: TransportError) -> TransferError<E> {
    TransferError::Download(DownloadError::Connection(error))
}

/// Checks that a response contains a file, or its rest after `length` bytes.
fn check_status(response: &FileResponse, length: u64) -> Result<(), DownloadError> {
    match response.status {
        200 => Ok(()),
        206 if response.offset() == Some(length) => Ok(()),
        206 => Err(DownloadError::Corrupt(
            "the server sent another part of the file",
        )),
        416 if length > 0 => Err(DownloadError::Corrupt("the server has no rest of the file")),
        status => Err(status_error(status, response.retry_after)),
    }
}

/// Returns the error for an HTTP status without a file.
fn status_error(status: u16, retry_after: Option<Duration>) -> DownloadError {
    match status {
        404 | 410 => DownloadError::Missing,
        429 => DownloadError::TryLater(retry_after),
        503 if retry_after.is_some() => DownloadError::TryLater(retry_after),
        500.. => DownloadError::ServerError(status),
        _ => DownloadError::UnexpectedStatus(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_a_kibibyte_a_second_for_the_whole_limit_is_too_slow() {
        let second = Duration::from_secs(1);
        let is_slow = |received: &[u64]| {
            let mut speed = SpeedCheck::new(30 * second);
            let mut received = received.iter();
            received.any(|bytes| speed.is_too_slow_after(second, *bytes))
        };
        assert!(is_slow(&[1023; 30]));
        assert!(!is_slow(&[1023; 29]));
        assert!(!is_slow(&[1024; 90]));
        let once = [&[0; 29][..], &[30 * 1024]].concat();
        assert!(!is_slow(&once), "the average counts");
        assert!(is_slow(&[&once[..], &[1; 30]].concat()));
        assert!(is_slow(&[&[9_999_999][..], &[1; 59]].concat()));
    }

    #[test]
    fn one_wait_may_exceed_the_limit() {
        let mut speed = SpeedCheck::new(Duration::from_secs(30));
        assert!(speed.is_too_slow_after(Duration::from_secs(59), 59 * 1024 - 1));
        assert!(!speed.is_too_slow_after(Duration::from_secs(59), 59 * 1024));
    }
}
