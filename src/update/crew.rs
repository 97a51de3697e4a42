//! Threads that work while the network goes on, and that are waited for in the end.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::lock::Guard;

/// The threads of one update. Dropped, it waits until they have put away what they were at: whoever has something for
/// them is to be dropped before.
#[derive(Debug, Default)]
pub struct Crew {
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Dropped after the threads have ended.
    guards: Mutex<Vec<Guard>>,
}

impl Crew {
    /// Holds a directory until all have put away what they were at: their work is not over when nobody waits for it any
    /// more.
    pub fn hold(&self, guard: Guard) {
        let mut guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        guards.push(guard);
    }

    /// What `work` gives, done on a thread of its own; nothing when there is no thread to be had or it died.
    pub(super) fn start<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Option<T>> {
        let (sender, receiver) = oneshot::channel();
        let thread = thread::Builder::new().spawn(move || {
            // Nobody waits for it any more when the update was interrupted.
            let _ = sender.send(work());
        });
        if let Ok(thread) = thread {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.retain(|thread| !thread.is_finished());
            threads.push(thread);
        }
        async { receiver.await.ok() }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
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
