//! Where two-factor codes come from: the first from an option, the environment, a kept secret or a command, further ones
//! from standard input or a person. Never the same one twice, never in a loop.

use super::failures::FRESH_CODE;
use super::password::not_plain;
use super::target::LoginTarget;
use super::used_codes;
use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::base::secret::Secret;
use crate::cli::options::CredentialOptions;
use crate::context::Context;
use crate::credentials::store;
use crate::games::Game;
use crate::launch::shell;
use crate::protocol::Question;
use crate::terminal::event::{EventKind, Subject};
use crate::terminal::{InputError, Terminal};
use crate::totp::Totp;

/// How else a code can be given.
const OPTIONS: &str =
    "give one with --code CODE, --code-command CMD or PLAYCOOKIE_CODE, or run it in a terminal";

/// What to do about a code that was made and refused.
const CLOCK: &str = "check that this machine's clock is right, and that the kept code secret is the account's: \
    `playcookie accounts edit NAME --totp-stdin` stores another";

/// The answers that are left.
#[derive(Debug)]
pub(crate) struct CodeSource {
    first: Option<First>,
    /// Whether the lines after the password answer, and nobody can be asked.
    lines: bool,
    /// Whether the last answer was made by a program, not typed.
    automatic: bool,
    /// Whether an answer was one that only a person has another of.
    is_spent: bool,
}

#[derive(Debug)]
enum First {
    Given(Secret),
    /// A shell command, and what it was given with.
    Command(String, &'static str),
    /// Made from a kept secret, for the owner of that name.
    Made(Totp, String),
}

impl CodeSource {
    /// What was given for this run: by an option, or in the environment where it `counts`.
    pub(crate) fn given(
        context: &Context,
        answers: &CredentialOptions,
        counts: bool,
    ) -> Result<Self, Failure> {
        let command = answers.code_command.clone();
        let command = command.map(|command| First::Command(command, "--code-command"));
        let given = answers
            .code
            .clone()
            .filter(|code| !code.reveal().trim().is_empty());
        let given = given.map(First::Given);
        let known = || {
            let code = context.environment.code.as_ref().filter(|_| counts);
            code.cloned().map(First::Given)
        };
        let first = command.or(given).or_else(known);
        if let Some(First::Given(code)) = &first
            && code.has_control_characters()
        {
            return Err(not_plain("the code"));
        }
        let lines = answers.password_stdin && !context.terminal.reads_from_terminal();
        Ok(Self {
            first,
            lines,
            automatic: false,
            is_spent: false,
        })
    }

    /// Whether the first answer is known.
    pub(crate) fn has_first(&self) -> bool {
        self.first.is_some()
    }

    /// Whether the same questions could be answered again with nobody there.
    pub(crate) const fn are_repeatable(&self) -> bool {
        !self.is_spent
    }

    /// The first answer is made from a secret that is kept.
    ///
    /// # Errors
    /// When what is kept is no such secret.
    pub(crate) fn make(
        &mut self,
        secret: &Secret,
        owner: &store::CredentialOwner,
    ) -> Result<(), Failure> {
        let totp = Totp::parse(secret).map_err(|flaw| {
            Failure::new(
                Reason::SecretStore,
                format!(
                    "what the secret store holds to make codes of {} from is of no use: {flaw}",
                    crate::base::sanitize::clean(&owner.username)
                ),
                "store it again with `playcookie accounts edit NAME --totp-stdin`",
            )
        })?;
        self.first = Some(First::Made(totp, owner.to_string()));
        Ok(())
    }

    /// The first answer comes from the configured command, if there is one.
    pub(crate) fn fall_back(&mut self, target: &LoginTarget) {
        let command = target.options.code_command.as_ref();
        if let Some(command) = command.filter(|command| !command.is_empty())
            && self.first.is_none()
        {
            self.first = Some(First::Command(command.clone(), "code-command"));
        }
    }

