//! What every test of the binary needs: a home, a way to run it, servers to run it against, and a game to start.

pub(crate) mod engine;
pub(crate) mod program;
#[cfg(unix)]
pub(crate) mod pty;
pub(crate) mod scripted;
pub(crate) mod stand_in;
pub(crate) mod tls;
pub(crate) mod until;

pub(crate) use engine::Engine;
#[cfg(unix)]
pub(crate) use program::Signalled;
pub(crate) use program::{Ended, Home, Program};
#[cfg(unix)]
pub(crate) use pty::{CTRL_C, CTRL_D, Prompt, Pty};
pub(crate) use scripted::{Reaction, Scripted};
pub(crate) use stand_in::StandInServer;
pub(crate) use until::until;
