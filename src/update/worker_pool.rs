//! The threads of an update, which decode and write while the main thread reads from the network.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::core_permit::{CorePermit, Cores};
use super::update_lock::UpdateLock;

/// The threads of one update. Dropping the pool sets the `StopFlag` and waits until all threads have ended. The senders
/// of messages to the threads must be dropped before the pool.
#[derive(Debug, Default)]
pub struct WorkerPool {
    stop: StopFlag,
    threads: Mutex<Vec<JoinHandle<()>>>,
    cores: Arc<Cores>,
    /// Released after the threads have ended.
    locks: Mutex<Vec<UpdateLock>>,
}

/// A flag that tells a task to save its progress and end early.
#[derive(Debug, Clone, Default)]
pub(super) struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Returns whether the flag is set.
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets the flag.
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl WorkerPool {
    /// Holds a lock until all threads have ended, which may be later than the end of the update.
    pub fn hold(&self, lock: UpdateLock) {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.push(lock);
    }

    /// Runs `task` on a thread of its own and returns its result, or `None` when the thread cannot be started or panics.
    /// The task runs to its end even when the returned future is dropped.
    pub(super) fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&StopFlag) -> T + Send + 'static,
    ) -> impl Future<Output = Option<T>> {
        let (sender, receiver) = oneshot::channel();
        let stop = self.stop.clone();
        let thread = thread::Builder::new().spawn(move || {
            // The receiver is gone when the update was interrupted.
            let _ = sender.send(task(&stop));
        });
        if let Ok(thread) = thread {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.retain(|thread| !thread.is_finished());
            threads.push(thread);
        }
        async { receiver.await.ok() }
    }

    /// Returns a core permit for a task, not yet held.
    pub(super) fn core_permit(&self) -> CorePermit {
        CorePermit::new(&self.cores)
    }
}

impl Drop for WorkerPool {
    fn drop(&mut self) {
        self.stop.set();
        let threads = self
            .threads
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            // A panic was reported when it happened.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::state::StateDirectory;
    use crate::update::update_lock::Conflict;

    #[tokio::test(flavor = "current_thread")]
    async fn a_lock_is_held_until_an_abandoned_task_has_ended() {
        let home = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(home.path());
        let lock = || UpdateLock::for_update(home.path(), &state);
        let (pool, (release, waiting)) = (WorkerPool::default(), channel::<()>());
        pool.hold(lock().expect("free"));
        let file = home.path().join("file");
        let task = pool.run(move |_| {
            let _ = waiting.recv();
            std::fs::write(file, "saved")
        });
        drop(task);
        assert_eq!(lock().err(), Some(Conflict::Updating));
        let dropping = thread::spawn(move || drop(pool));
        assert_eq!(lock().err(), Some(Conflict::Updating));
        drop(release);
        dropping.join().expect("it ends");
        assert!(home.path().join("file").exists());
        assert!(lock().is_ok());
    }

    #[tokio::test(flavor = "current_thread")]
    async fn dropping_the_pool_sets_the_stop_flag() {
        let pool = WorkerPool::default();
        let (sender, begun) = channel();
        let task = pool.run(move |stop| {
            assert!(!stop.is_set());
            let _ = sender.send(());
            while !stop.is_set() {
                thread::yield_now();
            }
        });
        begun.recv().expect("it began");
        drop(task);
        // Blocks for ever unless the flag is set.
        drop(pool);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_task_that_panics_has_no_result() {
        let pool = WorkerPool::default();
        assert_eq!(pool.run(|_| 7).await, Some(7));
        let panicked = pool.run(|_| std::panic::resume_unwind(Box::new(())));
        assert_eq!(panicked.await, None);
    }
}
