//! Joins the update engine to a game: mirrors, manifests, policy and progress.

pub(crate) mod at_login;
pub(crate) mod failures;
pub(crate) mod files;
pub(crate) mod hosts;
pub(crate) mod job;
pub(crate) mod progress;
pub(crate) mod wait;
