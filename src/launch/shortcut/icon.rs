//! The icon of the shortcuts, in the icon theme that every desktop falls back to.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

use super::unwritable;
use crate::base::failure::Failure;
use crate::base::files;

/// The files below the icon theme, and their content.
const FILES: [(&str, &[u8]); 2] = [
    (
        "scalable/apps/playcookie.svg",
        include_bytes!("playcookie.svg"),
    ),
    (PNG, include_bytes!("playcookie.png")),
];
/// The file for programs that read no SVG.
const PNG: &str = "256x256/apps/playcookie.png";

/// Writes the files of the icon that do not exist.
pub(super) fn install() -> Result<(), Failure> {
    for (name, content) in FILES {
        let Some(path) = path(name).filter(|path| !path.exists()) else {
            continue;
        };
        let folder = path.parent().unwrap_or(&path);
        let written = files::create_dir(folder);
        written
            .and_then(|()| files::replace(&path, content, false))
            .map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}

/// Returns the file for programs that read no SVG.
pub(super) fn png() -> Option<PathBuf> {
    path(PNG)
}

/// Removes the files that [`install`] has written; a file with another content is the user's own.
pub(super) fn remove() {
    for (name, content) in FILES {
        let Some(path) = path(name) else {
            continue;
        };
        if matches!(files::read(&path), Ok(Some(found)) if found == content) {
            // An icon that stays does no harm.
            let _ = files::remove(&path);
        }
    }
}

fn path(name: &str) -> Option<PathBuf> {
    let base = choose_base_strategy().ok()?;
    let theme = base.data_dir().join("icons/hicolor");
    theme.is_absolute().then(|| theme.join(name))
}
