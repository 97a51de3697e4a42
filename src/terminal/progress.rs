//! One line that tells how far things are, redrawn in place.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress line of a terminal; elsewhere only the memory of what was said last.
#[derive(Debug)]
pub(super) struct Progress {
    screen: bool,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    bar: Option<ProgressBar>,
    last: String,
}

impl Progress {
    /// A line that is drawn when `screen` is true.
    pub(super) const fn new(screen: bool) -> Self {
        Self {
            screen,
            line: Mutex::new(Line {
                bar: None,
                last: String::new(),
            }),
        }
    }

    /// Draws the sentence, or gives it back to be printed when it is not the last one again.
    pub(super) fn show(&self, sentence: String) -> Option<String> {
        let Ok(mut line) = self.line.lock() else {
            return None;
        };
        if self.screen {
            line.bar.get_or_insert_with(spinner).set_message(sentence);
            return None;
        }
        let changed = line.last != sentence;
        line.last.clone_from(&sentence);
        changed.then_some(sentence)
    }

    /// Takes the line off the screen.
    pub(super) fn clear(&self) {
        if let Ok(mut line) = self.line.lock()
            && let Some(bar) = line.bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // Not padded to the terminal's width: the ^C that a terminal echoes would start a line of its own.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
