//! Where two-factor codes come from: the first from an option, the environment, a stored secret or a command, further
//! ones from standard input or a prompt. No code is sent twice, and no source is asked in a loop.

use super::login_options::LoginOptions;
use super::target::LoginTarget;
use super::used_codes;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::failures::control_character;
use crate::failures::login::FRESH_CODE;
use crate::games::Game;
use crate::launch::shell;
use crate::protocol::Question;
use crate::state::StateDirectory;
use crate::terminal::event::{EventKind, Subject};
use crate::terminal::{InputError, Terminal};
use crate::totp::Totp;

/// What to do about a missing code.
const OPTIONS: &str =
    "give one with --code CODE, --code-command CMD or PLAYCOOKIE_CODE, or run it in a terminal";

/// What to do about a refused code that was made from a stored secret.
const CLOCK: &str = "check that this machine's clock is right, and that the stored two-factor secret is the account's: \
    `playcookie accounts edit NAME --totp-stdin` stores another";

/// What to do about a refused code that a command printed.
const COMMAND: &str = "check that the command prints the account's current code, and that this machine's clock is right";

/// The sources of codes that are left.
#[derive(Debug)]
pub(crate) struct CodeSource {
    first: Option<FirstCode>,
    /// Whether the lines after the password are codes, and nobody can be asked.
    reads_lines: bool,
    /// What to do when the last code is refused.
    refused_hint: &'static str,
}

/// Where the first code comes from.
#[derive(Debug)]
enum FirstCode {
    Given(Secret),
    /// A shell command, and the option that names it.
    Command(String, &'static str),
    /// Made from a stored two-factor secret, for the owner of this name.
    Totp(Totp, String),
}

impl CodeSource {
    /// Returns the source that was given for this run, by an option or in the environment.
    ///
    /// # Errors
    /// When a code holds a control character.
    pub(crate) fn given(context: &Context, options: &LoginOptions) -> Result<Self, Failure> {
        let command = options.code_command.clone();
        let command = command.map(|command| FirstCode::Command(command, "--code-command"));
        let typed = options.code.clone();
        let typed = typed.filter(|code| !code.reveal().trim().is_empty());
        let environment = context.environment.code.clone();
        let environment = environment.filter(|_| !options.is_one_of_several);
        let first = command.or_else(|| typed.or(environment).map(FirstCode::Given));
        if let Some(FirstCode::Given(code)) = &first
            && code.has_control_characters()
        {
            return Err(control_character("the code"));
        }
        Ok(Self {
            first,
            reads_lines: options.password_stdin && !context.terminal.reads_from_terminal(),
            refused_hint: FRESH_CODE,
        })
    }

    /// Returns whether the source of the first code is known.
    pub(crate) const fn has_first(&self) -> bool {
        self.first.is_some()
    }

    /// Makes the first code from a stored two-factor secret.
    ///
    /// # Errors
    /// When the secret is malformed.
    pub(crate) fn use_totp(
        &mut self,
        secret: &Secret,
        owner: &CredentialOwner,
    ) -> Result<(), Failure> {
        let totp = Totp::parse(secret).map_err(|error| {
            let username = clean(&owner.username);
            Failure::new(
                Reason::SecretStore,
                format!("the stored two-factor secret of {username} cannot be used: {error}"),
                "store it again with `playcookie accounts edit NAME --totp-stdin`",
            )
        })?;
        self.first = Some(FirstCode::Totp(totp, owner.to_string()));
        Ok(())
    }

    /// Takes the first code from the configured command, if there is one and nothing else is known.
    pub(crate) fn fall_back(&mut self, target: &LoginTarget) {
        let command = target.options.code_command.as_ref();
        if let Some(command) = command.filter(|command| !command.is_empty())
            && self.first.is_none()
        {
            self.first = Some(FirstCode::Command(command.clone(), "code-command"));
        }
    }

    /// Returns the answer to one request for a code.
    ///
    /// # Errors
    /// When there is none, or a command fails.
    pub(crate) async fn answer(
        &mut self,
        question: &Question,
        context: &Context,
        game: &Game,
        subject: &Subject,
    ) -> Result<Secret, Failure> {
        let terminal = &context.terminal;
        let code = match self.first.take() {
            Some(FirstCode::Given(code)) => code,
            Some(FirstCode::Command(command, option)) => {
                self.refused_hint = COMMAND;
                let option = format!("{option} for {}", subject.label());
                shell::first_line(&command, &option, game.variables, !self.reads_lines).await?
            }
            Some(FirstCode::Totp(totp, owner)) => {
                self.refused_hint = CLOCK;
                terminal.say_stored(subject, "two-factor code");
                next_code(&totp, &owner, &context.state, terminal, subject).await
            }
            None => self.ask(terminal).await.map_err(|why| match why {
                InputError::End => {
                    let has_asked = !self.reads_lines && terminal.can_ask();
                    self.no_code(question, game, terminal, has_asked)
                }
                why => why.failure("a code", "standard input", OPTIONS),
            })?,
        };
        let code = significant(&code);
        terminal.redactor().add(&code);
        if code.is_empty() {
            self.refused_hint = FRESH_CODE;
            return Err(self.no_code(question, game, terminal, false));
        }
        Ok(code)
    }

    async fn ask(&self, terminal: &Terminal) -> Result<Secret, InputError> {
        if self.reads_lines {
            let line = Some(terminal.secret_line("Code: ", true).await?);
            let line = line.filter(|line| !line.reveal().trim().is_empty());
            return line.ok_or(InputError::End);
        }
        if !terminal.can_ask() {
            return Err(InputError::End);
        }
        terminal.ask_hidden("Code: ", true).await
    }

    /// Returns the failure when a code was refused and there is no other, or when there is none at all.
    fn no_code(
        &self,
        question: &Question,
        game: &Game,
        terminal: &Terminal,
        has_asked: bool,
    ) -> Failure {
        let said = question.message.clause(terminal.redactor());
        let name = game.name;
        if question.again {
            return Failure::new(
                Reason::Code,
                format!("{name} refused the code, and there is no other{said}"),
                self.refused_hint,
            );
        }
        let cause = if has_asked {
            "none was typed"
        } else {
            "nobody can be asked"
        };
        Failure::new(
            Reason::InputNeeded,
            format!("{name} requires a code, and {cause}{said}"),
            OPTIONS,
        )
    }
}

/// Returns a code without the spaces and hyphens that people write between its digits.
fn significant(code: &Secret) -> Secret {
    let is_separator = |character: char| character.is_whitespace() || character == '-';
    Secret::new(code.reveal().replace(is_separator, ""))
}

/// Returns the code of the next time step that no process of this user has used, once it has begun.
async fn next_code(
    totp: &Totp,
    owner: &str,
    state: &StateDirectory,
    terminal: &Terminal,
    subject: &Subject,
) -> Secret {
    loop {
        let next = used_codes::next(state, owner, totp.period());
        if next.wait.is_zero() {
            return totp.code(next.step);
        }
        terminal.event(&subject.event(EventKind::Waiting {
            reason: Reason::Code.name(),
            retry_in: next.wait.as_secs_f64(),
            why: "the current one-time code is used already or about to expire".to_owned(),
            then: "making the next",
        }));
        // Another process may take the step meanwhile, so it is requested again.
        clock::sleep(next.wait).await;
    }
}
