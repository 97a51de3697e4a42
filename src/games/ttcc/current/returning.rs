//! A launcher with a token that was kept: it may be no longer good.

use super::{Launcher, Registration, Sent, Ttcc, Who};
use crate::base::secret::Secret;
use crate::protocol::{Error, Question, QuestionKind, Refusal, Request, Step};

/// Whose kept token is no longer good, and who is asked for the password.
#[derive(Debug, PartialEq, Eq)]
pub struct SignedOut(pub(super) Who);

/// Why an answer does not lead on.
pub(super) enum Hearing {
    Over(Error),
    SignedOut(Question, SignedOut),
}

impl Hearing {
    pub(super) fn step(self) -> Result<Step<Ttcc>, Error> {
        match self {
            Self::Over(error) => Err(error),
            Self::SignedOut(question, asked) => Ok(Step::DeleteToken(question, asked)),
        }
    }
}

impl SignedOut {
    /// Signs in again.
    pub(crate) fn answer(self, password: Secret) -> (Request, Sent) {
        let who = self.0;
        Registration { password, who }.begin()
    }
}

impl Launcher {
    /// What an answer means that may be about a token from long ago.
    pub(super) fn hear<T>(&self, answer: Result<T, Error>) -> Result<T, Hearing> {
        answer.map_err(|error| match error {
            Error::Refused(Refusal::SignedOut, message) if self.returns => {
                let question = Question {
                    kind: QuestionKind::Password,
                    message,
                    again: false,
                };
                Hearing::SignedOut(question, SignedOut(self.who.clone()))
            }
            error => Hearing::Over(error),
        })
    }
}
