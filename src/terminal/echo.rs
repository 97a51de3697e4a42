//! The modes of the terminal during a hidden prompt, which are restored however the program ends.
//!
//! A hidden prompt switches off echo, line mode and signals. If they stayed off, the user's shell would not show what is
//! typed.

use std::sync::Mutex;

use system::Modes;

/// The modes before the hidden prompt that is open.
static SAVED: Mutex<Option<Modes>> = Mutex::new(None);

/// Switches echo off for a hidden prompt, and saves the modes.
pub(super) fn hide() {
    let modes = system::modes();
    if let Some(modes) = &modes {
        system::set_modes(&system::without_echo(modes));
    }
    replace(modes);
}

/// Restores the modes after a hidden prompt, or when the program ends during one.
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

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    pub(super) type Modes = Termios;

    pub(super) fn modes() -> Option<Modes> {
        tcgetattr(File::open("/dev/tty").ok()?).ok()
    }

    pub(super) fn without_echo(modes: &Modes) -> Modes {
        let mut modes = modes.clone();
        modes.local_modes.remove(LocalModes::ECHO);
        modes
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

    /// `ENABLE_ECHO_INPUT`.
    const ECHO: u32 = 4;

    pub(super) fn modes() -> Option<Modes> {
        console::mode(HandleRef::stdin()).ok()
    }

    pub(super) const fn without_echo(modes: &Modes) -> Modes {
        *modes & !ECHO
    }

    pub(super) fn set_modes(modes: &Modes) {
        // A failure cannot be handled here.
        let _ = console::set_mode(HandleRef::stdin(), *modes);
    }
}
