//! Shortcuts that are files of the menu and of the desktop. A file is this program's own when it names a target, in the
//! way that the format of the system allows.

use std::fs;
use std::path::PathBuf;

#[cfg(target_os = "macos")]
use super::command_file as format;
#[cfg(not(any(windows, target_os = "macos")))]
use super::desktop_entry as format;
use super::folders::folder;
#[cfg(windows)]
use super::shell_link as format;
use super::{FoundShortcut, Shortcut, ShortcutPlace, unwritable};
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::sanitize::escaped;

/// Writes the file of a shortcut and returns its path.
pub(super) fn add(shortcut: &Shortcut, place: ShortcutPlace) -> Result<PathBuf, Failure> {
    let folder = folder(place).ok_or_else(|| {
        Failure::new(
            Reason::Io,
            "there is no home directory for the shortcut",
            "set HOME to your home directory",
        )
    })?;
    let content = format::content(shortcut)?;
    let path = folder.join(format::file_name(shortcut));
    let is_free = match files::read(&path) {
        Ok(None) => true,
        Ok(Some(old)) => format::target(&old).is_some(),
        Err(_) => false,
    };
    if !is_free {
        let name = escaped(&path.to_string_lossy());
        return Err(Failure::new(
            Reason::Io,
            format!("{name} exists and was not made by playcookie"),
            "move or rename that file, then add the shortcut again",
        ));
    }
    let written =
        files::create_dir(&folder).and_then(|()| files::replace(&path, content.as_ref(), false));
    written
        .and_then(|()| make_executable(&path))
        .map_err(|error| unwritable(&path, &error))?;
    #[cfg(not(any(windows, target_os = "macos")))]
    super::icon::install()?;
    Ok(path)
}

/// Desktops start only executable files of the desktop folder.
#[cfg(unix)]
fn make_executable(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}

/// Returns this program's own files of a place, sorted by name.
pub(super) fn list(place: ShortcutPlace) -> Vec<FoundShortcut> {
    let entries = folder(place).and_then(|folder| fs::read_dir(folder).ok());
    let mut paths: Vec<_> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == format::EXTENSION))
        .collect();
    paths.sort();
    let found = |path: PathBuf| {
        let target = format::target(&files::read(&path).ok()??)?;
        Some(FoundShortcut {
            target,
            place,
            path,
        })
    };
    paths.into_iter().filter_map(found).collect()
}

/// Removes the file of a shortcut.
pub(super) fn remove(shortcut: &FoundShortcut) -> Result<(), Failure> {
    files::remove(&shortcut.path).map_err(|error| {
        let path = escaped(&shortcut.path.to_string_lossy());
        Failure::new(
            Reason::Io,
            format!("{path} cannot be removed ({error})"),
            "check that you may write in this folder",
        )
    })
}
