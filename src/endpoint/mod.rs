//! Where requests go.

pub(crate) mod exchange;
pub(crate) mod public;
