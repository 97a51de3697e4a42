//! umu-launcher, which runs Proton in its runtime without Steam.

use std::path::{Path, PathBuf};

use super::{Prefix, Runner, Tool, cannot_start, signs};
use crate::base::failure::Failure;
use crate::launch::command::{LaunchCommand, find_program};
use crate::launch::search_paths::SearchPaths;

/// The Proton that umu-launcher downloads when a prefix was not used with another one.
const NEWEST: &str = "GE-Proton";

/// Returns the program: on the `PATH`, else the one that a launcher brought along.
pub(super) fn program(paths: &SearchPaths) -> Option<PathBuf> {
    let data = paths.data_home().into_iter().flat_map(|data| {
        [
            "faugus-launcher/umu-run",
            "lutris/runtime/umu/umu-run",
            "lutris/runtime/umu/umu_run.py",
        ]
        .map(|below| data.join(below))
    });
    let config = paths.config_home().into_iter();
    let heroic = config.map(|config| config.join("heroic/tools/runtimes/umu/umu_run.py"));
    let mut names = std::iter::once("umu-run".into()).chain(data).chain(heroic);
    names.find_map(|name: PathBuf| find_program(name, "").ok())
}

/// Whether the runtime that it would download is there.
pub(super) fn has_runtime(paths: &SearchPaths) -> bool {
    let Some(data) = paths.data_home().map(|data| data.join("umu")) else {
        return false;
    };
    let folders = paths.folders(&data).into_iter();
    let mut folders = std::iter::once(data).chain(folders);
    folders.any(|folder| folder.join("_v2-entry-point").is_file())
}

/// Returns the prefixes in umu's own folders. `~/Games` holds much else, so that only used ones count there.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let Some(games) = paths.home.as_ref().map(|home| home.join("Games")) else {
        return Vec::new();
    };
    let own = paths.folders(&games.join("umu")).into_iter();
    let stores = paths.folders(&games).into_iter();
    let stores = stores.filter(|store| signs::is_used_by_proton(store));
    own.chain(stores)
        .map(|path| Prefix::new(path, Runner::Umu, Tool::Umu(None)))
        .collect()
}

/// Returns the prefix that umu uses for programs that are in none.
pub(super) fn default_prefix(paths: &SearchPaths) -> Option<Prefix> {
    let home = paths.home.as_ref()?;
    let path = home.join("Games/umu/umu-default");
    Some(Prefix::new(path, Runner::Umu, Tool::Umu(None)))
}

/// Returns the command in front of the program.
pub(super) fn command(
    prefix: &Prefix,
    proton: Option<&Path>,
    paths: &SearchPaths,
) -> Result<LaunchCommand, Failure> {
    let program = program(paths).ok_or_else(|| {
        cannot_start(
            "the program \"umu-run\" is not installed",
            "install umu-launcher, or name another --runner",
        )
    })?;
    let data = prefix
        .data()
        .and_then(|data| std::path::absolute(data).ok());
    // With an empty WINEPREFIX, umu-run prints an error and ends with 0.
    let data =
        data.ok_or_else(|| cannot_start("umu-run needs a prefix", "name it with --prefix DIR"))?;
    let used = || signs::used_proton(&data, paths);
    let proton = proton.map(Path::to_owned).or_else(used);
    let mut command = LaunchCommand::of([program.into()]);
    command.environment = vec![
        ("WINEPREFIX".to_owned(), data.into()),
        ("GAMEID".to_owned(), "umu-default".into()),
        (
            "PROTONPATH".to_owned(),
            proton.unwrap_or_else(|| NEWEST.into()).into(),
        ),
    ];
    Ok(command)
}
