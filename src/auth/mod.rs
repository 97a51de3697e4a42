//! One login: which account it is for, where the password and codes come from, remembering, token revocation, and
//! throttling between logins.

pub(crate) mod codes;
mod effects;
pub(crate) mod log_in;
pub mod login_options;
pub(crate) mod login_plan;
pub(crate) mod password;
pub(crate) mod registration;
pub(crate) mod remember;
pub(crate) mod revocation;
pub(crate) mod target;
pub(crate) mod throttle;
mod used_codes;
