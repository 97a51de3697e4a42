//! What the player asked for about logins of one command.

use crate::base::secret::Secret;
use crate::protocol::driver::WaitLimits;

/// Options of every login of a command.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value, or follows from the number of accounts"
)]
pub struct LoginOptions {
    /// Line 1 of standard input is the password, further lines are codes.
    pub password_stdin: bool,
    /// A shell command that prints the password.
    pub password_command: Option<String>,
    /// The first code.
    pub code: Option<Secret>,
    /// A shell command that prints the first code.
    pub code_command: Option<String>,
    /// Store what may be stored, under this name if one was given.
    pub save: Option<Option<String>>,
    /// Store nothing, and do not offer to.
    pub no_save: bool,
    /// How long to wait for the queue and for a closed server.
    pub wait_limits: WaitLimits,
    /// Notify the desktop when a wait for admission ends and when the game has started.
    pub notify: bool,
    /// Whether there are several logins: then the environment's password and code apply to none.
    pub is_one_of_several: bool,
}

impl LoginOptions {
    /// Returns whether an option gives the password.
    pub(crate) const fn gives_password(&self) -> bool {
        self.password_stdin || self.password_command.is_some()
    }
}
