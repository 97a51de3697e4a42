//! What this program's environment tells about the desktop: displays, programs that ask for a password, Steam's Game Mode.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;

use super::command::find_program;

/// The programs that ask for a password in a window, the best one first.
pub const PROMPT_PROGRAMS: [&str; 3] = ["pinentry", "kdialog", "zenity"];
/// The variables that name another one.
const PROMPT_VARIABLES: [&str; 2] = ["PLAYCOOKIE_ASKPASS", "SSH_ASKPASS"];

/// The desktop that this program runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desktop {
    /// The displays that the environment names.
    pub displays: Vec<&'static str>,
    /// The file of `XAUTHORITY`, when it cannot be read.
    pub unreadable_authority: Option<PathBuf>,
    /// What can ask for a password in a window: variables that name a program, and programs that are installed.
    pub prompt_helpers: Vec<&'static str>,
    /// Whether this is Steam's Game Mode, which has no terminal.
    pub is_game_mode: bool,
}

impl Desktop {
    /// Returns the desktop that the environment tells of.
    pub fn from_environment() -> Self {
        let named = [("WAYLAND_DISPLAY", "Wayland"), ("DISPLAY", "X11")];
        let named = named.iter().filter(|(name, _)| is_set(name));
        let authority = value("XAUTHORITY").map(PathBuf::from);
        let variables = PROMPT_VARIABLES.into_iter().filter(|name| is_set(name));
        let programs = PROMPT_PROGRAMS.into_iter();
        let programs = programs.filter(|name| find_program(name, "").is_ok());
        Self {
            displays: named.map(|(_, display)| *display).collect(),
            unreadable_authority: authority.filter(|file| File::open(file).is_err()),
            prompt_helpers: variables.chain(programs).collect(),
            is_game_mode: is_game_mode(),
        }
    }
}

/// Whether this is Steam's Game Mode. The variable may name several desktops, with colons between them.
pub fn is_game_mode() -> bool {
    let desktop = value("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let desktop = desktop.to_string_lossy();
    desktop.split(':').any(|name| name == "gamescope")
}

/// Whether a variable of this program's environment is set and not empty.
pub fn is_set(name: &str) -> bool {
    value(name).is_some()
}

/// Returns the name of this user, if the environment tells it.
pub fn user_name() -> Option<String> {
    let names = ["USER", "LOGNAME", "USERNAME"].into_iter();
    let mut names = names.filter_map(|name| value(name)?.into_string().ok());
    names.next()
}

fn value(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
