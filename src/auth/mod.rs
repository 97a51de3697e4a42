//! One login: where the password and codes come from, remembering, token revocation, and errors in sentences.

pub(crate) mod codes;
pub(crate) mod effects;
pub(crate) mod failures;
pub(crate) mod games;
pub(crate) mod log_in;
pub(crate) mod login_plan;
pub(crate) mod password;
pub(crate) mod remember;
pub(crate) mod revocation;
pub(crate) mod target;
pub(crate) mod throttle;
pub(crate) mod used_codes;
