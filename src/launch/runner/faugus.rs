//! Faugus Launcher, which runs its games with umu-launcher: their prefixes and their Proton.

use std::path::Path;

use serde_json::Value;

use super::heroic::parse;
use super::prefix::by_content;
use super::{Prefix, Runner, Tool};
use crate::launch::search_paths::SearchPaths;

/// The application's id in Flatpak.
const FLATPAK: &str = "io.github.Faugus.faugus-launcher";
/// The name of its folders.
const FOLDER: &str = "faugus-launcher";

/// Returns the prefixes of its games, and those in its usual folder.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let native = [paths.data_home(), paths.config_home()];
    let flatpak = paths.flatpak(FLATPAK);
    let flatpak = ["data", "config"].map(|kind| Some(flatpak.as_ref()?.join(kind)));
    let folders = native.into_iter().chain(flatpak).flatten();
    let files = folders.map(|folder| folder.join(FOLDER).join("games.json"));
    let mut found: Vec<Prefix> = Vec::new();
    for list in files.filter_map(|file| paths.parsed(&file, parse)) {
        let games = list.as_array().into_iter().flatten();
        found.extend(games.filter_map(|game| prefix(game, paths)));
    }
    let usual = paths.home.as_ref().map(|home| home.join("Faugus"));
    let usual = usual.into_iter().flat_map(|folder| paths.folders(&folder));
    found.extend(usual.map(|path| Prefix::new(path, Runner::Faugus, Tool::Umu(None))));
    found
}

fn prefix(game: &Value, paths: &SearchPaths) -> Option<Prefix> {
    let text = |key| game.get(key).and_then(Value::as_str);
    let path = text("prefix").filter(|path| !path.is_empty())?;
    let path = paths.expand(path).unwrap_or_else(|| path.into());
    let name = text("runner").unwrap_or_default();
    if name == "Linux-Native" || !path.is_absolute() {
        return None;
    }
    // The newest one has several names.
    let is_newest = name.is_empty() || name.contains("Latest");
    let used = || by_content(&path, paths).map(|known| known.tool);
    let tool = match used() {
        // umu-launcher takes the Proton that the prefix was used with.
        Some(Tool::Umu(_) | Tool::Proton(_)) if is_newest => Tool::Umu(None),
        _ if is_newest => Tool::Umu(Some("GE-Proton".into())),
        _ => Tool::Umu(Some(name.into())),
    };
    let program = text("path").map(Path::new);
    let directory = program.and_then(Path::parent).map(Path::to_owned);
    Some(Prefix {
        directory: directory.filter(|folder| folder.is_absolute()),
        ..Prefix::new(path, Runner::Faugus, tool)
    })
}
