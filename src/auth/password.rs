//! Where a username and a password come from, first hit wins: option, environment, remembered account, configuration,
//! prompt; known before anything is sent.

use super::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::cli::options::CredentialOptions;
use crate::cli::usage::wrong;
use crate::context::Context;
use crate::launch::shell;
use crate::terminal::Terminal;

/// How else a name can be given.
const NAME_OPTIONS: &str = "give one with --username NAME or PLAYCOOKIE_USERNAME";
/// How else a password can be given.
const PASSWORD_OPTIONS: &str =
    "give one with --password-stdin, --password-command CMD or PLAYCOOKIE_PASSWORD";

/// Where the password will come from.
#[derive(Debug, Clone)]
pub(crate) enum PasswordSource {
    /// The first line of standard input.
    Input,
    /// A shell command, and what it was given with.
    Command(String, &'static str),
    /// What the environment or the secret store holds.
    Known(Secret),
    /// A launcher token that the secret store holds, in the place of a password.
    Token(Secret),
    /// A person.
    Asked,
}

/// The username, asked for if it must be.
pub(crate) async fn username(target: &LoginTarget, terminal: &Terminal) -> Result<String, Failure> {
    match &target.username {
        Some(name) => Ok(name.clone()),
        None => ask_username(terminal).await,
    }
}

/// Asks for a username.
pub(crate) async fn ask_username(terminal: &Terminal) -> Result<String, Failure> {
    let answer = terminal.ask_openly("Username: ").await;
    answer.map_err(|why| why.failure("a username", "standard input", NAME_OPTIONS))
}

/// Refuses a username that is neither known nor can be asked for.
pub(crate) fn check_username(target: &LoginTarget, terminal: &Terminal) -> Result<(), Failure> {
    match &target.username {
        Some(name) if !is_plain(name) => Err(not_plain("the username")),
        None if !terminal.can_ask() => Err(nobody("a username", NAME_OPTIONS)),
        _ => Ok(()),
    }
}

impl PasswordSource {
    /// Whether it gives the password again with nobody there.
    pub(crate) const fn is_repeatable(&self) -> bool {
        match self {
            Self::Known(_) | Self::Token(_) | Self::Command(..) => true,
            Self::Input | Self::Asked => false,
        }
    }

    /// What was given for this run: by an option, or in the environment where it `counts`.
    pub(crate) fn given(
        context: &Context,
        answers: &CredentialOptions,
        counts: bool,
    ) -> Result<Option<Self>, Failure> {
        let from_terminal = answers.password_stdin && context.terminal.reads_from_terminal();
        if answers.password_stdin {
            return Ok(Some(if from_terminal {
                Self::Asked
            } else {
                Self::Input
            }));
        }
        if let Some(command) = &answers.password_command {
            return Ok(Some(Self::Command(command.clone(), "--password-command")));
        }
        match context.environment.password.as_ref().filter(|_| counts) {
            Some(password) if password.has_control_characters() => Err(not_plain("the password")),
            password => Ok(password.cloned().map(Self::Known)),
        }
    }

    /// What is left when nothing was given and nothing is kept: the configured command, or a person.
    pub(crate) fn left(context: &Context, target: &LoginTarget) -> Result<Self, Failure> {
        let command = target.options.password_command.as_ref();
        match command.filter(|command| !command.is_empty()) {
            Some(command) => Ok(Self::Command(command.clone(), "password-command")),
            None if context.terminal.can_ask() => Ok(Self::Asked),
            None => Err(nobody("a password", &options(target))),
        }
    }

    /// The password, asked for if it must be. `whose` is for people; `forget` are the game's variables.
    pub(crate) async fn get(
        self,
        terminal: &Terminal,
        forget: &[&str],
        whose: &str,
    ) -> Result<Secret, Failure> {
        match self {
            Self::Known(secret) | Self::Token(secret) => Ok(secret),
            Self::Command(command, option) => {
                shell::first_line(&command, option, forget, true).await
            }
            Self::Input => match terminal.line().await {
                Ok(password) if !password.is_empty() => Ok(password),
                Ok(_) => Err(nobody(
                    "a password",
                    "the first line of standard input is empty; it has to be the password",
                )),
                Err(why) => Err(why.failure("a password", "standard input", PASSWORD_OPTIONS)),
            },
            Self::Asked => {
                let prompt = format!("Password for {}: ", crate::base::sanitize::clean(whose));
                let answer = terminal.ask_hidden(&prompt, false).await;
                answer.map_err(|why| {
                    why.failure("a password", "input at the terminal", PASSWORD_OPTIONS)
                })
            }
        }
    }
}

/// How else a password can be given to this one.
fn options(target: &LoginTarget) -> String {
    match &target.account {
        Some(account) => format!(
            "{PASSWORD_OPTIONS}, or keep it with `playcookie accounts edit {}`",
            account.name
        ),
        None => PASSWORD_OPTIONS.to_owned(),
    }
}

/// Whether a name is one that an environment variable or a form can carry.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.chars().any(char::is_control)
}

/// Refuses what an environment variable or a form should not carry.
pub(crate) fn not_plain(what: &str) -> Failure {
    wrong(
        format!("{what} holds a control character"),
        "type it again without tabs, line ends and the like",
    )
}

pub(crate) fn nobody(what: &str, hint: &str) -> Failure {
    Failure::new(
        Reason::InputNeeded,
        format!("{what} is needed, and nobody can be asked"),
        hint,
    )
}
