//! The retries of a download: how many, from which mirror, and after which pause.

use std::time::Duration;

use super::{DownloadError, Mirror};

/// The number of attempts that may fail.
const MAX_FAILURES: u32 = 5;
/// The pause after the first failure. Each later pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The same when all mirrors are on this machine, which means that they are stand-ins.
const FIRST_LOOPBACK_PAUSE: Duration = Duration::from_millis(20);
/// The longest `Retry-After` that is waited for.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);
/// An attempt that exceeds the greatest length so far by this many bytes resets the number of failures.
const MIN_PROGRESS: u64 = 1 << 20;

/// The state of the retries of one file.
#[derive(Debug)]
pub(super) struct RetryState {
    /// The number of mirrors, at least one.
    mirrors: usize,
    first_pause: Duration,
    /// The number of changes to the next mirror.
    rotations: usize,
    failures: u32,
    /// The number of consecutive mirrors that do not have the file.
    refusals: usize,
    /// The greatest number of bytes that were present.
    max_length: u64,
    /// The number of bytes that were present when the last attempt started.
    start_length: u64,
}

impl RetryState {
    /// Returns the initial state for a file on these mirrors.
    pub(super) fn new(mirrors: &[Mirror]) -> Self {
        let is_loopback = mirrors.iter().all(|mirror| mirror.client.is_loopback());
        let first_pause = if is_loopback {
            FIRST_LOOPBACK_PAUSE
        } else {
            FIRST_PAUSE
        };
        Self::with_pause(mirrors.len(), first_pause)
    }

    fn with_pause(mirrors: usize, first_pause: Duration) -> Self {
        Self {
            mirrors: mirrors.max(1),
            first_pause,
            rotations: 0,
            failures: 0,
            refusals: 0,
            max_length: 0,
            start_length: 0,
        }
    }

    /// Returns the index of the mirror for the next attempt.
    pub(super) const fn mirror(&self) -> usize {
        self.rotations % self.mirrors
    }

    /// Records that an attempt starts with `length` bytes present.
    pub(super) const fn start_attempt(&mut self, length: u64) {
        self.start_length = length;
    }

    /// Records that an attempt failed with `length` bytes present. Returns the pause before the next attempt.
    ///
    /// # Errors
    /// Returns the error if no attempt is left.
    pub(super) fn after(
        &mut self,
        error: DownloadError,
        length: u64,
    ) -> Result<Duration, DownloadError> {
        let has_progress = length > self.start_length;
        if !(matches!(error, DownloadError::Connection(_)) && has_progress) {
            // After progress the mirror stays the same, because another one may have another validator for the file.
            self.rotations = self.rotations.wrapping_add(1);
        }
        if length >= self.max_length.saturating_add(MIN_PROGRESS) {
            self.failures = 0;
        }
        self.max_length = self.max_length.max(length);
        match error {
            DownloadError::Missing
            | DownloadError::UnexpectedStatus(_)
            | DownloadError::DiskFull => self.refused(error),
            DownloadError::TryLater(Some(pause)) if pause > MAX_RETRY_AFTER => self.refused(error),
            DownloadError::TryLater(Some(min)) => self.failed(error).map(|pause| pause.max(min)),
            _ => self.failed(error),
        }
    }

    /// The next mirror is tried without a pause, until all have refused.
    fn refused(&mut self, error: DownloadError) -> Result<Duration, DownloadError> {
        self.refusals += 1;
        if self.refusals >= self.mirrors {
            return Err(error);
        }
        Ok(Duration::ZERO)
    }

