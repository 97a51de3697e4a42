//! Wine: the program on the `PATH`, or one that is named.

use std::path::Path;

use super::{Prefix, Runner, Tool};
use crate::base::failure::Failure;
use crate::launch::command::{LaunchCommand, find_program};
use crate::launch::search_paths::SearchPaths;

/// Returns the prefixes in the usual places.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let Some(home) = &paths.home else {
        return Vec::new();
    };
    let others = paths.folders(&home.join(".local/share/wineprefixes"));
    let all = std::iter::once(home.join(".wine")).chain(others);
    all.map(|path| Prefix::new(path, Runner::Wine, Tool::Wine(None)))
        .collect()
}

/// Returns the command in front of the program.
pub(super) fn command(prefix: &Prefix, wine: Option<&Path>) -> Result<LaunchCommand, Failure> {
    let hint = if wine.is_some() {
        "install that Wine again, or name another one with --wine PROGRAM"
    } else {
        "install Wine, name its program with --wine PROGRAM or another --runner, or name a native program with --exe FILE"
    };
    let wine = find_program(wine.unwrap_or(Path::new("wine")), hint)?;
    let mut command = LaunchCommand::of([wine.into()]);
    let path = prefix.path.clone();
    let variable = path.map(|path| ("WINEPREFIX".to_owned(), path.into()));
    command.environment.extend(variable);
    Ok(command)
}
