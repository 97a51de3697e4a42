//! Where a name and a password come from: option, environment, prompt; known before anything is sent.

use crate::cli::game::{Answers, Who};
use crate::cli::usage::{did_you_mean, ordinal, wrong};
use crate::exit::{Failure, Reason};
use crate::launch::shell;
use crate::secret::Secret;
use crate::terminal::Terminal;

use super::Context;

/// How else a name can be given.
const NAME_OPTIONS: &str = "give one with --username NAME or PLAYCOOKIE_USERNAME";
/// How else a password can be given.
const PASSWORD_OPTIONS: &str =
    "give one with --password-stdin, --password-command CMD or PLAYCOOKIE_PASSWORD";
/// The verbs that a stray word may have been meant as.
const VERBS: [&str; 3] = ["play", "login", "exec"];

/// A name that is known, or will be asked for.
#[derive(Debug)]
pub(super) enum Name {
    Known(String),
    Asked,
}

/// Where the password will come from.
#[derive(Debug)]
pub(super) enum Source {
    Input,
    Command(String),
    Known(Secret),
    Asked,
}

impl Name {
    /// Finds out, without asking yet.
    pub(super) fn of(context: &Context, who: &Who) -> Result<Self, Failure> {
        match who
            .username
            .as_ref()
            .or(context.environment.username.as_ref())
        {
            Some(name) if !is_plain(name) => Err(not_plain("the username")),
            Some(name) if !name.is_empty() => Ok(Self::Known(name.clone())),
            _ if context.terminal.can_ask() => Ok(Self::Asked),
            _ => Err(nobody("a username", NAME_OPTIONS)),
        }
    }

    /// The name, asked for if it must be.
    pub(super) async fn get(self, terminal: &Terminal) -> Result<String, Failure> {
        match self {
            Self::Known(name) => Ok(name),
            Self::Asked => terminal
                .ask_openly("Username: ")
                .await
                .map_err(|why| why.failure("a username", "standard input", NAME_OPTIONS)),
        }
    }
}

impl Source {
    /// Finds out, without asking yet.
    pub(super) fn of(context: &Context, answers: &Answers) -> Result<Self, Failure> {
        let from_terminal = answers.password_stdin && context.terminal.reads_from_terminal();
        if answers.password_stdin && !from_terminal {
            return Ok(Self::Input);
        }
        if let Some(command) = &answers.password_command {
            return Ok(Self::Command(command.clone()));
        }
        match &context.environment.password {
            Some(password) if password.has_control_characters() => Err(not_plain("the password")),
            Some(password) if !from_terminal => Ok(Self::Known(password.clone())),
            _ if context.terminal.can_ask() => Ok(Self::Asked),
            _ => Err(nobody("a password", PASSWORD_OPTIONS)),
        }
    }

    /// The password, asked for if it must be.
    pub(super) async fn get(
        self,
        terminal: &Terminal,
        forget: &[&str],
        username: &str,
    ) -> Result<Secret, Failure> {
        match self {
            Self::Known(password) => Ok(password),
            Self::Command(command) => {
                shell::first_line(&command, "--password-command", forget, true).await
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
                let prompt = format!("Password for {}: ", crate::sanitize::clean(username));
                let answer = terminal.ask_hidden(&prompt, false).await;
                answer.map_err(|why| {
                    why.failure("a password", "input at the terminal", PASSWORD_OPTIONS)
                })
            }
        }
    }
}

/// No account is remembered yet, so a word in the place of one is a mistake.
pub(super) fn refuse_accounts(context: &Context, who: &Who) -> Result<(), Failure> {
    let Some(word) = who.accounts.first() else {
        return Ok(());
    };
    let place = ordinal(word, &context.arguments)
        .map_or_else(|| "an argument".to_owned(), |at| format!("argument {at}"));
    if who.username.is_some() {
        return Err(wrong(
            format!("{place} is unexpected: --username names the account already"),
            "leave one of the two out; a password is never an argument",
        ));
    }
    let hint = match did_you_mean(word, VERBS.into_iter()) {
        Some(verb) => format!("did you mean \"{verb}\"? An account is named with --username NAME"),
        None => "name the account with --username NAME".to_owned(),
    };
    Err(wrong(
        format!("{place} is neither a verb nor a remembered account"),
        hint,
    ))
}

/// Whether a name is one that an environment variable or a form can carry.
pub(super) fn is_plain(name: &str) -> bool {
    !name.chars().any(char::is_control)
}

/// Refuses what an environment variable or a form should not carry.
pub(super) fn not_plain(what: &str) -> Failure {
    wrong(
        format!("{what} holds a control character"),
        "type it again without tabs, line ends and the like",
    )
}

fn nobody(what: &str, hint: &str) -> Failure {
    Failure::new(
        Reason::InputNeeded,
        format!("{what} is needed, and nobody can be asked"),
        hint,
    )
}
