//! Shortcuts that start this program: files of the menu and of the desktop, and entries of Steam.
//!
//! | | menu | desktop |
//! |---|---|---|
//! | Linux | `.desktop` in `applications` | `.desktop` |
//! | macOS | `.command` in `~/Applications` | `.command` |
//! | Windows | `.lnk` in the Start menu | `.lnk` |
//!
//! A shortcut contains the name of what it starts and never a secret.

#[cfg(any(all(test, unix), target_os = "macos"))]
mod command_file;
#[cfg(all(unix, not(target_os = "macos")))]
mod desktop_entry;
mod files;
mod folders;
#[cfg(not(any(windows, target_os = "macos")))]
mod icon;
#[cfg(any(test, windows))]
mod shell_link;
mod steam;
mod steam_client;
pub mod steam_shortcuts;
pub mod vdf;

use std::path::{Path, PathBuf};

use super::command::find_program;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::escaped;
use crate::games::GameId;

/// What is shown and started by a shortcut.
#[derive(Debug, Clone)]
pub struct Shortcut {
    /// What is started: the name of an account, `@group`, or the id of a game.
    pub target: String,
    /// The game, unless the target is a group.
    pub game_id: Option<GameId>,
    /// The absolute path of this program.
    pub program: String,
    /// The arguments. They never contain a secret.
    pub arguments: Vec<String>,
    /// Whether the shortcut opens a terminal.
    pub needs_terminal: bool,
}

impl Shortcut {
    /// Returns the text under the icon.
    pub fn title(&self) -> String {
        title(self.game_id, &self.target)
    }

    /// Returns the name of a file without its extension, such as `playcookie-ttr-alice`.
    pub fn file_stem(&self) -> String {
        let (game_id, target) = (self.game_id, &self.target);
        match (game_id.map(|game_id| game_id.game().id), target) {
            (Some(game), target) if game == target => format!("playcookie-{game}"),
            (Some(game), account) => format!("playcookie-{game}-{account}"),
            (None, group) => format!("playcookie-group-{}", group.trim_start_matches('@')),
        }
    }

    /// Returns the title as the name of a file, for systems that show that name.
    #[cfg(any(test, windows, target_os = "macos"))]
    fn file_title(&self) -> String {
        // The names of games have no other character that a system forbids.
        self.title().replace(':', "")
    }
}

/// Returns the title of the shortcut that starts a target.
fn title(game_id: Option<GameId>, target: &str) -> String {
    match game_id.map(GameId::game) {
        Some(game) if game.id == target => game.name.to_owned(),
        Some(game) => format!("{} ({target})", game.name),
        None => format!("playcookie {target}"),
    }
}

/// Where a shortcut is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortcutPlace {
    /// The library of Steam.
    Steam,
    /// The application menu or the Start menu.
    Menu,
    /// The desktop.
    Desktop,
}

impl ShortcutPlace {
    /// Returns the name in options and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steam => "steam",
            Self::Menu => "menu",
            Self::Desktop => "desktop",
        }
    }
}

/// A shortcut of this program that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundShortcut {
    /// What it starts.
    pub target: String,
    /// Where it is.
    pub place: ShortcutPlace,
    /// The file that contains it.
    pub path: PathBuf,
}

impl FoundShortcut {
    /// Whether it is an entry of a Steam that Flatpak runs, in a sandbox that shows it no program of this system.
    pub fn is_sandboxed(&self) -> bool {
        let application = ".var/app/com.valvesoftware.Steam";
        let mut folders = self.path.ancestors();
        folders.any(|folder| folder.ends_with(application))
    }
}

/// Adds a shortcut, or replaces the one with the same target. Returns the changed files.
///
/// # Errors
/// [`Reason::Io`] when a file cannot be written, or has the name of the shortcut and was not made by this program;
/// [`Reason::TryLater`] when it is for Steam, which runs; [`Reason::Usage`] when the path of this program cannot be part of
/// a shortcut.
pub fn add(shortcut: &Shortcut, place: ShortcutPlace) -> Result<Vec<PathBuf>, Failure> {
    match place {
        ShortcutPlace::Steam => steam::add(shortcut),
        ShortcutPlace::Menu | ShortcutPlace::Desktop => Ok(vec![files::add(shortcut, place)?]),
    }
}

/// Returns the shortcuts of this program.
pub fn list() -> Vec<FoundShortcut> {
    let places = [ShortcutPlace::Menu, ShortcutPlace::Desktop];
    let files = places.into_iter().flat_map(files::list);
    files.chain(steam::list()).collect()
}

/// Removes shortcuts that [`list`] has returned. Steam, which may refuse, is the first.
///
/// # Errors
/// [`Reason::Io`] when a file cannot be changed; [`Reason::TryLater`] when Steam has one of them and runs.
pub fn remove(shortcuts: &[FoundShortcut]) -> Result<(), Failure> {
    let is_steam = |found: &&FoundShortcut| found.place == ShortcutPlace::Steam;
    let (entries, files): (Vec<_>, Vec<_>) = shortcuts.iter().partition(is_steam);
    steam::remove(&entries)?;
    files.into_iter().try_for_each(files::remove)?;
    #[cfg(not(any(windows, target_os = "macos")))]
    if list().is_empty() {
        icon::remove();
    }
    Ok(())
}

/// Returns the absolute path of this program, as the `PATH` has it if it is there: that path stays when a package manager
/// installs another version.
///
/// # Errors
/// As [`path_text`], and [`Reason::Io`] when the system does not know the path.
pub fn program() -> Result<String, Failure> {
    let running = std::env::current_exe().map_err(|error| {
        Failure::new(
            Reason::Io,
            format!("the path of playcookie is unknown ({error})"),
            "start playcookie by its absolute path",
        )
    })?;
    let file = running.canonicalize().ok();
    let on_path = find_program("playcookie", "").ok();
    let on_path = on_path.filter(|path| file.is_some() && path.canonicalize().ok() == file);
    path_text(&on_path.unwrap_or(running))
}

/// Returns a path as a part of a shortcut.
///
/// # Errors
/// [`Reason::Usage`] when it is not UTF-8 or has control characters.
pub fn path_text(path: &Path) -> Result<String, Failure> {
    let text = path.to_str();
    match text.filter(|text| !text.contains(char::is_control)) {
        Some(text) => Ok(text.to_owned()),
        None => Err(unusable(&path.to_string_lossy(), "control characters")),
    }
}

/// The failure for a path that a shortcut cannot contain.
fn unusable(path: &str, what: &str) -> Failure {
    Failure::usage(
        format!(
            "no shortcut can contain the path {}, because of its {what}",
            escaped(path)
        ),
        "move or rename it, then add the shortcut again",
    )
}

/// The failure for a file that cannot be written.
fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let path = escaped(&path.to_string_lossy());
    Failure::new(
        Reason::Io,
        format!("{path} cannot be written ({error})"),
        "check that you may write in this folder and that the disk is not full",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_control_character_is_refused_without_printing_it() {
        let failure = path_text(Path::new("/a\nb/playcookie")).expect_err("a refusal");
        assert_eq!(failure.reason, Reason::Usage);
        assert!(failure.message.contains("/a\\u{a}b/"), "{failure}");
        assert!(path_text(Path::new("/a \"b\"/é%")).is_ok());
    }
}
