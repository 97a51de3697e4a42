//! The progress of an update, printed for people and as events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::clock;
use crate::base::quantity::ByteCount;
use crate::context::Context;
use crate::manifest::FileName;
use crate::terminal::event::{EventKind, Subject};
use crate::terminal::table::bar;
use crate::update::{FileEvent, Observer, UpdateMethod};

/// The least time between two redrawn lines.
const PRINT_INTERVAL: Duration = Duration::from_millis(200);
/// How many active files are named.
const MAX_NAMES: usize = 3;
/// The width of the bar, in columns.
const BAR_WIDTH: usize = 10;

/// Prints the progress of an update.
pub(crate) struct UpdateProgress<'a> {
    context: &'a Context,
    subject: &'a Subject,
    state: RefCell<ProgressState>,
}

/// The progress of an update.
#[derive(Debug, Default)]
struct ProgressState {
    files: usize,
    done_files: usize,
    /// The packed bytes of files that are done.
    done_bytes: u64,
    /// The packed bytes that were received.
    fetched: u64,
    /// The packed lengths of files that are done.
    done_length: u64,
    /// The files that are being fetched: packed length, and how many packed bytes of it are there.
    active: BTreeMap<String, (Option<u64>, u64)>,
    /// Whether the update ended by itself, with success or not.
    is_over: bool,
    started: Duration,
    last_printed: Option<Duration>,
}

impl ProgressState {
    /// Returns how many bytes there are to fetch in all, once the length of each file is known.
    fn bytes(&self) -> Option<u64> {
        let begun = self.done_files + self.active.len();
        let lengths = self.active.values().map(|(length, _)| *length);
        let lengths: Option<u64> = lengths.sum();
        let lengths = lengths.filter(|_| begun >= self.files)?;
        Some(lengths + self.done_length)
    }

    fn done_bytes(&self) -> u64 {
        let active = self.active.values().map(|(_, there)| there);
        self.done_bytes + active.sum::<u64>()
    }

    /// Returns packed bytes per second, averaged since the start.
    fn speed(&self, now: Duration) -> Option<u64> {
        let time = now.saturating_sub(self.started).as_millis();
        let speed = u128::from(self.fetched) * 1000 / time.max(1);
        (time > 0).then(|| u64::try_from(speed).unwrap_or(u64::MAX))
    }

    /// Returns a bar of the bytes that are there; of the files, until the number of bytes is known.
    fn bar(&self) -> String {
        let (done, all) = match self.bytes() {
            Some(bytes) => (self.done_bytes(), bytes),
            None => (self.done_files as u64, self.files as u64),
        };
        bar(done, all, BAR_WIDTH)
    }

    fn event(&self, now: Duration, is_redrawn: bool) -> EventKind {
        let speed = self.speed(now).filter(|speed| *speed > 0);
        let left = self.bytes().zip(speed).map(|(bytes, speed)| {
            Duration::from_secs(bytes.saturating_sub(self.done_bytes()) / speed)
        });
        EventKind::Update {
            files: self.files,
            bytes: self.bytes(),
            done_files: self.done_files,
            done_bytes: self.done_bytes(),
            speed,
            left,
            current: self.active.keys().take(MAX_NAMES).cloned().collect(),
            bar: is_redrawn.then(|| self.bar()),
        }
    }
}

impl<'a> UpdateProgress<'a> {
    /// Returns the progress of an update of this many files.
    pub(crate) fn new(context: &'a Context, subject: &'a Subject, files: usize) -> Self {
        let state = ProgressState {
            files,
            started: clock::monotonic(),
            ..ProgressState::default()
        };
        Self {
            context,
            subject,
            state: RefCell::new(state),
        }
    }

    /// Prints the progress. Without files, only the event is printed: another message says that nothing is to do.
    pub(crate) fn print(&self) {
        let now = clock::monotonic();
        let mut state = self.state.borrow_mut();
        state.last_printed = Some(now);
        if state.files == 0 && self.context.terminal.json().is_none() {
            return;
        }
        let event = state.event(now, self.context.terminal.redraws());
        self.context.terminal.event(&self.subject.event(event));
    }

    /// Prints the progress when the last line is redrawn and old enough.
    fn print_if_due(&self) {
        let last = self.state.borrow().last_printed;
        let now = clock::monotonic();
        let is_time = last.is_none_or(|last| now.saturating_sub(last) >= PRINT_INTERVAL);
        if is_time && self.context.terminal.redraws() {
            self.print();
        }
    }

    /// Records that the update ended by itself.
    pub(crate) fn end(&self) {
        self.state.borrow_mut().is_over = true;
    }

    /// Returns how many packed bytes were received.
    pub(crate) fn fetched(&self) -> u64 {
        self.state.borrow().fetched
    }

    fn placed(&self, name: &str, how: UpdateMethod) {
        let mut state = self.state.borrow_mut();
        let (length, there) = state.active.remove(name).unwrap_or_default();
        state.done_files += 1;
        state.done_bytes += there;
        state.done_length += length.unwrap_or(there);
        drop(state);
        if !self.context.terminal.redraws() {
            let how = match how {
                UpdateMethod::Download => "fetched",
                UpdateMethod::Patch => "patched",
            };
            self.context
                .terminal
                .say(format_args!("{name}: {how}, {}", ByteCount(there)));
        }
        if self.context.terminal.redraws() || self.context.terminal.json().is_some() {
            self.print();
        }
    }
}

/// Says what is kept of an update that was stopped.
impl Drop for UpdateProgress<'_> {
    fn drop(&mut self) {
        let state = self.state.borrow();
        if state.is_over || state.files == 0 {
            return;
        }
        let (prefix, bytes) = (self.subject.prefix(), ByteCount(state.done_bytes()));
        let kept = if self.context.is_rehearsal() {
            String::new()
        } else {
            format!("; {bytes} are kept, and the next update continues there")
        };
        self.context.terminal.say(format_args!(
            "{prefix}: the update was stopped after {} of {} files{kept}",
            state.done_files, state.files
        ));
    }
}

impl Observer for UpdateProgress<'_> {
    fn notify(&self, name: &FileName, event: FileEvent<'_>) {
        let name = name.escaped();
        match event {
            FileEvent::Started { length, present } => {
                let mut state = self.state.borrow_mut();
                state.active.insert(name, (length, present));
                // Nothing may arrive for a while, so the file is named at once.
                state.last_printed = None;
            }
            FileEvent::Received(bytes) => {
                let mut state = self.state.borrow_mut();
                state.fetched += bytes;
                if let Some((_, there)) = state.active.get_mut(&name) {
                    *there += bytes;
                }
            }
            FileEvent::Retrying(error, pause) => self.context.terminal.detail(1, || {
                format!("{name}: {error}; retrying in {} ms", pause.as_millis())
            }),
            FileEvent::PatchFailed(why) => {
                let terminal = &self.context.terminal;
                terminal.detail(1, || format!("{name}: {why}; the whole file is fetched"));
            }
            FileEvent::Placed(how) => return self.placed(&name, how),
        }
        self.print_if_due();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_shows_the_bytes_once_their_number_is_known() {
        let mut state = ProgressState {
            files: 4,
            done_files: 1,
            done_bytes: 10,
            done_length: 10,
            ..ProgressState::default()
        };
        assert_eq!(state.bar(), "██░░░░░░░░", "one file of four");
        for (name, there) in [("a", 30), ("b", 20), ("c", 0)] {
            state.active.insert(name.to_owned(), (Some(30), there));
        }
        assert_eq!(state.bar(), "██████░░░░", "60 bytes of 100");
    }
}
