//! Utilities that depend on no other layer: one small file each.

pub mod base_url;
pub mod blocking;
pub mod clock;
pub mod core_dumps;
pub mod failure;
pub mod files;
pub mod lenient;
pub mod quantity;
pub mod random;
pub mod redactor;
pub mod resources;
pub mod sanitize;
pub mod secret;
pub mod server_message;
pub mod signals;
pub mod suggestion;
pub mod timestamp;
