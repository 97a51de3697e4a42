//! Where the password comes from, first hit wins: option, environment, stored secret, configuration, prompt.

use super::login_options::LoginOptions;
use super::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::config::options::Options;
use crate::context::Context;
use crate::failures::{control_character, input_needed};
use crate::launch::shell;

/// How else a password can be given.
const OPTIONS: &str =
    "give one with --password-stdin, --password-command CMD or PLAYCOOKIE_PASSWORD";

/// Where the password of a login comes from; known before anything is sent.
#[derive(Debug, Clone)]
pub(crate) enum PasswordSource {
    /// The first line of standard input.
    Input,
    /// A shell command, and the option that names it.
    Command(String, &'static str),
    /// The environment.
    Known(Secret),
    /// The secret store.
    Stored(Secret),
    /// A stored launcher token, which replaces the password.
    Token(Secret),
    /// A prompt.
    Prompt,
}

impl PasswordSource {
    /// Returns the source that was given for this run, by an option or in the environment.
    ///
    /// # Errors
    /// When the environment's password holds a control character.
    pub(crate) fn given(
        context: &Context,
        options: &LoginOptions,
    ) -> Result<Option<Self>, Failure> {
        if options.password_stdin {
            let is_terminal = context.terminal.reads_from_terminal();
            return Ok(Some(if is_terminal {
                Self::Prompt
            } else {
                Self::Input
            }));
        }
        if let Some(command) = &options.password_command {
            return Ok(Some(Self::Command(command.clone(), "--password-command")));
        }
        let password = context.environment.password.as_ref();
        match password.filter(|_| !options.is_one_of_several) {
            Some(password) if password.has_control_characters() => {
                Err(control_character("the password"))
            }
            password => Ok(password.cloned().map(Self::Known)),
        }
    }

    /// Returns the source when nothing was given and nothing is stored: the configured command of `target`, or a prompt.
    /// The command answers only the origin that the configuration names, as a stored secret does.
    ///
    /// # Errors
    /// When there is no command for this origin and nobody can be asked.
    pub(crate) fn fallback(context: &Context, target: &LoginTarget) -> Result<Self, Failure> {
        let command = target.options.password_command.as_ref();
        let command = command.filter(|command| !command.is_empty());
        let own = target.clone().with_options(context, &Options::default());
        let own = own.origin(context)?;
        match command {
            Some(command) if own == target.origin(context)? => {
                Ok(Self::Command(command.clone(), "password-command"))
            }
            _ if context.terminal.can_ask() => Ok(Self::Prompt),
            Some(_) => Err(input_needed(
                "a password",
                &format!("{OPTIONS}; the configured password-command is for {own} only"),
            )),
            None => Err(input_needed(
                "a password",
                &match &target.account {
                    Some(account) => format!(
                        "{OPTIONS}, or keep it with `playcookie accounts edit {}`",
                        account.name
                    ),
                    None => OPTIONS.to_owned(),
                },
            )),
        }
    }

    /// Returns the password, asking for it where necessary. `username` is shown; `removed` are the game's variables,
    /// which a command does not see.
    ///
    /// # Errors
    /// When a command fails, or nobody answers.
    pub(crate) async fn get(
        &self,
        context: &Context,
        removed: &[&str],
        username: &str,
    ) -> Result<Secret, Failure> {
        let terminal = &context.terminal;
        match self {
            Self::Known(secret) | Self::Stored(secret) | Self::Token(secret) => Ok(secret.clone()),
            Self::Command(command, option) => {
                let option = format!("{option} for {}", clean(username));
                let password = shell::first_line(command, &option, removed, true).await?;
                terminal.redactor().add(&password);
                Ok(password)
            }
            Self::Input => match terminal.secret_line("Password: ", false).await {
                Ok(password) if !password.is_empty() => Ok(password),
                Ok(_) => Err(input_needed(
                    "a password",
                    "the first line of standard input is empty; it has to be the password",
                )),
                Err(why) => Err(why.failure("a password", "standard input", OPTIONS)),
            },
            Self::Prompt => {
                let prompt = format!("Password for {}: ", clean(username));
                let answer = terminal.ask_hidden(&prompt, false).await;
                answer.map_err(|why| why.failure("a password", "input at the terminal", OPTIONS))
            }
        }
    }
}
