//! Whether each game accepts logins: fetching and the table.

pub(crate) mod fetch;
pub mod model;
pub mod table;
