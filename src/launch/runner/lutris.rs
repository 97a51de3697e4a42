//! Lutris: the prefixes, the Wine and the variables of its games.

use std::path::{Path, PathBuf};

use super::key_values::KeyValues;
use super::prefix::containing;
use super::{Prefix, Runner, Tool, steam, usable_variables, yaml};
use crate::launch::search_paths::SearchPaths;

/// The application's id in Flatpak.
const FLATPAK: &str = "net.lutris.Lutris";

/// Returns the prefixes of its games for Windows.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let native = paths.config_home().zip(paths.data_home());
    let flatpak = paths.flatpak(FLATPAK);
    let flatpak = flatpak.map(|folder| (folder.join("config"), folder.join("data")));
    let all = native.into_iter().chain(flatpak);
    all.flat_map(|(config, data)| {
        let (config, data) = (config.join("lutris"), data.join("lutris"));
        let config = if config.is_dir() {
            config
        } else {
            data.clone()
        };
        let runner = paths.parsed(&config.join("runners/wine.yml"), yaml::parse);
        let runner = runner.unwrap_or_default();
        let games = paths.files(&config.join("games"), "yml").into_iter();
        games
            .filter_map(|game| {
                let game = paths.parsed(&game, yaml::parse)?;
                prefix(&game, &runner, &data, paths)
            })
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Returns the prefix of a game.
fn prefix(
    game: &KeyValues,
    runner: &KeyValues,
    data: &Path,
    paths: &SearchPaths,
) -> Option<Prefix> {
    let path = |keys: &[&str]| {
        let path = game.get(keys).filter(|path| !path.is_empty())?;
        Some(paths.expand(path).unwrap_or_else(|| path.into()))
    };
    let named = path(&["game", "prefix"]);
    if named.is_none() && game.below(&["wine"]).next().is_none() {
        return None;
    }
    let program = path(&["game", "exe"]);
    let program = program.map(|program| match &named {
        // A relative one is below the prefix.
        Some(prefix) => prefix.join(program),
        None => program,
    });
    let folder = named.or_else(|| program.as_deref().and_then(containing))?;
    let both = |keys: &[&str]| game.get(keys).or_else(|| runner.get(keys));
    let version = both(&["wine", "version"]).unwrap_or_default();
    let custom = both(&["wine", "custom_wine_path"]).map(PathBuf::from);
    let variables = [runner, game].into_iter();
    let variables = variables.flat_map(|file| file.table(&["system", "env"]));
    Some(Prefix {
        environment: usable_variables(variables),
        directory: program
            .as_deref()
            .and_then(Path::parent)
            .map(Path::to_owned),
        ..Prefix::new(folder, Runner::Lutris, tool(version, custom, data, paths))
    })
    .filter(|prefix| prefix.path.as_ref().is_some_and(|path| path.is_absolute()))
}

/// Returns the Wine of this version.
fn tool(version: &str, custom: Option<PathBuf>, data: &Path, paths: &SearchPaths) -> Tool {
    let runners = data.join("runners");
    match version {
        "system" => return Tool::Wine(None),
        "custom" => return Tool::Wine(custom),
        "winehq-devel" => return Tool::Wine(Some("/opt/wine-devel/bin/wine".into())),
        "winehq-staging" => return Tool::Wine(Some("/opt/wine-staging/bin/wine".into())),
        _ if version.is_empty() || version.eq_ignore_ascii_case("ge-proton") => {
            return Tool::Umu(Some("GE-Proton".into()));
        }
        _ => {}
    }
    let own = ["proton", "wine"].map(|kind| runners.join(kind).join(version));
    let own = own.into_iter().find(|folder| steam::is_proton(folder));
    let wine = runners.join("wine").join(version).join("bin/wine");
    let of_steam = || {
        let roots = steam::roots(paths);
        roots.iter().find_map(|root| root.tool(version, paths))
    };
    let proton = own.or_else(|| if wine.is_file() { None } else { of_steam() });
    proton.map_or(Tool::Wine(Some(wine)), |folder| Tool::Umu(Some(folder)))
}
