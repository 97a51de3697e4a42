//! How an update goes, for people and as events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::clock;
use crate::manifest::Name;
use crate::terminal::Terminal;
use crate::terminal::event::{Amount, EventKind, Subject};
use crate::update::{DownloadError, FileEvent, Observer, UpdateMethod};

use super::failures::loss_in_words;

/// The least time between two looks at how far it is.
const GLANCE: Duration = Duration::from_millis(200);
/// So many files under way are named.
const NAMED: usize = 3;

/// Tells how an update goes.
pub(crate) struct Progress<'a> {
    terminal: &'a Terminal,
    subject: &'a Subject,
    state: RefCell<State>,
}

/// How far it is.
#[derive(Debug, Default)]
struct State {
    files: usize,
    done_files: usize,
    /// Packed bytes that are done with.
    done_bytes: u64,
    /// Packed bytes that came over the network.
    fetched: u64,
    /// Of files that are done, how long they were.
    done_length: u64,
    /// The files under way: how long, and how much of it is there.
    under_way: BTreeMap<String, (Option<u64>, u64)>,
    began: Duration,
    told: Option<Duration>,
}

impl State {
    /// How many bytes there are to fetch in all, once the length of each file is known.
    fn bytes(&self) -> Option<u64> {
        let begun = self.done_files + self.under_way.len();
        let lengths = self.under_way.values().map(|(length, _)| *length);
        let under_way: Option<u64> = lengths.sum();
        under_way
            .filter(|_| begun >= self.files)
            .map(|length| length + self.done_length)
    }

    fn done_bytes(&self) -> u64 {
        let under_way: u64 = self.under_way.values().map(|(_, there)| there).sum();
        self.done_bytes + under_way
    }

    /// Packed bytes a second, over the whole time.
    fn speed(&self, now: Duration) -> Option<u64> {
        let time = now.saturating_sub(self.began).as_millis();
        let speed = u128::from(self.fetched) * 1000 / time.max(1);
        (time > 0).then(|| u64::try_from(speed).unwrap_or(u64::MAX))
    }

    fn event(&self, now: Duration) -> EventKind {
        let speed = self.speed(now).filter(|speed| *speed > 0);
        let left = self.bytes().zip(speed).map(|(bytes, speed)| {
            Duration::from_secs(bytes.saturating_sub(self.done_bytes()) / speed)
        });
        let names: Vec<&str> = self.under_way.keys().map(String::as_str).collect();
        EventKind::Update {
            files: self.files,
            bytes: self.bytes(),
            done_files: self.done_files,
            done_bytes: self.done_bytes(),
            speed,
            left,
            under_way: names.into_iter().take(NAMED).map(str::to_owned).collect(),
        }
    }
}

impl<'a> Progress<'a> {
    /// Of an update of so many files.
    pub(crate) fn new(terminal: &'a Terminal, subject: &'a Subject, files: usize) -> Self {
        let state = State {
            files,
            began: clock::monotonic(),
            ..State::default()
        };
        Self {
            terminal,
            subject,
            state: RefCell::new(state),
        }
    }

    /// Tells how far it is. People need not hear that there is nothing to do twice.
    pub(crate) fn tell_all(&self) {
        let now = clock::monotonic();
        let mut state = self.state.borrow_mut();
        state.told = Some(now);
        if state.files == 0 && self.terminal.json().is_none() {
            return;
        }
        self.terminal.event(&self.subject.event(state.event(now)));
    }

    /// The same, when that was not told just now and somebody looks all the time.
    fn tell_now_and_then(&self) {
        let told = self.state.borrow().told;
        let now = clock::monotonic();
        let is_time = told.is_none_or(|told| now.saturating_sub(told) >= GLANCE);
        if is_time && self.terminal.redraws() {
            self.tell_all();
        }
    }

    /// What was fetched, in packed bytes.
    pub(crate) fn fetched(&self) -> u64 {
        self.state.borrow().fetched
    }

    fn placed(&self, name: &str, how: UpdateMethod) {
        let mut state = self.state.borrow_mut();
        let (length, there) = state.under_way.remove(name).unwrap_or_default();
        state.done_files += 1;
        state.done_bytes += there;
        state.done_length += length.unwrap_or(there);
        drop(state);
        if !self.terminal.redraws() {
            let how = match how {
                UpdateMethod::Download => "fetched",
                UpdateMethod::Patch => "patched",
            };
            self.terminal
                .say(format_args!("{name}: {how}, {}", Amount(there)));
        }
        if self.terminal.redraws() || self.terminal.json().is_some() {
            self.tell_all();
        }
    }

    fn again(&self, name: &str, loss: &DownloadError, pause: Duration) {
        let why = loss_in_words(loss);
        let terminal = self.terminal;
        terminal.detail(1, || {
            format!("{name}: {why}; again in {} ms", pause.as_millis())
        });
    }
}

impl Observer for Progress<'_> {
    fn notify(&self, name: &Name, event: FileEvent<'_>) {
        let name = name.shown();
        match event {
            FileEvent::Started { length, present } => {
                let mut state = self.state.borrow_mut();
                state.under_way.insert(name, (length, present));
                // Nothing more may come for a while: what is waited for is named at once.
                state.told = None;
            }
            FileEvent::Received(bytes) => {
                let mut state = self.state.borrow_mut();
                state.fetched += bytes;
                if let Some((_, there)) = state.under_way.get_mut(&name) {
                    *there += bytes;
                }
            }
            FileEvent::Retrying(loss, pause) => self.again(&name, loss, pause),
            FileEvent::PatchFailed(why) => {
                let terminal = self.terminal;
                terminal.detail(1, || format!("{name}: {why}; the whole file is fetched"));
            }
            FileEvent::Placed(how) => return self.placed(&name, how),
        }
        self.tell_now_and_then();
    }
}