    /// The answer to one question.
    pub(crate) async fn answer(
        &mut self,
        question: &Question,
        terminal: &Terminal,
        game: &Game,
        subject: &Subject,
    ) -> Result<Secret, Failure> {
        let code = match self.first.take() {
            Some(First::Given(code)) => {
                self.is_spent = true;
                code
            }
            Some(First::Command(command, option)) => {
                self.automatic = true;
                shell::first_line(&command, option, game.variables, !self.lines).await?
            }
            Some(First::Made(totp, owner)) => {
                self.automatic = true;
                made(&totp, &owner, terminal, subject).await
            }
            None => {
                self.is_spent = true;
                self.ask(terminal).await.map_err(|why| {
                    refused_or_missing(why, question, game, terminal.can_ask(), self.automatic)
                })?
            }
        };
        let code = Secret::new(code.reveal().trim());
        if code.is_empty() {
            return Err(refused_or_missing(
                InputError::End,
                question,
                game,
                false,
                false,
            ));
        }
        Ok(code)
    }

    async fn ask(&self, terminal: &Terminal) -> Result<Secret, InputError> {
        if self.lines {
            let line = terminal.line().await?;
            return if line.reveal().trim().is_empty() {
                Err(InputError::End)
            } else {
                Ok(line)
            };
        }
        if terminal.can_ask() {
            terminal.ask_hidden("Code: ", true).await
        } else {
            Err(InputError::End)
        }
    }
}

/// The code of the next step that no program of this user has used, when it has begun.
async fn made(totp: &Totp, owner: &str, terminal: &Terminal, subject: &Subject) -> Secret {
    loop {
        let slot = used_codes::next(owner, totp.period());
        if slot.wait.is_zero() {
            return totp.code(slot.step);
        }
        terminal.event(&subject.event(EventKind::Waiting {
            reason: Reason::Code.name(),
            retry_in: slot.wait.as_secs_f64(),
            why: "the one-time code of the moment is used up or about to end".to_owned(),
            then: "making the next",
        }));
        // Whoever is first then has it.
        clock::sleep(slot.wait).await;
    }
}

/// Nobody can be asked: either a code was refused, or there never was one.
fn refused_or_missing(
    why: InputError,
    question: &Question,
    game: &Game,
    person: bool,
    automatic: bool,
) -> Failure {
    if why != InputError::End {
        return why.failure("a code", "standard input", OPTIONS);
    }
    let said = question
        .message
        .get()
        .map(|message| format!(": \"{message}\""))
        .unwrap_or_default();
    let nobody = if person {
        "none was typed"
    } else {
        "nobody can be asked"
    };
    if question.again {
        return Failure::new(
            Reason::Code,
            format!(
                "{} refused the code, and there is no other{said}",
                game.name
            ),
            if automatic { CLOCK } else { FRESH_CODE },
        );
    }
    Failure::new(
        Reason::InputNeeded,
        format!("{} wants a code, and {nobody}{said}", game.name),
        OPTIONS,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::GAME;
    use crate::protocol::{QuestionKind, ServerMessage};
    use crate::terminal::TerminalOptions;

    /// Answers once with `first`, and gives whether that could be done again with nobody there.
    fn are_repeatable_after(first: First) -> bool {
        let mut codes = CodeSource {
            first: Some(first),
            lines: false,
            automatic: false,
            is_spent: false,
        };
        assert!(codes.are_repeatable());
        let question = Question {
            kind: QuestionKind::Code,
            message: ServerMessage::default(),
            again: false,
        };
        let (terminal, subject) = (
            Terminal::new(TerminalOptions::default()),
            Subject::default(),
        );
        let answer = codes.answer(&question, &terminal, &GAME, &subject);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        let code = runtime.block_on(answer).expect("a code");
        assert_eq!(code.reveal(), "123456");
        codes.are_repeatable()
    }

    #[test]
    fn a_code_that_was_given_is_spent() {
        assert!(!are_repeatable_after(First::Given(Secret::new("123456"))));
    }

    #[cfg(unix)]
    #[test]
    fn a_code_that_a_command_makes_can_be_had_again() {
        let command = First::Command("echo 123456".to_owned(), "--code-command");
        assert!(are_repeatable_after(command));
    }
}
