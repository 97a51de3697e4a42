//! Standard input, output and error: prompts, progress, events, results. No other module reads or writes them.
//!
//! Results go to standard output, messages and progress to standard error. When the reader of standard output is gone,
//! that is no error: the program runs on without printing.

#[cfg(windows)]
mod console_line;
mod drawing;
pub mod echo;
pub mod event;
mod input;
#[cfg(unix)]
mod line_editor;
mod output_pipe;
mod progress;
mod prompt;
mod prompter;
pub(crate) mod results;
mod sentences;
pub mod table;
mod watching;
pub(crate) mod wrap;

use std::cell::OnceCell;
use std::fmt::Arguments;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;

use crate::base::failure::{Failure, Reason};
use crate::base::redactor::Redactor;
use crate::base::sanitize::{escaped, plain};
use crate::terminal::event::Event;
#[cfg(windows)]
use console_line::write_around;
use drawing::Drawing;
pub use input::InputError;
#[cfg(unix)]
use line_editor::write_around;
use progress::ProgressLine;
pub use prompter::PromptChoice;
use prompter::Prompter;
use wrap::wrap;

/// The options of the terminal, which every command takes.
#[derive(Debug, Clone, Default)]
pub struct TerminalOptions {
    /// The stream for events as JSON, which replace messages.
    pub json: Option<Stream>,
    /// Print no messages and no progress.
    pub quiet: bool,
    /// 1: print details; 2: print also requests and answers, with secrets masked.
    pub verbosity: u8,
    /// Never prompt.
    pub no_input: bool,
    /// Who asks.
    pub prompt: PromptChoice,
    /// Whether an error is shown in a window where the terminal is replaced by windows, even if nothing was asked.
    pub shows_errors: bool,
    /// When to use colours.
    pub colour: Colour,
}

/// An output stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Whether to use colours on a stream; `is_terminal` is whether it is a terminal.
    fn is_wanted(self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                is_terminal
                    && set("NO_COLOR").is_none()
                    && set("TERM").is_none_or(|kind| kind != "dumb")
            }
        }
    }
}

/// Whether the terminal does not support escape sequences.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|kind| kind == "dumb")
}

/// The terminal, or the files and pipes that replace it.
#[derive(Debug)]
pub struct Terminal {
    options: TerminalOptions,
    coloured: bool,
    prompter: OnceCell<Prompter>,
    progress: ProgressLine,
    drawing: Drawing,
    redactor: Rc<Redactor>,
}

