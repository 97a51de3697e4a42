//! The Heroic Games Launcher: the prefixes, the Wine and the variables of its games.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::prefix::by_content;
use super::{Prefix, Runner, Tool, umu, usable_variables};
use crate::launch::search_paths::SearchPaths;

/// The application's id in Flatpak.
const FLATPAK: &str = "com.heroicgameslauncher.hgl";

/// Returns the prefixes that the settings of its games name, and those in its usual folder.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let native = paths.config_home();
    let flatpak = paths.flatpak(FLATPAK).map(|folder| folder.join("config"));
    let mut found = Vec::new();
    for folder in native.into_iter().chain(flatpak) {
        let folder = folder.join("heroic");
        let library = paths.parsed(&folder.join("sideload_apps/library.json"), parse);
        for file in paths.files(&folder.join("GamesConfig"), "json") {
            let Some(settings) = paths.parsed(&file, parse) else {
                continue;
            };
            let games = settings.as_object().into_iter().flatten();
            found.extend(games.filter_map(|(name, game)| {
                let directory = library.as_ref().and_then(|it| directory_of(it, name));
                prefix(game, directory, paths)
            }));
        }
    }
    let usual = paths
        .home
        .as_ref()
        .map(|home| home.join("Games/Heroic/Prefixes"));
    let usual = usual.into_iter().flat_map(|folder| {
        let mut folders = paths.folders(&folder.join("default"));
        folders.push(folder.join("shared"));
        folders
    });
    found.extend(usual.map(|path| {
        let known = by_content(&path, paths);
        let tool = known.map_or(Tool::Wine(None), |known| known.tool);
        Prefix::new(path, Runner::Heroic, tool)
    }));
    found
}

/// Parses a file.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    // The error would quote nothing, but its position says little.
    serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())
}

/// Returns the folder of the program of a game in the library.
fn directory_of(library: &Value, name: &str) -> Option<PathBuf> {
    let games = library.get("games")?.as_array()?;
    let is_game = |game: &&Value| game.get("app_name").and_then(Value::as_str) == Some(name);
    let install = games.iter().find(is_game)?.get("install")?;
    let program = Path::new(install.get("executable")?.as_str()?);
    program
        .parent()
        .filter(|folder| folder.is_absolute())
        .map(Path::to_owned)
}

fn prefix(game: &Value, directory: Option<PathBuf>, paths: &SearchPaths) -> Option<Prefix> {
    let path = game.get("winePrefix")?.as_str()?;
    let path = paths.expand(path).unwrap_or_else(|| path.into());
    let version = game.get("wineVersion");
    let text = |key| version.and_then(|version| version.get(key)?.as_str());
    let program = text("bin").map(PathBuf::from);
    let tool = match (text("type"), program) {
        (Some("proton"), program) => {
            // The file is the script in Proton's folder.
            let folder = program.and_then(|program| program.parent().map(Path::to_owned));
            match umu::program(paths) {
                Some(_) => Tool::Umu(folder),
                None => Tool::Proton(folder),
            }
        }
        (_, program) => Tool::Wine(program),
    };
    let options = game.get("enviromentOptions").and_then(Value::as_array);
    let variables = options.into_iter().flatten().filter_map(|option| {
        let text = |key| option.get(key).and_then(Value::as_str);
        Some((text("key")?, text("value")?))
    });
    let bottle = game.get("wineCrossoverBottle").and_then(Value::as_str);
    let bottle = bottle.filter(|_| text("type") == Some("crossover"));
    let bottle = bottle.map(|bottle| ("CX_BOTTLE", bottle));
    Some(Prefix {
        environment: usable_variables(variables.chain(bottle)),
        directory,
        ..Prefix::new(path, Runner::Heroic, tool)
    })
    .filter(|prefix| prefix.path.as_ref().is_some_and(|path| path.is_absolute()))
}
