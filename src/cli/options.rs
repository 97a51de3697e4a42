//! Groups of options that several verbs take.

use std::convert::Infallible;
use std::time::Duration;

use clap::Args;

use super::values::{Api, minutes, toon_slot};
use crate::auth::login_options::LoginOptions;
use crate::base::secret::Secret;
use crate::config::name;
use crate::config::name::AccountNameError;
use crate::config::options::Options;
use crate::protocol::driver::WaitLimits;

/// Which accounts, and whether to remember them.
#[derive(Debug, Args)]
pub struct AccountOptions {
    /// Remembered accounts or @GROUP [default: the only one]
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// The accounts of a group, as @GROUP
    #[arg(
        long,
        value_name = "GROUP",
        help_heading = "Account",
        hide_short_help = true
    )]
    pub group: Vec<String>,
    /// The username of an account that is not remembered.
    #[arg(
        help = "Another account [env: PLAYCOOKIE_USERNAME]",
        short,
        long,
        value_name = "NAME",
        help_heading = "Account"
    )]
    pub username: Option<String>,
    /// Play the toon in this slot, 0 to 5 (ttcc)
    #[arg(long, value_name = "N", value_parser = toon_slot, help_heading = "Account", hide_short_help = true)]
    pub toon_slot: Option<u8>,
    /// Remember the account, and store its secret
    ///
    /// The password (ttcc: a token) is stored in the system's secret store.
    #[arg(
        long,
        value_name = "NAME",
        num_args = 0..=1,
        require_equals = true,
        value_parser = account_name,
        help_heading = "Account"
    )]
    pub save: Option<Option<String>>,
    /// Store nothing, and don't ask whether to
    #[arg(
        long,
        conflicts_with = "save",
        help_heading = "Account",
        hide_short_help = true
    )]
    pub no_save: bool,
}

/// Where the password and the two-factor codes come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub struct CredentialOptions {
    /// Read the password from line 1 of standard input; each further line answers one request for a code
    #[arg(long, conflicts_with = "password_command", hide_short_help = true)]
    pub password_stdin: bool,
    /// A shell command whose first line of output is the password
    #[arg(long, value_name = "CMD", hide_short_help = true)]
    pub password_command: Option<String>,
    /// The first code.
    #[arg(
        help = "Answers the first request for a code [env: PLAYCOOKIE_CODE]",
        long,
        value_name = "CODE",
        value_parser = secret,
        conflicts_with = "code_command", hide_short_help = true)]
    pub code: Option<Secret>,
    /// A shell command whose first line of output answers the first request for a code
    #[arg(long, value_name = "CMD", hide_short_help = true)]
    pub code_command: Option<String>,
}

/// Which server is used, and how long to wait for it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server")]
pub struct ServerOptions {
    /// `current`, `documented`, a URL that replaces the game's hosts, or INTERFACE@URL
    #[arg(long, value_name = "INTERFACE|URL", hide_short_help = true)]
    pub api: Option<Api>,
    /// When the game is closed or too busy, wait and try again [default: 60 minutes]
    #[arg(long, value_name = "MINUTES", num_args = 0..=1, require_equals = true, default_missing_value = "60",
          value_parser = minutes, hide_short_help = true)]
    pub wait_for_server: Option<Duration>,
    /// Leave the queue after this time
    #[arg(long, value_name = "MINUTES", value_parser = minutes, hide_short_help = true)]
    pub queue_timeout: Option<Duration>,
}

impl AccountOptions {
    /// Returns the names of accounts, and those of groups behind `@`.
    pub fn names(&self) -> Vec<String> {
        let groups = self.group.iter();
        let groups = groups.map(|group| format!("@{}", group.strip_prefix('@').unwrap_or(group)));
        self.accounts.iter().cloned().chain(groups).collect()
    }

    /// Returns the options that override the configuration of every account.
    pub fn overrides(&self, server: &ServerOptions) -> Options {
        Options {
            api: server.api.clone(),
            toon_slot: self.toon_slot,
            ..Options::default()
        }
    }

    /// Returns the options of the login.
    pub fn login_options(
        &self,
        credentials: &CredentialOptions,
        server: &ServerOptions,
    ) -> LoginOptions {
        LoginOptions {
            password_stdin: credentials.password_stdin,
            password_command: credentials.password_command.clone(),
            code: credentials.code.clone(),
            code_command: credentials.code_command.clone(),
            save: self.save.clone(),
            no_save: self.no_save,
            wait_limits: WaitLimits {
                queue: server.queue_timeout,
                server: server.wait_for_server,
            },
            notify: false,
            is_one_of_several: false,
        }
    }
}

/// Parses the name of a new account.
fn account_name(text: &str) -> Result<String, AccountNameError> {
    name::check(text).map(|()| text.to_owned())
}

/// Parses a value that `Debug` does not show.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is the one that clap calls"
)]
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}
