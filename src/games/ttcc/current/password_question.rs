//! The question for the password after a stored token was refused.

use super::{Account, Registration, Sent};
use crate::base::secret::Secret;
use crate::protocol::Request;

/// The state while the user is asked for the password of this account.
#[derive(Debug, PartialEq, Eq)]
pub struct PasswordQuestion(pub(super) Account);

impl PasswordQuestion {
    /// Begins a registration with the password.
    pub(crate) fn answer(self, password: Secret) -> (Request, Sent) {
        let account = self.0;
        Registration { password, account }.begin()
    }
}
