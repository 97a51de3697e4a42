//! How often a game is looked at.

use std::time::Duration;

use crate::cli::values::Span;
use crate::game::{Game, Title};
use crate::run::pace;

/// The pause that is usual with a game, and the shortest that there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rhythm {
    usual: Duration,
    /// The least time between two looks.
    pub(super) floor: Duration,
    /// Whether other programs of this user look too: they take turns, which is remembered. Nobody else looks at the
    /// stand-in of a rehearsal.
    is_shared: bool,
}

impl Rhythm {
    /// That of the game's own servers (`details.md`), which all programs of this user keep together.
    pub(super) const fn of(title: Title) -> Self {
        let floor = match title {
            Title::Ttcc => 15,
            Title::Ttr | Title::Tlopo => 10,
        };
        Self {
            usual: Duration::from_secs(20),
            floor: Duration::from_secs(floor),
            is_shared: true,
        }
    }

    /// That of a stand-in, which moves every five seconds, is asked by one program alone, and refuses those who ask it
    /// more often than `ttcc` allows. Nothing is remembered.
    pub(super) const fn of_a_rehearsal() -> Self {
        let pause = Duration::from_secs(5);
        Self {
            usual: pause,
            floor: pause,
            is_shared: false,
        }
    }

    /// The pause that was asked for, or the usual one; it may be below the floor.
    pub(super) fn pause(self, typed: Option<Span>) -> Duration {
        typed.map_or(self.usual, |typed| typed.0)
    }

    /// Who is looked at, in words.
    pub(super) fn whom(self, game: &Game) -> String {
        let stand_in = if self.is_shared {
            ""
        } else {
            "the stand-in for "
        };
        format!("{stand_in}{}", game.name)
    }

    /// How long to wait before `game` is looked at, at `origin`: until no program of this user did for a while.
    pub(super) fn turn(self, game: &Game, origin: &str) -> Duration {
        if self.is_shared {
            pace::look(game, origin, self.floor)
        } else {
            Duration::ZERO
        }
    }
}
