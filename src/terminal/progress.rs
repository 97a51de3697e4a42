//! A progress line, redrawn in place on a terminal.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console::Term;

use super::wrap::fitted;

use super::echo;

/// How long each frame of the spinner is shown.
const FRAME_TIME: Duration = Duration::from_millis(120);
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// The progress line of a terminal. Without a terminal, it remembers the last sentence, to print only changes.
#[derive(Debug)]
pub(super) struct ProgressLine {
    is_drawn: bool,
    shared: Arc<Spinner>,
}

#[derive(Debug, Default)]
struct Spinner {
    line: Mutex<LineState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct LineState {
    /// The sentence on the screen.
    sentence: Option<String>,
    /// The last sentence that was printed without a terminal.
    last: String,
    /// Whether a thread redraws the spinner.
    spinning: bool,
}

impl ProgressLine {
    /// Creates a line; `is_drawn` is whether it is redrawn in place.
    pub(super) fn new(is_drawn: bool) -> Self {
        Self {
            is_drawn,
            shared: Arc::default(),
        }
    }

    /// Draws the sentence. Without a terminal, returns it to be printed if it differs from the last one.
    pub(super) fn show(&self, sentence: String) -> Option<String> {
        let mut line = self.shared.lock();
        if !self.is_drawn {
            let changed = line.last != sentence;
            line.last.clone_from(&sentence);
            return changed.then_some(sentence);
        }
        // Keys would be echoed into the line.
        echo::hide_during_progress();
        line.sentence = Some(sentence);
        if !line.spinning {
            let shared = Arc::clone(&self.shared);
            // If the thread cannot be started, only the progress line is missing.
            line.spinning = std::thread::Builder::new()
                .spawn(move || shared.spin())
                .is_ok();
        }
        self.shared.changed.notify_all();
        None
    }

    /// Whether it is redrawn in place.
    pub(super) const fn is_drawn(&self) -> bool {
        self.is_drawn
    }

    /// Removes the line from the screen.
    pub(super) fn clear(&self) {
        let mut line = self.shared.lock();
        // After other output, the same sentence is printed again.
        line.last.clear();
        if line.sentence.take().is_some() {
            let _ = Term::stderr().clear_line();
            echo::restore();
            self.shared.changed.notify_all();
        }
    }
}

impl Spinner {
    fn lock(&self) -> MutexGuard<'_, LineState> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Redraws the line until it is removed.
    fn spin(&self) {
        let mut line = self.lock();
        for frame in FRAMES.iter().cycle() {
            let Some(sentence) = &line.sentence else {
                break;
            };
            draw(&Term::stderr(), frame, sentence);
            let waited = self.changed.wait_timeout(line, FRAME_TIME);
            line = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        line.spinning = false;
    }
}

/// Draws a frame, and leaves room for the ^C that a terminal echoes, which would wrap otherwise.
fn draw(screen: &Term, frame: &str, sentence: &str) {
    const ROOM: usize = 4;
    let width = usize::from(screen.size().1).saturating_sub(ROOM).max(1);
    let text = format!(
        "{frame} {}",
        fitted(sentence, width.saturating_sub(2).max(1))
    );
    // A failure is ignored, since progress is not important.
    let _ = screen.clear_line().and_then(|()| screen.write_str(&text));
}
