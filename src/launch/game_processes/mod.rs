//! The processes of several games.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::game_process::GameProcess;
use crate::base::failure::Failure;
use crate::base::signals::Signal;

/// The processes of several games, each with a value that the caller chooses. Dropping it leaves the games running.
#[derive(Debug)]
pub struct GameProcesses<T> {
    games: Vec<(T, GameProcess)>,
}

impl<T> Default for GameProcesses<T> {
    fn default() -> Self {
        Self { games: Vec::new() }
    }
}

impl<T> GameProcesses<T> {
    /// Adds a game; [`next_exit`](Self::next_exit) returns its value.
    pub fn push(&mut self, value: T, game: GameProcess) {
        self.games.push((value, game));
    }

    /// Whether no game runs.
    pub fn is_empty(&self) -> bool {
        self.games.is_empty()
    }

    /// Waits until a game ends, removes it, and returns its value and its exit status, 128 + n when signal n ended it. Waits
    /// for ever when there is no game. The future may be dropped at any time.
    ///
    /// # Errors
    /// Beside the value: [`Reason::Internal`](crate::base::failure::Reason::Internal) when the system does not report the exit
    /// status; the game is removed all the same.
    pub async fn next_exit(&mut self) -> (T, Result<i32, Failure>) {
        let waits = self.games.iter_mut().map(|(_, game)| game.exit_status());
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
        // There is no await between the end of the game and its removal, so dropping the future loses no status.
        let (value, _) = self.games.remove(place);
        (value, ended)
    }

    /// Forwards a signal to each game, as [`GameProcess::forward`] does.
    pub fn forward(&self, signal: Signal) {
        for (_, game) in &self.games {
            game.forward(signal);
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
