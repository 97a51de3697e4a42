//! Where two-factor codes come from: the first from an option or the environment, further ones from standard input or
//! a person. Never the same one twice, never in a loop.

use super::Context;
use super::password::not_plain;
use super::report::FRESH_CODE;
use crate::cli::game::Answers;
use crate::exit::{Failure, Reason};
use crate::game::Game;
use crate::launch::shell;
use crate::login::Question;
use crate::secret::Secret;
use crate::terminal::{NoAnswer, Terminal};

/// How else a code can be given.
const OPTIONS: &str =
    "give one with --code CODE, --code-command CMD or PLAYCOOKIE_CODE, or run it in a terminal";

/// The answers that are left.
#[derive(Debug)]
pub(super) struct Codes {
    first: Option<First>,
    /// Whether the lines after the password answer, and nobody can be asked.
    lines: bool,
}

#[derive(Debug)]
enum First {
    Given(Secret),
    Command(String),
}

impl Codes {
    /// All answers, before the first question.
    pub(super) fn of(context: &Context, answers: &Answers) -> Result<Self, Failure> {
        let command = answers.code_command.clone().map(First::Command);
        let given = answers
            .code
            .clone()
            .filter(|code| !code.reveal().trim().is_empty());
        let given = given.map(First::Given);
        let known = || context.environment.code.clone().map(First::Given);
        let first = command.or(given).or_else(known);
        if let Some(First::Given(code)) = &first
            && code.has_control_characters()
        {
            return Err(not_plain("the code"));
        }
        let lines = answers.password_stdin && !context.terminal.reads_from_terminal();
        Ok(Self { first, lines })
    }

    /// The answer to one question.
    pub(super) async fn answer(
        &mut self,
        question: &Question,
        terminal: &Terminal,
        game: &Game,
    ) -> Result<Secret, Failure> {
        let code = match self.first.take() {
            Some(First::Given(code)) => code,
            Some(First::Command(command)) => {
                shell::first_line(&command, "--code-command", game.variables, !self.lines).await?
            }
            None => self
                .ask(terminal)
                .await
                .map_err(|why| refused_or_missing(why, question, game, terminal.can_ask()))?,
        };
        let code = Secret::new(code.reveal().trim());
        if code.is_empty() {
            return Err(refused_or_missing(NoAnswer::End, question, game, false));
        }
        Ok(code)
    }

    async fn ask(&self, terminal: &Terminal) -> Result<Secret, NoAnswer> {
        if self.lines {
            let line = terminal.line().await?;
            return if line.reveal().trim().is_empty() {
                Err(NoAnswer::End)
            } else {
                Ok(line)
            };
        }
        if terminal.can_ask() {
            terminal.ask_hidden("Code: ", true).await
        } else {
            Err(NoAnswer::End)
        }
    }
}

/// Nobody can be asked: either a code was refused, or there never was one.
fn refused_or_missing(why: NoAnswer, question: &Question, game: &Game, person: bool) -> Failure {
    if why != NoAnswer::End {
        return why.failure("a code", "standard input", OPTIONS);
    }
    let said = question
        .words
        .get()
        .map(|words| format!(": \"{words}\""))
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
            FRESH_CODE,
        );
    }
    Failure::new(
        Reason::InputNeeded,
        format!("{} wants a code, and {nobody}{said}", game.name),
        OPTIONS,
    )
}
