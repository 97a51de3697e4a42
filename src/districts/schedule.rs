//! How often public data is requested.

use std::time::Duration;

use crate::base::quantity::duration_text;
use crate::games::Game;
use crate::terminal::Terminal;

/// The least time between two requests to a server on this machine.
const LOCAL_FLOOR: Duration = Duration::from_millis(100);
/// The longest pause after failed requests.
const LONGEST: Duration = Duration::from_mins(5);
/// The longest pause that a server may ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// How often public data of a game is requested.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PollSchedule {
    /// The pause where none was typed.
    default: Duration,
    /// The least time between two requests.
    pub(crate) floor: Duration,
}

impl PollSchedule {
    /// Returns the schedule for a game's servers (`details.md`), which all processes of this user keep together. A server
    /// on this machine may be asked often.
    pub(crate) const fn new(game: &Game, is_local: bool) -> Self {
        Self {
            default: Duration::from_secs(20),
            floor: if is_local {
                LOCAL_FLOOR
            } else {
                game.watch_interval
            },
        }
    }

    /// Returns the schedule for the stand-in server, whose data change every five seconds and which refuses requests that
    /// come more often.
    pub(crate) const fn of_stand_in() -> Self {
        let pause = Duration::from_secs(5);
        Self {
            default: pause,
            floor: pause,
        }
    }

    /// Returns the pause that was typed, or the default; at least the floor, with a warning when that is longer.
    pub(crate) fn pause(
        self,
        typed: Option<Duration>,
        game: &Game,
        terminal: &Terminal,
    ) -> Duration {
        let pause = typed.unwrap_or(self.default);
        if pause < self.floor {
            terminal.warn(&format!(
                "{} is not asked more often than every {}",
                game.name,
                duration_text(self.floor)
            ));
        }
        pause.max(self.floor)
    }
}

/// Returns the pause after a request: `every`, longer after `failures` in a row, and as long as the server asked for.
pub(crate) fn pause(every: Duration, failures: u32, asked: Option<Duration>) -> Duration {
    let growth = 1_u32.checked_shl(failures).unwrap_or(u32::MAX);
    let grown = every.saturating_mul(growth).min(LONGEST.max(every));
    grown.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::GameId;

    const USUAL: Duration = Duration::from_secs(20);

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn only_a_server_on_this_machine_may_be_asked_often() {
        let floor = |game_id: GameId, is_local| PollSchedule::new(game_id.game(), is_local).floor;
        assert_eq!(floor(GameId::Ttcc, false), seconds(15));
        assert_eq!(floor(GameId::Ttr, false), seconds(10));
        assert_eq!(floor(GameId::Tlopo, false), seconds(10));
        let is_short = |game_id: &GameId| floor(*game_id, true) < seconds(1);
        assert!(GameId::ALL.iter().all(is_short));
    }

    #[test]
    fn pauses_grow_while_requests_fail() {
        let pauses = [0, 1, 2, 4, 40].map(|lost| pause(USUAL, lost, None).as_secs());
        assert_eq!(pauses, [20, 40, 80, 300, 300]);
        // A typed pause is never shortened.
        assert_eq!(pause(seconds(600), 3, None), seconds(600));
    }

    #[test]
    fn a_server_that_asks_to_wait_is_left_alone_so_long() {
        assert_eq!(pause(USUAL, 0, Some(seconds(5))), USUAL);
        assert_eq!(pause(USUAL, 1, Some(seconds(999))), seconds(999));
        let for_ever = Duration::from_secs(u64::MAX);
        assert_eq!(pause(USUAL, 1, Some(for_ever)), LONGEST_ASKED);
    }
}
