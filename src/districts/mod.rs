//! Public data of districts: fetching, watching, and the table.

mod condition;
pub(crate) mod fetch;
pub mod options;
pub(crate) mod schedule;
mod screen;
pub(crate) mod table;
pub(crate) mod watch;
mod words;

pub use condition::Condition;
