//! Waits for another update of the same directory.

use std::time::Duration;

use crate::base::clock;
use crate::terminal::Terminal;
use crate::terminal::event::Subject;
use crate::update::update_lock::{Conflict, UpdateLock};

/// The pause between two tries to lock the directory.
const PAUSE: Duration = Duration::from_millis(200);

/// A lock that was waited for.
pub(super) struct WaitedLock {
    pub(super) lock: UpdateLock,
    /// Whether another update ran meanwhile.
    pub(super) was_updated: bool,
}

/// Locks a game's directory, once no other update runs there. Returns nothing when the game runs.
pub(super) async fn wait_for_lock(
    terminal: &Terminal,
    subject: &Subject,
    lock: impl Fn() -> Result<UpdateLock, Conflict>,
) -> Option<WaitedLock> {
    let (mut was_updated, mut is_running) = (false, false);
    loop {
        match lock() {
            Ok(lock) => {
                let was_updated = was_updated || is_running;
                return Some(WaitedLock { lock, was_updated });
            }
            // Two processes that try at the same moment take each other for a game, once.
            Err(Conflict::Running) if is_running => return None,
            Err(Conflict::Running) => is_running = true,
            Err(Conflict::Updating) if was_updated => is_running = false,
            Err(Conflict::Updating) => {
                (was_updated, is_running) = (true, false);
                terminal.say(format_args!(
                    "{}: another run is updating it; waiting for that",
                    subject.label()
                ));
            }
        }
        clock::sleep(PAUSE).await;
    }
}