impl Terminal {
    /// Creates a terminal with these options.
    pub fn new(options: TerminalOptions) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let coloured = options.colour.is_wanted(is_terminal);
        let redraws = is_terminal && !is_dumb() && !options.quiet && options.json.is_none();
        let progress = ProgressLine::new(redraws);
        Self {
            options,
            coloured,
            prompter: OnceCell::new(),
            progress,
            drawing: Drawing::default(),
            redactor: Rc::default(),
        }
    }

    /// Whether the user can be prompted: `--no-input` is absent, and a program can ask, or standard input and standard error are
    /// terminals.
    pub fn can_ask(&self) -> bool {
        let is_terminal = || io::stdin().is_terminal() && io::stderr().is_terminal();
        let has_programs = self.prompter().has_programs();
        !self.options.no_input && has_programs.unwrap_or_else(is_terminal)
    }

    /// Refuses a program that is to ask and is not installed.
    ///
    /// # Errors
    /// [`Reason::Usage`].
    pub fn check_prompts(&self) -> Result<(), Failure> {
        self.prompter().check()
    }

    /// Whether the user sees windows and notifications only.
    pub fn is_replaced_by_windows(&self) -> bool {
        self.prompter().replaces_terminal()
    }

    /// Shows an error in a window where that is all the user sees, once per run.
    pub(crate) fn show_in_window(&self, failure: &Failure) {
        let is_wanted = self.options.shows_errors;
        self.prompter().show_error(failure, is_wanted);
    }

    fn prompter(&self) -> &Prompter {
        let TerminalOptions {
            prompt, no_input, ..
        } = &self.options;
        self.prompter
            .get_or_init(|| Prompter::new(prompt, *no_input))
    }

    /// Returns the secrets of this run, which are masked in what servers say.
    pub fn redactor(&self) -> &Rc<Redactor> {
        &self.redactor
    }

    /// Whether standard input is a terminal.
    pub fn reads_from_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }

    /// Whether progress is redrawn in place, so that frequent events fill no log.
    pub fn redraws(&self) -> bool {
        self.progress.is_drawn()
    }

    /// Whether details are printed.
    pub fn is_verbose(&self) -> bool {
        self.options.verbosity > 0
    }

    /// Returns the stream for events as JSON.
    pub fn json(&self) -> Option<Stream> {
        self.options.json
    }

    /// Prints an event that is the result of the command to standard output, as JSON or as a sentence.
    ///
    /// # Errors
    /// When standard output cannot be written. A broken pipe is no error.
    pub fn event_as_result(&self, event: &Event) -> Result<(), Failure> {
        let text = match self.options.json {
            Some(_) => event.json(),
            None => event.sentence().unwrap_or_default(),
        };
        self.result(format!("{text}\n").as_bytes())
    }

    /// Prints an event, as JSON or as a sentence.
    pub fn event(&self, event: &Event) {
        if let Some(stream) = self.options.json {
            write(stream, format_args!("{}\n", event.json()));
            if !(event.is_question() && self.can_ask()) {
                return;
            }
        }
        let sentence = event.sentence();
        if event.is_question() {
            let subject = sentence.clone().unwrap_or_else(|| event.heading());
            self.prompter().set_subject(subject);
        }
        let Some(sentence) = sentence else {
            return;
        };
        if event.is_question() && self.can_ask() {
            self.write_wrapped(&format!("{sentence}\n"));
        } else if event.is_progress() {
            self.show_progress(sentence);
        } else {
            self.say(format_args!("{sentence}"));
        }
    }

    /// Shows progress: redrawn in place on a terminal, a line for each change elsewhere.
    fn show_progress(&self, sentence: String) {
        if let Some(line) = self.progress.show(sentence)
            && !self.options.quiet
        {
            write(Stream::Error, format_args!("{line}\n"));
        }
    }

    /// Prints a message that belongs to a prompt, even with `--quiet` and `--json`.
    pub fn say_always(&self, sentence: &str) {
        self.prompter().add_note(sentence);
        self.write_wrapped(&format!("{sentence}\n"));
    }

    /// Writes to standard error. The next result is then drawn below this text.
    fn write_error(&self, text: Arguments<'_>) {
        self.progress.clear();
        if io::stderr().is_terminal() {
            self.drawing.reset();
        }
        write(Stream::Error, text);
    }

    /// Prints a message, unless `--quiet` or `--json` is given.
    pub fn say(&self, sentence: Arguments<'_>) {
        self.progress.clear();
        if !self.options.quiet && self.options.json.is_none() {
            let sentence = escape_lines(&sentence.to_string());
            self.write_wrapped(&format!("{sentence}\n"));
        }
    }

    /// Prints a detail with `-v` (level 1) or `-vv` (level 2).
    pub fn detail(&self, level: u8, detail: impl FnOnce() -> String) {
        if self.options.verbosity >= level {
            let (dim, plain) = self.colours("\u{1b}[2m");
            let detail = escape_lines(&detail());
            self.write_error(format_args!("{dim}{detail}{plain}\n"));
        }
    }

    /// Prints a warning.
    pub fn warn(&self, sentence: &str) {
        let (yellow, plain) = self.colours("\u{1b}[1;33m");
        let sentence = escape_lines(sentence);
        self.write_wrapped(&format!("{yellow}warning:{plain} {sentence}\n"));
    }

    /// Prints an error: its message and its hint.
    pub fn failure(&self, failure: &Failure) {
        let (red, normal) = self.colours("\u{1b}[1;31m");
        let (cyan, _) = self.colours("\u{1b}[1;36m");
        let [message, hint] = [&failure.message, &failure.hint].map(|words| plain(words));
        self.write_wrapped(&format!(
            "{red}error:{normal} {message}\n{cyan}hint:{normal} {hint}\n"
        ));
    }

    /// Prints help or a message of clap to standard error.
    pub fn help(&self, plain: &str, coloured: &str) {
        self.write_wrapped(if self.coloured { coloured } else { plain });
    }

    /// Writes to standard error, broken between words when it is a terminal.
    fn write_wrapped(&self, text: &str) {
        self.write_error(format_args!("{}", wrapped_for_errors(text)));
    }

    /// Whether to use colours in results.
    pub fn colours_output(&self) -> bool {
        self.options.colour.is_wanted(io::stdout().is_terminal())
    }

    /// Prints a result with a note below it. On a terminal, they replace those of the previous call. No line may be wider than
    /// [`Self::output_width`]. Returns whether standard output still has a reader.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn draw(&self, text: &str, note: &str) -> Result<bool, Failure> {
        let size = console::Term::stdout().size_checked();
        let size = size.filter(|_| !is_dumb());
        let size = size.map(|(rows, columns)| (usize::from(rows), usize::from(columns)));
        self.show(self.drawing.redraw(text, note, size).as_bytes())
    }

    /// Returns the width of standard output in columns, if it is a terminal.
    pub fn output_width(&self) -> Option<usize> {
        let (_, columns) = console::Term::stdout().size_checked()?;
        (columns > 0).then(|| usize::from(columns))
    }

    /// Prints the result of the command.
    ///
    /// # Errors
    /// When standard output cannot be written. A broken pipe is no error.
    pub fn result(&self, text: &[u8]) -> Result<(), Failure> {
        self.show(text).map(drop)
    }

    /// Prints a result, and returns whether standard output still has a reader.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn show(&self, text: &[u8]) -> Result<bool, Failure> {
        self.progress.clear();
        match write_around(|| write_output(text)) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Failure::new(
                Reason::Io,
                format!("standard output cannot be written ({error})"),
                "check the disk or the program that reads it",
            )),
            Ok(()) => Ok(true),
        }
    }

    /// Waits until standard output has no reader; for ever where the system does not report that.
    pub async fn output_closed(&self) {
        output_pipe::closed().await;
    }

    /// Rings the bell, if standard error is a terminal.
    pub fn ring(&self) {
        if io::stderr().is_terminal() {
            write(Stream::Error, format_args!("\u{7}"));
        }
    }

    /// Removes the progress line, before the game writes to the same terminal.
    pub fn clear(&self) {
        self.progress.clear();
    }

    fn colours(&self, colour: &'static str) -> (&'static str, &'static str) {
        if self.coloured {
            (colour, "\u{1b}[0m")
        } else {
            ("", "")
        }
    }
}

