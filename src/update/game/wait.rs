//! Waits for other updates of the same directory.

use std::time::Duration;

use crate::base::clock;
use crate::context::Context;
use crate::terminal::event::Subject;
use crate::update::update_lock::{Conflict, UpdateLock};

/// The pause between looks at whether another update has ended.
const GLANCE: Duration = Duration::from_millis(200);

/// A directory that nobody else updates now.
pub(crate) struct Turn {
    pub(crate) guard: UpdateLock,
    /// Whether others did meanwhile.
    pub(crate) is_late: bool,
}

/// What a look at a game's directory gives once no update is under way there, which is told of; nothing when the game
/// runs.
pub(crate) async fn once_updated(
    context: &Context,
    subject: &Subject,
    look: impl Fn() -> Result<UpdateLock, Conflict>,
) -> Option<Turn> {
    let (mut is_late, mut is_running) = (false, false);
    loop {
        match look() {
            Ok(guard) => {
                let is_late = is_late || is_running;
                return Some(Turn { guard, is_late });
            }
            // Two who wait and look at once take each other for a game, once.
            Err(Conflict::Running) if is_running => return None,
            Err(Conflict::Running) => is_running = true,
            Err(Conflict::Updating) if is_late => is_running = false,
            Err(Conflict::Updating) => {
                (is_late, is_running) = (true, false);
                context.terminal.say(format_args!(
                    "{}: another run is updating it; waiting for that",
                    subject.label()
                ));
            }
        }
        clock::sleep(GLANCE).await;
    }
}
