//! Who is asked for a missing value: the terminal, or a program that opens a window.

use std::cell::{Cell, RefCell};
use std::env::var_os;
use std::ffi::OsString;
use std::io::{self, IsTerminal};

use super::echo;
use super::input::{InputError, Visibility};
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::launch::desktop::{PROMPT_PROGRAMS, is_game_mode, is_set};
use crate::launch::prompt_program::{PromptError, PromptProgram};

/// The variable that names a program to ask with.
const ASKPASS: &str = "PLAYCOOKIE_ASKPASS";
/// The title of every window.
const TITLE: &str = "playcookie";
/// The end of a prompt for yes or no, which a window with two buttons does not need.
const YES_OR_NO: &str = "[y/N]";

/// Who the user wants to be asked by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PromptChoice {
    /// The program in `PLAYCOOKIE_ASKPASS`, else the terminal, else windows.
    #[default]
    Auto,
    /// The terminal.
    Terminal,
    /// Windows.
    Windows,
    /// A program.
    Program(String),
}

/// Who is asked.
#[derive(Debug)]
pub(super) struct Prompter {
    /// The programs that may ask, the best one first; none when the terminal does.
    programs: Option<RefCell<Vec<PromptProgram>>>,
    /// The name of the program that the user chose, and which is not installed.
    missing: Option<OsString>,
    /// What the next question is about, in the words of the server or the name of the game.
    subject: RefCell<String>,
    /// What was said since the last question and belongs to the next one.
    notes: RefCell<Vec<String>>,
    /// Whether a program was asked.
    has_asked: Cell<bool>,
    /// Whether an error was shown in a window.
    has_shown_error: Cell<bool>,
}

impl Prompter {
    /// Returns who is asked; the terminal where nobody may be.
    pub(super) fn new(choice: &PromptChoice, no_input: bool) -> Self {
        let askpass = || var_os(ASKPASS).filter(|program| !program.is_empty());
        let named = match choice {
            PromptChoice::Program(program) => Some(program.into()),
            PromptChoice::Auto => askpass(),
            PromptChoice::Terminal | PromptChoice::Windows => None,
        };
        let (input, error) = (io::stdin().is_terminal(), io::stderr().is_terminal());
        let uses_windows = match choice {
            PromptChoice::Windows => true,
            PromptChoice::Auto => !input && !error,
            PromptChoice::Terminal | PromptChoice::Program(_) => false,
        };
        let (mut programs, mut missing) = (None, None);
        if let Some(name) = named.filter(|_| !no_input) {
            let program = PromptProgram::named(name.clone(), terminal_name()).ok();
            missing = program.is_none().then_some(name);
            programs = Some(program.into_iter().collect());
        } else if uses_windows && !no_input {
            programs = Some(window_programs());
        }
        Self {
            programs: programs.map(RefCell::new),
            missing,
            subject: RefCell::default(),
            notes: RefCell::default(),
            has_asked: Cell::default(),
            has_shown_error: Cell::default(),
        }
    }