/// Escapes everything in a text that a terminal would act on, except line ends: a path may contain it.
fn escape_lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(escaped).collect();
    lines.join("\n")
}

/// Returns whether a stream is a terminal.
pub(crate) fn is_terminal(stream: Stream) -> bool {
    match stream {
        Stream::Output => io::stdout().is_terminal(),
        Stream::Error => io::stderr().is_terminal(),
    }
}

/// Breaks a text for standard error between words, when that is a terminal.
fn wrapped_for_errors(text: &str) -> String {
    let size = console::Term::stderr().size_checked();
    wrap(text, size.map(|(_, columns)| usize::from(columns)))
}

/// Writes a line of a game's output to the terminal, with a label before it and above an open prompt.
pub(crate) fn write_labelled(stream: Stream, label: &str, line: &[u8]) {
    // The line with progress, if there is one, is drawn again soon.
    let start = if is_dumb() { "" } else { "\r\u{1b}[K" };
    let end = if line.ends_with(b"\n") { "" } else { "\n" };
    let label = format!("{start}[{label}] ");
    let text = [label.as_bytes(), line, end.as_bytes()].concat();
    // A failure is ignored, since there is no place to report it.
    let _ = write_around(|| match stream {
        Stream::Output => write_output(&text),
        Stream::Error => io::stderr().lock().write_all(&text),
    });
}

/// Restores the terminal before Ctrl-Z stops the program.
pub fn suspend() {
    #[cfg(unix)]
    line_editor::forget_place();
    echo::suspend();
}

/// Goes on where the program was stopped: an open prompt is drawn again.
pub fn resume() {
    echo::resume();
    #[cfg(unix)]
    line_editor::draw_again();
}

/// Writes a text at once, above an open prompt. A failure is ignored, since there is no place to report it.
fn write(stream: Stream, text: Arguments<'_>) {
    let text = text.to_string();
    let _ = write_around(|| match stream {
        Stream::Output => write_output(text.as_bytes()),
        Stream::Error => io::stderr().lock().write_all(text.as_bytes()),
    });
}

fn write_output(text: &[u8]) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text).and_then(|()| output.flush())
}
