//! Whether each game accepts logins: fetching, showing, watching, and the table.

pub(crate) mod fetch;
pub mod model;
pub(crate) mod show;
pub mod table;
pub(crate) mod watch;
