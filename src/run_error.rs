//! How a run ends early: with a failure and whom it concerns, or by a signal.

use crate::base::failure::{Failure, Reason};
use crate::base::signals::{Signal, Signals};
use crate::terminal::Terminal;
use crate::terminal::event::Subject;

/// Why a run did not reach its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// It failed.
    #[error("{failure}")]
    Failed {
        /// Whom it concerns; empty when that is not known yet.
        subject: Box<Subject>,
        /// What happened.
        failure: Failure,
    },
    /// A signal asked it to stop.
    #[error("interrupted")]
    Interrupted(Signal),
    /// Nobody reads standard output any more.
    #[error("standard output was closed")]
    OutputClosed,
}

impl RunError {
    /// Returns the error for a failure of this subject.
    pub(crate) fn failed(subject: &Subject, failure: Failure) -> Self {
        Self::Failed {
            subject: Box::new(subject.clone()),
            failure,
        }
    }

    /// Returns a conversion that adds the subject to a failure.
    pub(crate) fn about(subject: &Subject) -> impl Fn(Failure) -> Self + '_ {
        |failure| Self::failed(subject, failure)
    }

    /// Returns the reason of a failure.
    pub(crate) fn reason(&self) -> Option<Reason> {
        match self {
            Self::Failed { failure, .. } => Some(failure.reason),
            Self::Interrupted(_) | Self::OutputClosed => None,
        }
    }

    /// Returns the same error with the subject, when it failed and has none.
    pub(crate) fn with_subject(self, subject: &Subject) -> Self {
        match self {
            Self::Failed {
                subject: known,
                failure,
            } if known.game.is_none() => Self::failed(subject, failure),
            other => other,
        }
    }
}

impl From<Failure> for RunError {
    fn from(failure: Failure) -> Self {
        Self::failed(&Subject::default(), failure)
    }
}

impl Signals {
    /// Waits for `work`, and stops it early when a signal arrives.
    ///
    /// # Errors
    /// Those of `work`, and [`RunError::Interrupted`].
    pub(crate) async fn or<T, E: Into<RunError>>(
        &mut self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, RunError> {
        tokio::select! {
            // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
            biased;
            signal = self.next() => Err(RunError::Interrupted(signal)),
            outcome = work => outcome.map_err(Into::into),
        }
    }

    /// Does the same as [`Self::or`], and stops `work` early when standard output is closed as well.
    ///
    /// # Errors
    /// Those of [`Self::or`], and [`RunError::OutputClosed`].
    pub(crate) async fn or_closed<T, E: Into<RunError>>(
        &mut self,
        terminal: &Terminal,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, RunError> {
        tokio::select! {
            outcome = self.or(work) => outcome,
            () = terminal.output_closed() => Err(RunError::OutputClosed),
        }
    }
}
