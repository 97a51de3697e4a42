//! `CrossOver` on macOS, whose bottles are prefixes.

use std::path::{Path, PathBuf};

use super::{Prefix, Runner, Tool, cannot_start};
use crate::base::failure::Failure;
use crate::launch::command::{LaunchCommand, find_program};
use crate::launch::search_paths::SearchPaths;

/// The program below the application's folder.
const PROGRAM: &str = "Contents/SharedSupport/CrossOver/bin/wine";
/// The folder of the bottles, below the home directory.
const BOTTLES: &str = "Library/Application Support/CrossOver/Bottles";

/// Returns the prefixes of all bottles.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let folder = paths.home.as_ref().map(|home| home.join(BOTTLES));
    let folders = folder.into_iter().flat_map(|folder| paths.folders(&folder));
    folders.filter_map(|path| at(&path)).collect()
}

/// Returns the prefix at a path that is a bottle.
pub(super) fn at(path: &Path) -> Option<Prefix> {
    let is_bottle = path.join("cxbottle.conf").is_file();
    let name = path.file_name()?.to_str().filter(|_| is_bottle)?;
    let tool = Tool::CrossOver(name.to_owned());
    Some(Prefix::new(path.to_owned(), Runner::CrossOver, tool))
}

/// Returns the command in front of the program.
pub(super) fn command(name: &str, paths: &SearchPaths) -> Result<LaunchCommand, Failure> {
    let own = paths.home.as_ref().map(|home| home.join("Applications"));
    let folders = [Some(PathBuf::from("/Applications")), own];
    let mut programs = folders.into_iter().flatten();
    let program = programs
        .find_map(|folder| find_program(folder.join("CrossOver.app").join(PROGRAM), "").ok());
    let program = program.ok_or_else(|| {
        cannot_start(
            "CrossOver is not installed",
            "install it, or name another --runner",
        )
    })?;
    let mut command = LaunchCommand::of([program.into(), "--bottle".into(), name.into()]);
    command
        .environment
        .push(("CX_BOTTLE".to_owned(), name.into()));
    Ok(command)
}
