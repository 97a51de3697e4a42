//! Several games that run at once, waited for together.

#[cfg(all(test, unix))]
mod tests;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::start::Running;
use crate::base::failure::Failure;
use crate::base::signals::Signal;

/// Games that run at once, each with a value that is returned when it ends. Dropped, it leaves them running.
#[derive(Debug)]
pub struct Several<T> {
    games: Vec<(T, Running)>,
}

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self { games: Vec::new() }
    }
}

impl<T> Several<T> {
    /// Adds a game that was started.
    pub fn push(&mut self, value: T, game: Running) {
        self.games.push((value, game));
    }

    /// Whether none is left to wait for.
    pub fn is_empty(&self) -> bool {
        self.games.is_empty()
    }

    /// Waits until one of them ends, takes it out, and gives its value and its status, 128 + n when signal n ended
    /// it. Where there is none it waits for ever. Dropped early, it loses nothing.
    ///
    /// # Errors
    /// In the second place: [`Reason::Internal`](crate::base::failure::Reason::Internal) when the system does not tell how that
    /// game ended, which is taken out all the same.
    pub async fn next_ended(&mut self) -> (T, Result<i32, Failure>) {
        let waits = self.games.iter_mut().map(|(_, game)| game.ended());
        let mut waits: Vec<Pin<Box<_>>> = waits.map(Box::pin).collect();
        let (place, ended) = poll_fn(|context| {
            let ended = waits.iter_mut().enumerate().find_map(|(place, wait)| {
                match wait.as_mut().poll(context) {
                    Poll::Ready(ended) => Some((place, ended)),
                    Poll::Pending => None,
                }
            });
            ended.map_or(Poll::Pending, Poll::Ready)
        })
        .await;
        drop(waits);
        // Nothing waits between its end and here, so a caller that stops waiting misses none.
        let (value, _) = self.games.remove(place);
        (value, ended)
    }

    /// Passes a signal on to each that still runs, as [`Running::pass_on`] does.
    pub fn pass_on(&self, signal: Signal) {
        for (_, game) in &self.games {
            game.pass_on(signal);
        }
    }
}
