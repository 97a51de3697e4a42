//! How often a game is looked at.

use std::time::Duration;

use crate::auth::throttle;

use crate::games::{Game, GameId};

/// The longest pause after looks that failed.
const LONGEST: Duration = Duration::from_mins(5);
/// The longest that a server is believed when it asks to wait.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// The pause that is usual with a game, and the shortest that there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PollSchedule {
    usual: Duration,
    /// The least time between two looks.
    pub(crate) floor: Duration,
    /// Whether other programs of this user look too: they take turns, which is remembered. Nobody else looks at the
    /// stand-in of a rehearsal.
    is_shared: bool,
}

impl PollSchedule {
    /// That of the game's own servers (`details.md`), which all programs of this user keep together. A server on this
    /// machine is nobody's but the user's: a stand-in, which may be asked often.
    pub(crate) const fn of(game_id: GameId, is_this_machine: bool) -> Self {
        let floor = match game_id {
            _ if is_this_machine => Duration::from_millis(100),
            GameId::Ttcc => Duration::from_secs(15),
            GameId::Ttr | GameId::Tlopo => Duration::from_secs(10),
        };
        Self {
            usual: Duration::from_secs(20),
            floor,
            is_shared: true,
        }
    }

    /// That of a stand-in, which moves every five seconds, is asked by one program alone, and refuses those who ask it
    /// more often than `ttcc` allows. Nothing is remembered.
    pub(crate) const fn of_a_rehearsal() -> Self {
        let pause = Duration::from_secs(5);
        Self {
            usual: pause,
            floor: pause,
            is_shared: false,
        }
    }

    /// The pause that was asked for, or the usual one; it may be below the floor.
    pub(crate) fn pause(self, typed: Option<Duration>) -> Duration {
        typed.unwrap_or(self.usual)
    }

    /// Who is looked at, in words.
    pub(crate) fn whom(self, game: &Game) -> String {
        let stand_in = if self.is_shared {
            ""
        } else {
            "the stand-in for "
        };
        format!("{stand_in}{}", game.name)
    }

    /// How long to wait before `game` is looked at, at `origin`: until no program of this user did for a while.
    pub(crate) fn turn(self, game: &Game, origin: &str) -> Duration {
        if self.is_shared {
            throttle::look(game, origin, self.floor)
        } else {
            Duration::ZERO
        }
    }
}

/// The pause after a look, where `every` is usual: longer after each of those that failed in a row, and as long as the server asked for.
pub(crate) fn pause(every: Duration, lost: u32, asked: Option<Duration>) -> Duration {
    let growth = 1_u32.checked_shl(lost).unwrap_or(u32::MAX);
    let grown = every.saturating_mul(growth).min(LONGEST.max(every));
    grown.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_secs(20);

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn only_a_server_on_this_machine_may_be_asked_often() {
        let floor = |game_id, is_this_machine| PollSchedule::of(game_id, is_this_machine).floor;
        assert_eq!(floor(GameId::Ttcc, false), seconds(15));
        assert_eq!(floor(GameId::Ttr, false), seconds(10));
        assert_eq!(floor(GameId::Tlopo, false), seconds(10));
        assert!(
            GameId::ALL
                .iter()
                .all(|&game_id| floor(game_id, true) < seconds(1))
        );
    }

    #[test]
    fn pauses_grow_while_looks_are_lost() {
        let pauses = [0, 1, 2, 4, 40].map(|lost| pause(USUAL, lost, None).as_secs());
        assert_eq!(pauses, [20, 40, 80, 300, 300]);
        // Nobody is asked more often than was typed.
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
