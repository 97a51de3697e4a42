//! Brings a game's directory to what its manifest says: whole files or nothing, and never outside of it.

pub mod folder;
pub mod key;
pub mod trouble;
