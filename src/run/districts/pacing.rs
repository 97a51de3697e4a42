//! How often a game is looked at.

use std::time::Duration;

use crate::game::Title;

/// How often, where nobody says: the `20` of `--watch`.
pub(super) const USUAL: Duration = Duration::from_secs(20);
/// The longest pause after looks that failed.
const LONGEST: Duration = Duration::from_mins(5);
/// The longest that a server is believed when it asks to wait.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// The least time between two looks at a game, of all programs of this user (`details.md`). A server on this machine is
/// nobody's but the user's: a stand-in, which may be asked often.
pub(super) fn floor(title: Title, is_this_machine: bool) -> Duration {
    match title {
        _ if is_this_machine => Duration::from_millis(100),
        Title::Ttcc => Duration::from_secs(15),
        Title::Ttr | Title::Tlopo => Duration::from_secs(10),
    }
}

/// The pause after a look: longer after each of those that failed in a row, and as long as the server asked for.
pub(super) fn pause(every: Duration, lost: u32, asked: Option<Duration>) -> Duration {
    let growth = 1_u32.checked_shl(lost).unwrap_or(u32::MAX);
    let grown = every.saturating_mul(growth).min(LONGEST.max(every));
    grown.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn only_a_server_on_this_machine_may_be_asked_often() {
        assert_eq!(floor(Title::Ttcc, false), seconds(15));
        assert_eq!(floor(Title::Ttr, false), seconds(10));
        assert_eq!(floor(Title::Tlopo, false), seconds(10));
        assert!(
            Title::ALL
                .iter()
                .all(|&title| floor(title, true) < seconds(1))
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
