//! Joins the update engine to a game: which files, from which servers, when, and how progress is shown.

mod file_servers;
mod files;
mod list_version;
mod login_update;
mod progress;
mod run;
mod uninstall;
mod wait;

pub(crate) use files::{GameFiles, directory_of};
pub(crate) use login_update::LoginUpdate;
pub(crate) use run::GameUpdate;
pub(crate) use uninstall::Installation;
