//! The only door to standard input, output and error: prompts, progress, events, results.
//!
//! Results go to standard output, talk and progress to standard error. A reader who went away is not an error: what
//! runs goes on without printing.

mod drawing;
pub mod echo;
pub mod event;
mod input;
mod progress;
mod prompt;
mod reader;
pub(crate) mod results;
pub mod table;

use std::fmt::Arguments;
use std::io::{self, IsTerminal, Write};

use crate::base::failure::Failure;
use crate::base::sanitize::plain;
use crate::terminal::event::Event;
use drawing::Drawing;
use progress::Progress;
pub use prompt::NoAnswer;

/// How the program talks, from the options that every command takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct TerminalOptions {
    /// Events as JSON, on this stream, in place of talk.
    pub json: Option<Stream>,
    /// No talk and no progress.
    pub quiet: bool,
    /// 1: what is done; 2: requests and answers, masked.
    pub verbosity: u8,
    /// Never ask.
    pub no_input: bool,
    /// When to colour.
    pub colour: Colour,
}

/// One of the two streams that are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// When to colour what people read.
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
    /// Whether to colour a stream, knowing whether it is a terminal.
    fn is_wanted(self, screen: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                screen && set("NO_COLOR").is_none() && set("TERM").is_none_or(|kind| kind != "dumb")
            }
        }
    }
}

/// Whether the terminal knows no escape sequences.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|kind| kind == "dumb")
}

/// The player's terminal, or whatever stands in its place.
#[derive(Debug)]
pub struct Terminal {
    manner: TerminalOptions,
    coloured: bool,
    progress: Progress,
    drawing: Drawing,
}

impl Terminal {
    /// A terminal that talks in this manner.
    pub fn new(manner: TerminalOptions) -> Self {
        let screen = io::stderr().is_terminal();
        let coloured = manner.colour.is_wanted(screen);
        let redraws = screen && !is_dumb() && !manner.quiet && manner.json.is_none();
        let progress = Progress::new(redraws);
        Self {
            manner,
            coloured,
            progress,
            drawing: Drawing::default(),
        }
    }

    /// Whether the player can be asked: standard input and standard error are terminals, and `--no-input` is absent.
    pub fn can_ask(&self) -> bool {
        !self.manner.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether standard input is a terminal rather than a file or a pipe.
    pub fn reads_from_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }

    /// Whether progress is redrawn in place, so that it may be told as often as one likes.
    pub fn redraws(&self) -> bool {
        self.progress.is_drawn()
    }

    /// Where events go as JSON, if they do.
    pub fn json(&self) -> Option<Stream> {
        self.manner.json
    }

    /// Shows an event that was asked for: as JSON, or as a sentence, on standard output.
    ///
    /// # Errors
    /// When it cannot be written; a reader who went away is no error.
    pub fn event_as_result(&self, event: &Event) -> io::Result<()> {
        let text = match self.manner.json {
            Some(_) => event.json(),
            None => event.sentence().unwrap_or_default(),
        };
        self.result(format!("{text}\n").as_bytes())
    }

    /// Shows an event: as JSON, or as a sentence.
    pub fn event(&self, event: &Event) {
        if let Some(stream) = self.manner.json {
            write(stream, format_args!("{}\n", event.json()));
            if !(event.is_question() && self.can_ask()) {
                return;
            }
        }
        let Some(sentence) = event.sentence() else {
            return;
        };
        if event.is_question() && self.can_ask() {
            self.tell(&sentence);
        } else if event.is_progress() {
            self.step(sentence);
        } else {
            self.say(format_args!("{sentence}"));
        }
    }

    /// Progress: redrawn in place on a terminal, a line per change elsewhere.
    fn step(&self, sentence: String) {
        if let Some(line) = self.progress.show(sentence)
            && !self.manner.quiet
        {
            write(Stream::Error, format_args!("{line}\n"));
        }
    }

    /// What a person who is asked has to know, however quiet the program is.
    pub fn tell(&self, sentence: &str) {
        self.talk(format_args!("{sentence}\n"));
    }

