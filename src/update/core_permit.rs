//! Limits how many threads decode at the same time to the number of cores. With more threads, the same files took 8 to 55 %
//! more processor time (measured on two cores; each decoder works on several MB). A thread that waits for the network
//! releases its permit.

use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Counts the free cores.
#[derive(Debug)]
pub struct Cores {
    count: Mutex<CoreCount>,
    freed: Condvar,
}

/// The state of the cores.
#[derive(Debug)]
struct CoreCount {
    /// How many permits are not held.
    free: usize,
    /// How many threads wait for a permit.
    waiting: usize,
}

/// A permit to use a core, which can be acquired and released repeatedly. Dropping it releases it.
#[derive(Debug)]
pub(super) struct CorePermit {
    cores: Arc<Cores>,
    is_held: bool,
}

/// Returns the number of cores of this machine.
pub(super) fn core_count() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

impl Default for Cores {
    /// All cores of this machine are free.
    fn default() -> Self {
        Self::new(core_count())
    }
}

impl Cores {
    /// This many cores are free.
    pub fn new(free: usize) -> Self {
        Self {
            count: Mutex::new(CoreCount { free, waiting: 0 }),
            freed: Condvar::new(),
        }
    }

    /// Returns whether a core is free at this moment, and no thread waits for one.
    pub(super) fn are_free(&self) -> bool {
        let count = self.lock();
        count.free > 0 && count.waiting == 0
    }

    #[cfg(test)]
    pub(super) fn set_waiting(&self, waiting: usize) {
        self.lock().waiting = waiting;
    }

    fn lock(&self) -> MutexGuard<'_, CoreCount> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CorePermit {
    /// Creates a permit that is not held.
    pub(super) fn new(cores: &Arc<Cores>) -> Self {
        Self {
            cores: Arc::clone(cores),
            is_held: false,
        }
    }

    /// Returns a permit that is held, if a core is free and no thread waits for one.
    pub(super) fn try_acquire(cores: &Arc<Cores>) -> Option<Self> {
        let mut count = cores.lock();
        if count.waiting > 0 {
            return None;
        }
        count.free = count.free.checked_sub(1)?;
        Some(Self {
            cores: Arc::clone(cores),
            is_held: true,
        })
    }

    /// Returns the cores that this permit is for.
    pub(super) const fn cores(&self) -> &Arc<Cores> {
        &self.cores
    }

    /// Acquires the permit. Blocks until a core is free.
    pub(super) fn acquire(&mut self) {
        if self.is_held {
            return;
        }
        let mut count = self.cores.lock();
        count.waiting += 1;
        let count = self.cores.freed.wait_while(count, |count| count.free == 0);
        let mut count = count.unwrap_or_else(PoisonError::into_inner);
        count.waiting -= 1;
        count.free -= 1;
        self.is_held = true;
    }

    /// Releases the permit.
    pub(super) fn release(&mut self) {
        if self.is_held {
            self.cores.lock().free += 1;
            self.cores.freed.notify_one();
            self.is_held = false;
        }
    }
}

impl Drop for CorePermit {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn no_more_threads_hold_a_permit_than_there_are_cores() {
        let cores = Arc::new(Cores::new(2));
        let (now, max) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            let mut permit = CorePermit::new(&cores);
            for _ in 0..50 {
                permit.acquire();
                permit.acquire();
                max.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                now.fetch_sub(1, Ordering::SeqCst);
                permit.release();
            }
            // Released on drop.
            permit.acquire();
        };
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(work);
            }
        });
        assert!((1..=2).contains(&max.into_inner()));
        assert_eq!(cores.lock().free, 2);
    }

    #[test]
    fn a_core_for_which_a_thread_waits_is_not_free() {
        let cores = Arc::new(Cores::new(1));
        cores.set_waiting(1);
        assert!(!cores.are_free());
        assert!(CorePermit::try_acquire(&cores).is_none());
        cores.set_waiting(0);
        assert!(cores.are_free());
        assert!(CorePermit::try_acquire(&cores).is_some());
    }
}
