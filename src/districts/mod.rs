//! Public data of districts: fetching, watching, and the table.

pub(crate) mod condition;
pub(crate) mod fetch;
pub(crate) mod schedule;
pub(crate) mod screen;
pub mod table;
pub(crate) mod watch;
pub(crate) mod words;
