//! The terminal's own state, put back on every way out.
//!
//! A hidden prompt switches echo, line mode and signals off. A program that is stopped meanwhile has to put them back
//! itself, or the player's shell would type invisibly.

use std::sync::Mutex;

use system::State;

/// The state before the hidden prompt that is on the screen.
static BEFORE: Mutex<Option<State>> = Mutex::new(None);

/// Notes the state before a hidden prompt changes it.
pub(super) fn remember() {
    set(system::state());
}

/// The prompt has put the state back itself.
pub(super) fn forget() {
    set(None);
}

/// Puts the state back, if a hidden prompt is on the screen.
pub fn restore() {
    if let Some(state) = set(None) {
        system::put_back(&state);
    }
}

fn set(state: Option<State>) -> Option<State> {
    let mut before = BEFORE.lock().ok()?;
    std::mem::replace(&mut before, state)
}

#[cfg(unix)]
mod system {
    use std::fs::File;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    pub(super) type State = Termios;

    pub(super) fn state() -> Option<State> {
        tcgetattr(File::open("/dev/tty").ok()?).ok()
    }

    pub(super) fn put_back(state: &State) {
        if let Ok(terminal) = File::open("/dev/tty") {
            // Nothing is left to do where even that fails.
            let _ = tcsetattr(terminal, OptionalActions::Now, state);
        }
    }
}

#[cfg(windows)]
mod system {
    use winapi_util::HandleRef;
    use winapi_util::console;

    pub(super) type State = u32;

    pub(super) fn state() -> Option<State> {
        console::mode(HandleRef::stdin()).ok()
    }

    pub(super) fn put_back(state: &State) {
        // Nothing is left to do where even that fails.
        let _ = console::set_mode(HandleRef::stdin(), *state);
    }
}
