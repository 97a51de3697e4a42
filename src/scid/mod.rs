//! What is peculiar to Supercell ID: its login ends in tokens that are stored, not in a game that is started.

pub(crate) mod client;
pub(crate) mod login;
pub(crate) mod output;
pub(crate) mod stored;
