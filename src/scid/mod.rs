//! What is peculiar to Supercell ID.

pub(crate) mod desk;
pub(crate) mod kept;
pub(crate) mod throttle;
