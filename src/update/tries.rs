//! How often something is tried, where, and after which pause.

use std::time::Duration;

use super::{Loss, Site};

/// So many tries, and no more.
const MOST_TRIES: u32 = 5;
/// The pause after the first try; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The same where all servers are on this machine: a stand-in, which nobody else waits for.
const FIRST_PAUSE_HERE: Duration = Duration::from_millis(20);
/// A server that wants to be left alone for longer is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// So many more bytes than ever before are no failure, even when the connection was lost after them.
const HEADWAY: u64 = 1 << 20;

/// The tries of one file.
#[derive(Debug)]
pub(super) struct Tries {
    /// How many mirrors there are; one at least.
    mirrors: usize,
    first_pause: Duration,
    /// Whose turn it is, counted on and on.
    turn: usize,
    failed: u32,
    /// So many mirrors in a row sent us away.
    sent_away: usize,
    /// How many bytes were there at most.
    farthest: u64,
    /// How many bytes were there when the last try began.
    began_at: u64,
}

impl Tries {
    /// Those at these sites.
    pub(super) fn at(sites: &[Site]) -> Self {
        let is_here = sites.iter().all(|site| site.client.is_loopback());
        let first_pause = if is_here {
            FIRST_PAUSE_HERE
        } else {
            FIRST_PAUSE
        };
        Self::new(sites.len(), first_pause)
    }

    fn new(mirrors: usize, first_pause: Duration) -> Self {
        Self {
            mirrors: mirrors.max(1),
            first_pause,
            turn: 0,
            failed: 0,
            sent_away: 0,
            farthest: 0,
            began_at: 0,
        }
    }

    /// Which mirror is asked next.
    pub(super) const fn mirror(&self) -> usize {
        self.turn % self.mirrors
    }

    /// A try begins with so many bytes there.
    pub(super) const fn begin(&mut self, length: u64) {
        self.began_at = length;
    }

    /// How long to wait before the next try, when so many bytes are there now.
    ///
    /// # Errors
    /// Gives the loss back when there is none.
    pub(super) fn after(&mut self, loss: Loss, length: u64) -> Result<Duration, Loss> {
        let is_cut = matches!(loss, Loss::Connection(_)) && length > self.began_at;
        if !is_cut {
            // The rest of a file is asked for where it came from: another mirror may know it by another date.
            self.turn = self.turn.wrapping_add(1);
        }
        if length >= self.farthest.saturating_add(HEADWAY) {
            self.failed = 0;
        }
        self.farthest = self.farthest.max(length);
        match loss {
            Loss::Missing | Loss::Odd(_) => self.elsewhere(loss),
            Loss::TryLater(Some(asked)) if asked > LONGEST_PAUSE => self.elsewhere(loss),
            Loss::TryLater(Some(asked)) => self.again(loss).map(|pause| pause.max(asked)),
            _ => self.again(loss),
        }
    }

    /// Another mirror may have it, at once.
    fn elsewhere(&mut self, loss: Loss) -> Result<Duration, Loss> {
        self.sent_away += 1;
        if self.sent_away >= self.mirrors {
            return Err(loss);
        }
        Ok(Duration::ZERO)
    }

    fn again(&mut self, loss: Loss) -> Result<Duration, Loss> {
        self.sent_away = 0;
        self.failed += 1;
        if self.failed >= MOST_TRIES {
            return Err(loss);
        }
        Ok(self.first_pause.saturating_mul(1 << (self.failed - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Error;

    const CUT: Loss = Loss::Connection(Error::ConnectionLost);

    const fn tries(mirrors: usize) -> Tries {
        Tries {
            mirrors,
            first_pause: FIRST_PAUSE,
            turn: 0,
            failed: 0,
            sent_away: 0,
            farthest: 0,
            began_at: 0,
        }
    }

    /// The pauses in milliseconds until it is given up.
    fn pauses(mirrors: usize, losses: impl IntoIterator<Item = Loss>) -> (Vec<u128>, Option<Loss>) {
        let mut tries = tries(mirrors);
        let mut pauses = Vec::new();
        for loss in losses {
            match tries.after(loss, 0) {
                Ok(pause) => pauses.push(pause.as_millis()),
                Err(loss) => return (pauses, Some(loss)),
            }
        }
        (pauses, None)
    }

    #[test]
    fn five_tries_have_four_pauses_that_grow() {
        for loss in [
            CUT,
            Loss::Failed(500),
            Loss::Corrupt("it"),
            Loss::TryLater(None),
        ] {
            let (pauses, last) = pauses(1, vec![loss.clone(); 9]);
            assert_eq!(pauses, [500, 1000, 2000, 4000]);
            assert_eq!(last, Some(loss));
        }
    }

    #[test]
    fn what_no_mirror_has_is_asked_of_each_once() {
        for loss in [
            Loss::Missing,
            Loss::Odd(302),
            Loss::TryLater(Some(Duration::from_secs(61))),
        ] {
            assert_eq!(
                pauses(1, vec![loss.clone(); 9]),
                (vec![], Some(loss.clone()))
            );
            assert_eq!(
                pauses(17, vec![loss.clone(); 99]),
                (vec![0; 16], Some(loss))
            );
        }
    }

    #[test]
    fn a_mirror_that_may_still_have_it_is_asked_again() {
        let alternating = [CUT, Loss::Missing].into_iter().cycle();
        let (pauses, last) = pauses(2, alternating.take(99));
        assert_eq!(pauses, [500, 0, 1000, 0, 2000, 0, 4000, 0]);
        assert_eq!(last, Some(CUT));
    }

    #[test]
    fn a_server_is_left_alone_as_long_as_it_asks() {
        let asks = |seconds| Loss::TryLater(Some(Duration::from_secs(seconds)));
        let (pauses, last) = pauses(1, [asks(60), asks(0), asks(3), asks(61)]);
        assert_eq!(pauses, [60_000, 1000, 3000]);
        assert_eq!(last, Some(asks(61)));
    }

    #[test]
    fn headway_is_no_failure_and_less_is() {
        let mut tries = tries(1);
        for step in 1..100 {
            tries.begin((step - 1) * HEADWAY);
            assert_eq!(tries.after(CUT, step * HEADWAY), Ok(FIRST_PAUSE));
        }
        for _ in 0..3 {
            assert!(tries.after(CUT, 100 * HEADWAY - 1).is_ok());
        }
        assert_eq!(tries.after(CUT, 100 * HEADWAY - 1), Err(CUT));
    }

    #[test]
    fn what_was_cut_goes_on_where_it_came_from_and_all_else_elsewhere() {
        let mut tries = tries(2);
        tries.begin(0);
        assert!(tries.after(CUT, 10).is_ok());
        assert_eq!(tries.mirror(), 0);
        tries.begin(10);
        assert!(tries.after(CUT, 10).is_ok());
        assert_eq!(tries.mirror(), 1);
        tries.begin(10);
        assert!(tries.after(Loss::Corrupt("it"), 0).is_ok());
        assert_eq!(tries.mirror(), 0);
    }
}
