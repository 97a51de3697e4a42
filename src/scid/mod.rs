//! Supercell ID: its login returns tokens, which are stored, and starts no game.

pub(crate) mod client;
pub(crate) mod login;
pub(crate) mod output;
pub(crate) mod stored;
