//! Playing: from a list of accounts to their games.

pub(crate) mod enter;
pub(crate) mod hooks;
pub(crate) mod launch_plan;
pub(crate) mod supervise;
pub(crate) mod together;
