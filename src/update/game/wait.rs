//! Waits for another update of the same directory.

use std::time::Duration;

use crate::base::clock;
use crate::base::failure::{Failure, Reason};
use crate::terminal::Terminal;
use crate::terminal::event::Subject;
use crate::update::update_lock::{Conflict, UpdateLock};

/// The pause between two tries to lock the directory.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a lock of another user's process is waited for. Every user who may read the directory can lock it.
const FOREIGN_LIMIT: Duration = Duration::from_secs(10);

/// A lock that was waited for.
pub(super) struct WaitedLock {
    pub(super) lock: UpdateLock,
    /// Whether another update ran meanwhile.
    pub(super) was_updated: bool,
}

/// Locks a game's directory, once no other update runs there. Returns nothing when the game runs.
///
/// # Errors
/// When a process of another user keeps the directory locked.
pub(super) async fn wait_for_lock(
    terminal: &Terminal,
    subject: &Subject,
    lock: impl Fn() -> Result<UpdateLock, Conflict>,
) -> Result<Option<WaitedLock>, Failure> {
    let mut foreign = Duration::ZERO;
    let (mut was_updated, mut is_running) = (false, false);
    loop {
        match lock() {
            Ok(lock) => {
                let was_updated = was_updated || is_running;
                return Ok(Some(WaitedLock { lock, was_updated }));
            }
            // Two processes that try at the same moment take each other for a game, once.
            Err(Conflict::Running) if is_running => return Ok(None),
            Err(Conflict::Running) => is_running = true,
            Err(Conflict::Foreign) if foreign >= FOREIGN_LIMIT => {
                return Err(Failure::new(
                    Reason::TryLater,
                    format!(
                        "another user's program keeps the directory of {} locked",
                        subject.label()
                    ),
                    "try again later, or let no other user read the directory",
                ));
            }
            Err(Conflict::Foreign) => foreign += PAUSE,
            Err(Conflict::Updating) if was_updated => is_running = false,
            Err(Conflict::Updating) => {
                (was_updated, is_running) = (true, false);
                terminal.say(format_args!(
                    "{}: another run is updating it; waiting for that",
                    subject.prefix()
                ));
            }
        }
        clock::sleep(PAUSE).await;
    }
}
