//! The folders of the menu and of the desktop.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

use super::ShortcutPlace;

/// Returns the folder of a place; `None` without a home directory, and for Steam, which has none.
pub(super) fn folder(place: ShortcutPlace) -> Option<PathBuf> {
    let base = choose_base_strategy().ok();
    let base = base.filter(|base| base.home_dir().is_absolute())?;
    match place {
        ShortcutPlace::Menu => Some(menu(&base)),
        ShortcutPlace::Desktop => Some(desktop(&base)),
        ShortcutPlace::Steam => None,
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
fn menu(base: &impl BaseStrategy) -> PathBuf {
    base.data_dir().join("applications")
}

#[cfg(target_os = "macos")]
fn menu(base: &impl BaseStrategy) -> PathBuf {
    base.home_dir().join("Applications")
}

#[cfg(windows)]
fn menu(base: &impl BaseStrategy) -> PathBuf {
    let names = ["Microsoft", "Windows", "Start Menu", "Programs"];
    names
        .iter()
        .fold(base.data_dir(), |folder, name| folder.join(name))
}

/// Returns the desktop folder, which has a translated name on many systems.
#[cfg(not(any(windows, target_os = "macos")))]
fn desktop(base: &impl BaseStrategy) -> PathBuf {
    let file = base.config_dir().join("user-dirs.dirs");
    let content = crate::base::files::read(&file).ok().flatten();
    let content = content.and_then(|content| String::from_utf8(content).ok());
    let home = base.home_dir();
    let named = content.and_then(|text| named_desktop(&text, home));
    named.unwrap_or_else(|| home.join("Desktop"))
}

#[cfg(not(any(windows, target_os = "macos")))]
fn named_desktop(text: &str, home: &std::path::Path) -> Option<PathBuf> {
    let mut values = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("XDG_DESKTOP_DIR="));
    // A shell would read the file, so the last value counts.
    let [value] = shlex::split(values.next_back()?)?.try_into().ok()?;
    let folder = match value.strip_prefix("$HOME") {
        Some(below) if below.is_empty() || below.starts_with('/') => {
            home.join(below.trim_start_matches('/'))
        }
        _ => value.into(),
    };
    folder.is_absolute().then_some(folder)
}

#[cfg(target_os = "macos")]
fn desktop(base: &impl BaseStrategy) -> PathBuf {
    base.home_dir().join("Desktop")
}

/// Returns the desktop folder, which OneDrive may have moved.
#[cfg(windows)]
fn desktop(base: &impl BaseStrategy) -> PathBuf {
    let usual = base.home_dir().join("Desktop");
    let moved = std::env::var_os("OneDrive").map(|folder| PathBuf::from(folder).join("Desktop"));
    let moved = moved.filter(|folder| !usual.is_dir() && folder.is_dir());
    moved.unwrap_or(usual)
}

#[cfg(all(test, not(any(windows, target_os = "macos"))))]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_desktop_folder_is_the_one_that_the_system_names() {
        let desktop = |text| named_desktop(text, Path::new("/home/alice"));
        for (text, expected) in [
            (
                "# XDG_DESKTOP_DIR=\"$HOME/No\"\nXDG_DESKTOP_DIR=\"$HOME/Büro 1\"\n",
                Some("/home/alice/Büro 1"),
            ),
            ("XDG_DESKTOP_DIR=\"$HOME/\"", Some("/home/alice")),
            ("XDG_DESKTOP_DIR=\"/data/a\\\"b\"", Some("/data/a\"b")),
            ("XDG_DESKTOP_DIR=\"/a\"\nXDG_DESKTOP_DIR=\"/b\"", Some("/b")),
            ("XDG_DESKTOP_DIR=\"$HOMEX/a\"", None),
            ("XDG_DESKTOP_DIR=\"a", None),
            ("XDG_DESKTOP_DIR=", None),
            ("", None),
        ] {
            assert_eq!(desktop(text), expected.map(PathBuf::from), "{text}");
        }
    }
}
