//! Restores the modes of the terminal when the program ends during a hidden prompt.
//!
//! A hidden prompt switches off echo, line mode and signals. If they stayed off, the user's shell would not show what is
//! typed.

use std::sync::Mutex;

use system::Modes;

/// The modes before the hidden prompt that is open.
static SAVED: Mutex<Option<Modes>> = Mutex::new(None);

/// Saves the modes before a hidden prompt changes them.
pub(super) fn save() {
    replace(system::modes());
}

/// Forgets the saved modes, after the prompt has restored them.
pub(super) fn forget() {
    replace(None);
}

/// Restores the modes, if a hidden prompt is open.
pub fn restore() {
    if let Some(modes) = replace(None) {
        system::set_modes(&modes);
    }
}

fn replace(modes: Option<Modes>) -> Option<Modes> {
    let mut saved = SAVED.lock().ok()?;
    std::mem::replace(&mut saved, modes)
}

#[cfg(unix)]
mod system {
    use std::fs::File;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    pub(super) type Modes = Termios;

    pub(super) fn modes() -> Option<Modes> {
        tcgetattr(File::open("/dev/tty").ok()?).ok()
    }

    pub(super) fn set_modes(modes: &Modes) {
        if let Ok(terminal) = File::open("/dev/tty") {
            // A failure cannot be handled here.
            let _ = tcsetattr(terminal, OptionalActions::Now, modes);
        }
    }
}

#[cfg(windows)]
mod system {
    use winapi_util::HandleRef;
    use winapi_util::console;

    pub(super) type Modes = u32;

    pub(super) fn modes() -> Option<Modes> {
        console::mode(HandleRef::stdin()).ok()
    }

    pub(super) fn set_modes(modes: &Modes) {
        // A failure cannot be handled here.
        let _ = console::set_mode(HandleRef::stdin(), *modes);
    }
}
