//! The terminal's own state, put back on every way out.
//!
//! A hidden prompt switches echo, line mode and signals off. A program that is stopped meanwhile has to put them back
//! itself, or the player's shell would type invisibly.

use std::sync::OnceLock;

use system::State;

static BEFORE: OnceLock<Option<State>> = OnceLock::new();

/// Notes the state once, before it is first changed.
pub(super) fn remember() {
    BEFORE.get_or_init(system::state);
}

/// Puts the state back, if it was ever noted.
pub fn restore() {
    if let Some(Some(state)) = BEFORE.get() {
        system::put_back(state);
    }
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
