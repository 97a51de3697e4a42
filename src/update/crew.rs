//! Threads that work while the network goes on, and that are waited for in the end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::lock::UpdateLock;
use super::turn::{Cores, Turn};

/// The threads of one update. Dropped, it tells them to [stop](Stop) and waits until they have put away what they were at:
/// whoever has something for them is to be dropped before.
#[derive(Debug, Default)]
pub struct WorkerPool {
    stop: Stop,
    threads: Mutex<Vec<JoinHandle<()>>>,
    cores: Arc<Cores>,
    /// Dropped after the threads have ended.
    guards: Mutex<Vec<UpdateLock>>,
}

/// Tells long work that nobody waits for it any more.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether to put away what is done, and do no more.
    pub(super) fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn tell(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl WorkerPool {
    /// Holds a directory until all have put away what they were at: their work is not over when nobody waits for it any
    /// more.
    pub fn hold(&self, guard: UpdateLock) {
        let mut guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        guards.push(guard);
    }

    /// What `work` gives, done on a thread of its own; nothing when there is no thread to be had or it died.
    pub(super) fn start<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> impl Future<Output = Option<T>> {
        let (sender, receiver) = oneshot::channel();
        let stop = self.stop.clone();
        let thread = thread::Builder::new().spawn(move || {
            // Nobody waits for it any more when the update was interrupted.
            let _ = sender.send(work(&stop));
        });
        if let Ok(thread) = thread {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.retain(|thread| !thread.is_finished());
            threads.push(thread);
        }
        async { receiver.await.ok() }
    }

    /// What a thread takes a core with.
    pub(super) fn turn(&self) -> Turn {
        Turn::new(&self.cores)
    }
}

impl Drop for WorkerPool {
    fn drop(&mut self) {
        self.stop.tell();
        let threads = self
            .threads
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            // One that panicked has nothing to put away.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::state::StateDirectory;
    use crate::update::lock::Busy;

    #[tokio::test(flavor = "current_thread")]
    async fn work_that_nobody_waits_for_is_ended_before_the_directory_is_free() {
        let home = tempfile::tempdir().expect("a folder");
        let state = StateDirectory::at(home.path());
        let hold = || UpdateLock::try_update(home.path(), &state);
        let (crew, (release, waiting)) = (WorkerPool::default(), channel::<()>());
        crew.hold(hold().expect("free"));
        let file = home.path().join("file");
        let work = crew.start(move |_| {
            let _ = waiting.recv();
            std::fs::write(file, "put away")
        });
        drop(work);
        assert_eq!(hold().err(), Some(Busy::Updating));
        let last = thread::spawn(move || drop(crew));
        assert_eq!(hold().err(), Some(Busy::Updating));
        drop(release);
        last.join().expect("it ends");
        assert!(home.path().join("file").exists());
        assert!(hold().is_ok());
    }

    #[tokio::test(flavor = "current_thread")]
    async fn work_is_told_to_stop_when_nobody_waits_for_it() {
        let crew = WorkerPool::default();
        let (sender, begun) = channel();
        let work = crew.start(move |stop| {
            assert!(!stop.is_told());
            let _ = sender.send(());
            while !stop.is_told() {
                thread::yield_now();
            }
        });
        begun.recv().expect("it began");
        drop(work);
        // Never ends where the work is not told.
        drop(crew);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn work_that_panics_gives_nothing() {
        let crew = WorkerPool::default();
        assert_eq!(crew.start(|_| 7).await, Some(7));
        let broken = crew.start(|_| std::panic::resume_unwind(Box::new(())));
        assert_eq!(broken.await, None);
    }
}
