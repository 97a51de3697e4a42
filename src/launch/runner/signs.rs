//! What a prefix's own files and place tell about the runner that it belongs to.

use std::path::{Path, PathBuf};

use super::{Prefix, Runner, Tool};
use crate::launch::search_paths::SearchPaths;

/// Returns the prefix at a path with the runner that its place names: a bottle, or a folder of Steam.
pub(super) fn by_place(path: &Path) -> Option<Prefix> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let both = [path, real.as_path()];
    let bottle = both.into_iter().find_map(bottle_above);
    if let Some(bottle) = bottle {
        let tool = Tool::Bottles(bottle);
        return Some(Prefix::new(path.to_owned(), Runner::Bottles, tool));
    }
    let steam = both.into_iter().find(|path| app_id(path).is_some())?;
    let tool = Tool::Proton(None);
    Some(Prefix::new(steam.to_owned(), Runner::Proton, tool))
}

/// Returns the nearest folder at or above a path that is a bottle.
pub(super) fn bottle_above(path: &Path) -> Option<PathBuf> {
    let mut folders = path.ancestors();
    folders
        .find(|folder| folder.join("bottle.yml").is_file())
        .map(Path::to_owned)
}

/// Returns the id in `compatdata/<id>/pfx`.
pub(super) fn app_id(path: &Path) -> Option<u32> {
    let data = if path.ends_with("pfx") {
        path.parent()?
    } else {
        path
    };
    let is_steams = data.parent()?.ends_with("compatdata");
    data.file_name()?
        .to_str()?
        .parse()
        .ok()
        .filter(|_| is_steams)
}

/// Returns whether Proton has created or used the prefix in a folder.
pub(super) fn is_used_by_proton(path: &Path) -> bool {
    let data = match path.parent() {
        Some(parent) if path.ends_with("pfx") => parent,
        _ => path,
    };
    let inner = || data.join("pfx").symlink_metadata().is_ok();
    data.join("config_info").is_file() || (data.join("version").is_file() && inner())
}

/// Returns the folder of the Proton that a prefix was last used with, from the `config_info` in `data`.
pub(super) fn used_proton(data: &Path, paths: &SearchPaths) -> Option<PathBuf> {
    let text = paths.text(&data.join("config_info"))?;
    let fonts = text.lines().nth(1)?;
    let ends = ["/files/share/fonts/", "/dist/share/fonts/"];
    let mut folders = ends.iter().filter_map(|end| fonts.strip_suffix(end));
    let folder = PathBuf::from(folders.next()?);
    (folder.is_absolute() && folder.is_dir()).then_some(folder)
}