    /// Refuses a chosen program that is not installed.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Some(missing) = &self.missing else {
            return Ok(());
        };
        Err(Failure::usage(
            format!(
                "the program \"{}\" that is to ask is not installed",
                missing.display()
            ),
            format!("name another with --prompt PROGRAM or {ASKPASS}, or use --prompt terminal"),
        ))
    }

    /// Returns whether a program can be asked; none when the terminal is.
    pub(super) fn has_programs(&self) -> Option<bool> {
        let programs = self.programs.as_ref()?;
        Some(!programs.borrow().is_empty())
    }

    /// Whether questions are asked in windows, and nothing else of this program is seen.
    pub(super) fn replaces_terminal(&self) -> bool {
        self.window_program().is_some() && !io::stderr().is_terminal()
    }

    /// Remembers what the next question is about.
    pub(super) fn set_subject(&self, subject: String) {
        *self.subject.borrow_mut() = subject;
    }

    /// Remembers a sentence that belongs to the next question.
    pub(super) fn add_note(&self, sentence: &str) {
        if self.programs.is_some() {
            self.notes.borrow_mut().push(sentence.to_owned());
        }
    }

    /// Asks for one line.
    pub(super) async fn ask(
        &self,
        prompt: &str,
        visibility: Visibility,
    ) -> Result<Secret, InputError> {
        let is_hidden = visibility != Visibility::Open;
        let text = self.text(prompt.trim_end());
        while let Some(program) = self.program(is_hidden) {
            let _modes = TerminalModes::keep(&program);
            match program.ask(TITLE, &text, is_hidden).await {
                Err(PromptError::Unusable) => self.remove(&program),
                Err(PromptError::Refused) => {
                    // The user knows already.
                    self.has_shown_error.set(true);
                    return Err(InputError::Refused);
                }
                answer => return Ok(answer?),
            }
        }
        Err(InputError::NoProgram)
    }

    /// Asks for yes or no. Returns none when there is no answer.
    pub(super) async fn confirm(&self, prompt: &str) -> Option<bool> {
        let text = self.text(prompt.trim_end());
        let question = text.strip_suffix(YES_OR_NO).unwrap_or(&text).trim_end();
        while let Some(program) = self.program(false) {
            let _modes = TerminalModes::keep(&program);
            let answer = if program.confirms() {
                program.confirm(TITLE, question).await
            } else {
                let answer = program.ask(TITLE, &text, false).await;
                answer.map(|answer| is_yes(answer.reveal()))
            };
            match answer {
                Err(PromptError::Unusable) => self.remove(&program),
                answer => return answer.ok(),
            }
        }
        None
    }

    /// Shows the first error in a window, in a run that was started to see something (`is_wanted`) or that asked.
    pub(super) fn show_error(&self, failure: &Failure, is_wanted: bool) {
        let is_wanted = is_wanted || self.has_asked.get();
        if !is_wanted || !self.replaces_terminal() || self.has_shown_error.replace(true) {
            return;
        }
        if let Some(program) = self.window_program() {
            let Failure { message, hint, .. } = failure;
            program.show_error(TITLE, &format!("{message}\n\nhint: {hint}"));
        }
    }

    /// Returns the text of a question: what belongs to it, and the prompt in the last line.
    fn text(&self, prompt: &str) -> String {
        self.has_asked.set(true);
        let mut lines = self.notes.take();
        lines.push(self.subject.take());
        lines.push(prompt.to_owned());
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// Returns the program to ask with. One that can show what is typed is preferred for what is not hidden.
    fn program(&self, is_hidden: bool) -> Option<PromptProgram> {
        let programs = self.programs.as_ref()?.borrow();
        let fits = |program: &&PromptProgram| is_hidden || program.shows_input();
        programs.iter().find(fits).or(programs.first()).cloned()
    }

    /// Returns the program that can show a message in a window. A pinentry is the last choice: it may have no windows.
    fn window_program(&self) -> Option<PromptProgram> {
        self.program(false).filter(PromptProgram::has_windows)
    }

    fn remove(&self, unusable: &PromptProgram) {
        if let Some(programs) = &self.programs {
            programs.borrow_mut().retain(|program| program != unusable);
        }
    }
}

/// Returns whether an answer means yes.
pub(super) fn is_yes(answer: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    answer == "y" || answer == "yes"
}

impl From<PromptError> for InputError {
    fn from(error: PromptError) -> Self {
        match error {
            PromptError::Refused => Self::Refused,
            PromptError::TooLong => Self::TooLong,
            PromptError::NotText => Self::NotText,
            PromptError::Unusable => Self::NoProgram,
        }
    }
}

/// Returns the installed programs that can ask in a window, where there is a display.
fn window_programs() -> Vec<PromptProgram> {
    let mut names: Vec<OsString> = Vec::new();
    if cfg!(target_os = "macos") {
        names.push("osascript".into());
    } else if cfg!(unix) && (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")) {
        names.extend(PROMPT_PROGRAMS.map(OsString::from));
        if is_game_mode() {
            // The keyboard on the screen types into kdialog only.
            names.sort_by_key(|name| name != "kdialog");
        }
        names.extend(var_os("SSH_ASKPASS").filter(|program| !program.is_empty()));
    }
    let programs = names.into_iter();
    programs
        .filter_map(|name| PromptProgram::named(name, None).ok())
        .collect()
}

/// Returns the name of the terminal that a chosen program may use.
fn terminal_name() -> Option<String> {
    #[cfg(unix)]
    {
        let name = rustix::termios::ttyname(io::stdin(), Vec::new());
        let name = name.or_else(|_| rustix::termios::ttyname(io::stderr(), Vec::new()));
        name.ok()?.into_string().ok()
    }
    #[cfg(not(unix))]
    None
}

/// Restores the modes of the terminal when it is dropped, since a program that asks there may be killed.
struct TerminalModes;

impl TerminalModes {
    fn keep(program: &PromptProgram) -> Option<Self> {
        program.uses_terminal().then(|| {
            echo::keep();
            Self
        })
    }
}

impl Drop for TerminalModes {
    fn drop(&mut self) {
        echo::restore();
    }
}