    /// Writes to standard error, below what was drawn.
    fn talk(&self, text: Arguments<'_>) {
        self.progress.clear();
        if io::stderr().is_terminal() {
            self.drawing.forget();
        }
        write(Stream::Error, text);
    }

    /// Talk.
    pub fn say(&self, sentence: Arguments<'_>) {
        self.progress.clear();
        if !self.manner.quiet && self.manner.json.is_none() {
            self.talk(format_args!("{sentence}\n"));
        }
    }

    /// Details, for `-v` (level 1) and `-vv` (level 2).
    pub fn detail(&self, level: u8, detail: impl FnOnce() -> String) {
        if self.manner.verbosity >= level {
            let (dim, plain) = self.colours("\u{1b}[2m");
            self.talk(format_args!("{dim}{}{plain}\n", detail()));
        }
    }

    /// Something that should be known and is no failure.
    pub fn warn(&self, sentence: &str) {
        let (yellow, plain) = self.colours("\u{1b}[1;33m");
        self.talk(format_args!("{yellow}warning:{plain} {sentence}\n"));
    }

    /// The one error: its sentence and its hint.
    pub fn failure(&self, failure: &Failure) {
        let (red, normal) = self.colours("\u{1b}[1;31m");
        let (cyan, _) = self.colours("\u{1b}[1;36m");
        let [message, hint] = [&failure.message, &failure.hint].map(|words| plain(words));
        self.talk(format_args!(
            "{red}error:{normal} {message}\n{cyan}hint:{normal} {hint}\n"
        ));
    }

    /// Help that was not asked for but is the best answer.
    pub fn help(&self, plain: &str, coloured: &str) {
        let text = if self.coloured { coloured } else { plain };
        write(Stream::Error, format_args!("{text}"));
    }

    /// Whether results may be coloured.
    pub fn colours_output(&self) -> bool {
        self.manner.colour.is_wanted(io::stdout().is_terminal())
    }

    /// Shows a result, with a note below it, in place of the last that was shown so, where results go to a terminal; below
    /// it elsewhere. Both are no wider than [`Self::output_width`]. Gives whether there still is a reader.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn draw(&self, text: &str, note: &str) -> io::Result<bool> {
        let size = console::Term::stdout().size_checked();
        let size = size.filter(|_| !is_dumb());
        let size = size.map(|(rows, columns)| (usize::from(rows), usize::from(columns)));
        self.show(self.drawing.over(text, note, size).as_bytes())
    }

    /// How many columns results have, where they go to a terminal.
    pub fn output_width(&self) -> Option<usize> {
        let (_, columns) = console::Term::stdout().size_checked()?;
        (columns > 0).then(|| usize::from(columns))
    }

    /// The result that was asked for.
    ///
    /// # Errors
    /// When it cannot be written; a reader who went away is no error.
    pub fn result(&self, text: &[u8]) -> io::Result<()> {
        self.show(text).map(drop)
    }

    /// The same; gives whether there still is a reader.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn show(&self, text: &[u8]) -> io::Result<bool> {
        self.progress.clear();
        let mut output = io::stdout().lock();
        match output.write_all(text).and_then(|()| output.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            outcome => outcome.map(|()| true),
        }
    }

    /// Comes back once nobody reads results any more, as far as the system tells; else never.
    pub async fn reader_gone(&self) {
        reader::gone().await;
    }

    /// Rings the bell of standard error, where that is a terminal.
    pub fn ring(&self) {
        if io::stderr().is_terminal() {
            write(Stream::Error, format_args!("\u{7}"));
        }
    }

    /// Takes the progress line away, before the game draws on the same screen.
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

/// Writes, whole and at once. There is nobody left to tell when that fails.
fn write(stream: Stream, text: Arguments<'_>) {
    let text = text.to_string();
    let _ = match stream {
        Stream::Output => {
            let mut output = io::stdout().lock();
            output
                .write_all(text.as_bytes())
                .and_then(|()| output.flush())
        }
        Stream::Error => io::stderr().lock().write_all(text.as_bytes()),
    };
}