    /// The next mirror is tried after a pause, until [`MAX_FAILURES`].
    fn failed(&mut self, error: DownloadError) -> Result<Duration, DownloadError> {
        self.refusals = 0;
        self.failures += 1;
        if self.failures >= MAX_FAILURES {
            return Err(error);
        }
        Ok(self.first_pause.saturating_mul(1 << (self.failures - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::TransportError;

    const CONNECTION_LOST: DownloadError =
        DownloadError::Connection(TransportError::ConnectionLost);

    fn retries(mirrors: usize) -> RetryState {
        RetryState::with_pause(mirrors, FIRST_PAUSE)
    }

    /// Returns the pauses in milliseconds after these errors, and the error that is final.
    fn pauses(
        mirrors: usize,
        errors: impl IntoIterator<Item = DownloadError>,
    ) -> (Vec<u128>, Option<DownloadError>) {
        let mut retries = retries(mirrors);
        let mut pauses = Vec::new();
        for error in errors {
            match retries.after(error, 0) {
                Ok(pause) => pauses.push(pause.as_millis()),
                Err(error) => return (pauses, Some(error)),
            }
        }
        (pauses, None)
    }

    #[test]
    fn five_attempts_have_four_pauses_that_grow() {
        for error in [
            CONNECTION_LOST,
            DownloadError::ServerError(500),
            DownloadError::Corrupt("it"),
            DownloadError::TryLater(None),
        ] {
            let (pauses, last) = pauses(1, vec![error.clone(); 9]);
            assert_eq!(pauses, [500, 1000, 2000, 4000]);
            assert_eq!(last, Some(error));
        }
    }

    #[test]
    fn each_mirror_is_asked_once_for_a_file_that_none_has() {
        for error in [
            DownloadError::Missing,
            DownloadError::UnexpectedStatus(302),
            DownloadError::DiskFull,
            DownloadError::TryLater(Some(Duration::from_secs(61))),
        ] {
            assert_eq!(
                pauses(1, vec![error.clone(); 9]),
                (vec![], Some(error.clone()))
            );
            assert_eq!(
                pauses(17, vec![error.clone(); 99]),
                (vec![0; 16], Some(error))
            );
        }
    }

    #[test]
    fn a_mirror_that_may_have_the_file_is_asked_again() {
        let alternating = [CONNECTION_LOST, DownloadError::Missing]
            .into_iter()
            .cycle();
        let (pauses, last) = pauses(2, alternating.take(99));
        assert_eq!(pauses, [500, 0, 1000, 0, 2000, 0, 4000, 0]);
        assert_eq!(last, Some(CONNECTION_LOST));
    }

    #[test]
    fn the_pause_is_at_least_as_long_as_the_server_asks() {
        let try_later = |seconds| DownloadError::TryLater(Some(Duration::from_secs(seconds)));
        let (pauses, last) = pauses(
            1,
            [try_later(60), try_later(0), try_later(3), try_later(61)],
        );
        assert_eq!(pauses, [60_000, 1000, 3000]);
        assert_eq!(last, Some(try_later(61)));
    }

    #[test]
    fn progress_resets_the_failures_and_less_does_not() {
        let mut retries = retries(1);
        for step in 1..100 {
            retries.start_attempt((step - 1) * MIN_PROGRESS);
            assert_eq!(
                retries.after(CONNECTION_LOST, step * MIN_PROGRESS),
                Ok(FIRST_PAUSE)
            );
        }
        for _ in 0..3 {
            assert!(
                retries
                    .after(CONNECTION_LOST, 100 * MIN_PROGRESS - 1)
                    .is_ok()
            );
        }
        assert_eq!(
            retries.after(CONNECTION_LOST, 100 * MIN_PROGRESS - 1),
            Err(CONNECTION_LOST)
        );
    }

    #[test]
    fn the_mirror_stays_the_same_only_after_progress() {
        let mut retries = retries(2);
        retries.start_attempt(0);
        assert!(retries.after(CONNECTION_LOST, 10).is_ok());
        assert_eq!(retries.mirror(), 0);
        retries.start_attempt(10);
        assert!(retries.after(CONNECTION_LOST, 10).is_ok());
        assert_eq!(retries.mirror(), 1);
        retries.start_attempt(10);
        assert!(retries.after(DownloadError::Corrupt("it"), 0).is_ok());
        assert_eq!(retries.mirror(), 0);
    }
}
