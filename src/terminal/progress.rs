//! One line that tells how far things are, redrawn in place.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use console::{Term, measure_text_width, truncate_str};

/// How long each picture of the spinner stands.
const TICK: Duration = Duration::from_millis(120);
const PICTURES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// The progress line of a terminal; elsewhere only the memory of what was said last.
#[derive(Debug)]
pub(super) struct Progress {
    screen: bool,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    line: Mutex<Line>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Line {
    /// What is on the screen; nothing when the line was taken away.
    sentence: Option<String>,
    /// What was said last where nothing is redrawn.
    last: String,
    /// Whether a thread turns the spinner.
    spinning: bool,
}

impl Progress {
    /// A line that is drawn when `screen` is true.
    pub(super) fn new(screen: bool) -> Self {
        Self {
            screen,
            shared: Arc::default(),
        }
    }

    /// Draws the sentence, or gives it back to be printed when it is not the last one again.
    pub(super) fn show(&self, sentence: String) -> Option<String> {
        let mut line = self
            .shared
            .line
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !self.screen {
            let changed = line.last != sentence;
            line.last.clone_from(&sentence);
            return changed.then_some(sentence);
        }
        line.sentence = Some(sentence);
        if !line.spinning {
            let shared = Arc::clone(&self.shared);
            // Without a thread the line is not redrawn, and nothing else is lost.
            line.spinning = std::thread::Builder::new()
                .spawn(move || shared.spin())
                .is_ok();
        }
        self.shared.changed.notify_all();
        None
    }

    /// Whether it is redrawn in place.
    pub(super) const fn is_drawn(&self) -> bool {
        self.screen
    }

    /// Takes the line off the screen.
    pub(super) fn clear(&self) {
        let mut line = self
            .shared
            .line
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // After something else was said, the same place is news.
        line.last.clear();
        if line.sentence.take().is_some() {
            let _ = Term::stderr().clear_line();
            self.shared.changed.notify_all();
        }
    }
}

impl Shared {
    /// Draws the line again and again until it is taken away.
    fn spin(&self) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        for picture in PICTURES.iter().cycle() {
            let Some(sentence) = &line.sentence else {
                break;
            };
            draw(&Term::stderr(), picture, sentence);
            let waited = self.changed.wait_timeout(line, TICK);
            line = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        line.spinning = false;
    }
}

/// One picture. It leaves room for the ^C that a terminal echoes, which would start a line of its own.
fn draw(screen: &Term, picture: &str, sentence: &str) {
    const ROOM: usize = 4;
    let width = usize::from(screen.size().1).saturating_sub(ROOM).max(1);
    let text = format!("{picture} {sentence}");
    let text = if measure_text_width(&text) > width {
        truncate_str(&text, width, "…")
    } else {
        text.into()
    };
    // A terminal that went away is noticed by what matters more.
    let _ = screen.clear_line().and_then(|()| screen.write_str(&text));
}
