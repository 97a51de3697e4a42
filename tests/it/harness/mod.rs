//! What every test of the binary needs: a home, a way to run it, servers to run it against, and a game to start.

pub(crate) mod engine;
pub(crate) mod games;
pub(crate) mod program;
pub(crate) mod scripted;
pub(crate) mod stand_in;
pub(crate) mod tls;

pub(crate) use engine::Engine;
pub(crate) use program::{Ended, Home, Program};
pub(crate) use scripted::{Reaction, Scripted};
pub(crate) use stand_in::StandInServer;
