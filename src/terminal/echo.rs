//! The modes of the terminal while progress is shown or a prompt is open: what is typed is not echoed.
//!
//! The modes are restored on every way out and while the program is stopped by Ctrl-Z. If they stayed, the user's shell
//! would not show what is typed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use system::Modes;

/// The modes to restore, and those that replace them.
static CHANGED: Mutex<Option<(Modes, Modes)>> = Mutex::new(None);
/// Whether keys may have been typed while progress was shown.
static HAS_TYPED_AHEAD: AtomicBool = AtomicBool::new(false);

/// Switches echo off while progress is shown.
pub(super) fn hide_during_progress() {
    HAS_TYPED_AHEAD.store(true, Ordering::Relaxed);
    change(system::without_echo, false);
}

/// Switches to the modes of a prompt, which shows the keys itself. Keys that were typed while progress was shown are
/// dropped, since they are no answer.
pub(super) fn hide_at_prompt() {
    restore();
    let drops_input = HAS_TYPED_AHEAD.swap(false, Ordering::Relaxed);
    change(system::for_prompt, drops_input);
}

/// Keeps the modes as they are, to restore them after another program used the terminal.
pub(super) fn keep() {
    restore();
    change(Clone::clone, false);
}

/// Restores the modes, if they are changed.
pub fn restore() {
    let changed = CHANGED.lock().ok().and_then(|mut changed| changed.take());
    if let Some((original, _)) = changed {
        system::set_modes(&original, false);
    }
}

/// Restores the modes before the program stops.
pub(super) fn suspend() {
    if let Ok(changed) = CHANGED.lock()
        && let Some((original, _)) = &*changed
    {
        system::set_modes(original, false);
    }
}

/// Changes the modes again when the program continues.
pub(super) fn resume() {
    if let Ok(changed) = CHANGED.lock()
        && let Some((_, own)) = &*changed
    {
        system::set_modes(own, false);
    }
}

fn change(own: fn(&Modes) -> Modes, drops_input: bool) {
    if let Ok(mut changed) = CHANGED.lock()
        && changed.is_none()
        && let Some(original) = system::modes()
    {
        let own = own(&original);
        system::set_modes(&own, drops_input);
        *changed = Some((original, own));
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, IsTerminal};
    use std::os::fd::{AsFd, BorrowedFd};

    use rustix::process::getpgrp;
    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcsetattr,
    };

    pub(super) type Modes = Termios;

    pub(super) fn modes() -> Option<Modes> {
        on_terminal(|terminal| tcgetattr(terminal).ok())
    }

    pub(super) fn without_echo(modes: &Modes) -> Modes {
        let mut own = modes.clone();
        own.local_modes.remove(LocalModes::ECHO);
        own
    }

    /// Reads each key at once; Ctrl-C, Ctrl-Z and Ctrl-\ stay signals.
    pub(super) fn for_prompt(modes: &Modes) -> Modes {
        let mut own = without_echo(modes);
        own.local_modes
            .remove(LocalModes::ICANON | LocalModes::IEXTEN);
        own.special_codes[SpecialCodeIndex::VMIN] = 1;
        own.special_codes[SpecialCodeIndex::VTIME] = 0;
        own
    }

    pub(super) fn set_modes(modes: &Modes, drops_input: bool) {
        let action = if drops_input {
            OptionalActions::Flush
        } else {
            OptionalActions::Now
        };
        // In the background, the system would stop this program. A failure cannot be handled here.
        on_terminal(|terminal| {
            let is_in_front = tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp());
            is_in_front.then(|| tcsetattr(terminal, action, modes).ok())
        });
    }

    /// Calls `act` with the terminal at standard input, else with the one that controls this program.
    fn on_terminal<T>(act: impl FnOnce(BorrowedFd<'_>) -> Option<T>) -> Option<T> {
        let input = io::stdin();
        if input.is_terminal() {
            return act(input.as_fd());
        }
        act(File::open("/dev/tty").ok()?.as_fd())
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

    pub(super) const fn without_echo(modes: &Modes) -> Modes {
        *modes
    }

    /// The same modes: the console edits lines itself, and rpassword hides them.
    pub(super) const fn for_prompt(modes: &Modes) -> Modes {
        *modes
    }

    pub(super) fn set_modes(modes: &Modes, _drops_input: bool) {
        // A failure cannot be handled here.
        let _ = console::set_mode(HandleRef::stdin(), *modes);
    }
}
