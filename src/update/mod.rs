//! Brings a game's files up to date: what a manifest promises is compared with what is there, and what is missing is
//! fetched, verified and put in its place.
//!
//! ```text
//!   manifest ─▶ check ─▶ work ─┬▶ fetch ─▶ unpack ─┬▶ folder
//!               what is        └▶ fetch ─▶ patch ──┘  the game's directory,
//!               missing           one file a thread   and nothing outside of it
//! ```
//!
//! A file is whole or not there: it is written under another name, synced, verified and renamed.

mod arriving;
pub mod cache;
pub mod check;
mod crew;
mod fetch;
pub mod folder;
pub(crate) mod game;
pub mod key;
pub mod lock;
mod make;
pub mod patch;
mod sinks;
mod tries;
pub mod trouble;
mod turn;
mod unpack;
mod work;

use std::time::Duration;

use crate::manifest::FileName;
pub use crew::WorkerPool;
pub use fetch::{Loss, Site};
pub use work::{Error, Work};

/// Hears how it goes.
pub trait Observer {
    /// There is news of a file.
    fn tell(&self, name: &FileName, news: News<'_>);
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News<'a> {
    /// It arrives, or the rest of it: how many packed bytes there are of it, if the server tells, and how many of them
    /// were there already. It may begin again.
    Began {
        /// All packed bytes.
        length: Option<u64>,
        /// Those that were there.
        kept: u64,
    },
    /// So many more packed bytes arrived.
    Received(u64),
    /// It did not work, and is tried again after this pause.
    Again(&'a Loss, Duration),
    /// No patch made it, for this reason; the whole file is fetched.
    NoPatch(&'a str),
    /// It is in its place.
    Placed(How),
}

/// How a file came to be in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// All of it was fetched.
    Whole,
    /// A patch made it from the old one.
    Patched,
}
