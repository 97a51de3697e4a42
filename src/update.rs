//! Brings a game's directory to what its manifest says: whole files or nothing, and never outside of it.

pub mod cache;
pub mod check;
pub mod folder;
pub mod key;
pub mod lock;
pub mod trouble;
