//! Shortcuts in the library of Steam: entries in the file `shortcuts.vdf` of each user.

use std::path::{Path, PathBuf};

use super::steam_shortcuts::SteamShortcuts;
use super::{FoundShortcut, Shortcut, ShortcutPlace, steam_client, unwritable};
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::sanitize::escaped;

/// Adds the entry of a shortcut for every user, or changes the one that exists. Returns the files with it.
pub(super) fn add(shortcut: &Shortcut) -> Result<Vec<PathBuf>, Failure> {
    let paths = steam_client::shortcut_files();
    if paths.is_empty() {
        return Err(Failure::new(
            Reason::Io,
            "no user of Steam was found",
            "start Steam, log in there once and end it, then add the shortcut again",
        ));
    }
    let icon = icon();
    change(&paths, |file| file.add(shortcut, &icon))?;
    #[cfg(not(any(windows, target_os = "macos")))]
    super::icon::install()?;
    Ok(paths)
}

/// Returns the path of the icon; empty if Steam cannot be told it.
#[cfg(not(any(windows, target_os = "macos")))]
fn icon() -> String {
    let path = super::icon::png().and_then(|path| super::path_text(&path).ok());
    path.unwrap_or_default()
}

/// Returns nothing: Steam shows the icon of the program itself.
#[cfg(any(windows, target_os = "macos"))]
const fn icon() -> String {
    String::new()
}

/// Returns this program's own entries of every user. A file that cannot be read has none.
pub(super) fn list() -> Vec<FoundShortcut> {
    let mut found = Vec::new();
    for path in steam_client::shortcut_files() {
        let file = read(&path).ok().flatten();
        let targets = file.map(|(_, file)| file.targets()).unwrap_or_default();
        found.extend(targets.into_iter().map(|target| FoundShortcut {
            target,
            place: ShortcutPlace::Steam,
            path: path.clone(),
        }));
    }
    found
}

/// Removes entries that [`list`] has returned.
pub(super) fn remove(entries: &[&FoundShortcut]) -> Result<(), Failure> {
    let mut paths: Vec<_> = entries.iter().map(|found| found.path.clone()).collect();
    paths.dedup();
    let targets: Vec<_> = entries.iter().map(|found| found.target.as_str()).collect();
    change(&paths, |file| file.remove(&targets))
}

/// Changes files, all or none as far as they can be read. The old content of each stays in a copy with the extension `old`.
fn change(paths: &[PathBuf], edit: impl Fn(&mut SteamShortcuts)) -> Result<(), Failure> {
    let mut changed = Vec::new();
    for path in paths {
        let path = files::resolve_links(path);
        let (old, mut file) = read(&path)?.unwrap_or_default();
        let before = file.bytes();
        edit(&mut file);
        let after = file.bytes();
        if after != before {
            changed.push((path, old, after));
        }
    }
    if !changed.is_empty() && steam_client::is_running() {
        return Err(Failure::new(
            Reason::TryLater,
            "Steam is running, and would undo a change of its shortcuts when it ends",
            "end Steam, then run this again",
        ));
    }
    for (path, old, new) in &changed {
        let copy = path.with_added_extension("old");
        let copied = if old.is_empty() {
            Ok(())
        } else {
            files::replace(&copy, old, true)
        };
        copied
            .and_then(|()| files::replace(path, new, true))
            .map_err(|error| unwritable(path, &error))?;
    }
    Ok(())
}

/// Reads a file; `None` when it does not exist.
fn read(path: &Path) -> Result<Option<(Vec<u8>, SteamShortcuts)>, Failure> {
    let failed = |why: &str| {
        let path = escaped(&path.to_string_lossy());
        Failure::new(
            Reason::Io,
            format!("{path} cannot be read ({why})"),
            "start Steam, which repairs its files, and end it, then run this again",
        )
    };
    match files::read(path).map_err(|error| failed(&error.to_string()))? {
        None => Ok(None),
        Some(bytes) => {
            let file = SteamShortcuts::read(&bytes);
            let file =
                file.ok_or_else(|| failed("it does not have the form of a shortcuts.vdf"))?;
            Ok(Some((bytes, file)))
        }
    }
}
