//! The secret store of the system.

pub mod backend;
pub(crate) mod store;
