//! What runs a game's program: this system, or Wine in one of its many packages. Each runner has a file, which knows the
//! prefixes that the runner's own files name, or the command, or both.
//!
//! ```text
//!   discover   bottles  lutris  heroic  faugus  proton(steam)  umu  wine  crossover   ──▶ Prefix { path, runner, tool }
//!   decide     signs (the prefix's own files) ◀── prefix (which runner a prefix belongs to)
//!   command    Tool: wine │ proton │ umu │ bottles │ crossover                        ──▶ LaunchCommand
//! ```
//!
//! Lutris, Heroic and Faugus have no command: they hand the job to another process and return. Their files name the Wine
//! that their games are run with.

mod bottle_file;
mod bottles;
mod crossover;
mod faugus;
mod heroic;
pub mod inspection;
mod key_values;
mod lutris;
pub mod prefix;
pub mod proton;
mod signs;
pub(super) mod steam;
mod umu;
mod vdf;
mod wine;
mod yaml;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::command::LaunchCommand;
use super::search_paths::SearchPaths;
use crate::base::failure::{Failure, Reason};

/// What runs the game's program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Runner {
    /// This system when the program is made for it, else the runner that the program's prefix belongs to.
    #[default]
    Auto,
    /// This system.
    Native,
    /// Wine.
    Wine,
    /// Proton, as Steam installed it.
    Proton,
    /// umu-launcher, which runs Proton without Steam.
    Umu,
    /// Bottles.
    Bottles,
    /// The Wine that Lutris runs a game with.
    Lutris,
    /// The Wine that Heroic runs a game with.
    Heroic,
    /// The Proton that Faugus runs a game with.
    Faugus,
    /// `CrossOver`.
    CrossOver,
}

impl Runner {
    /// The runners that this system supports.
    pub const ALL: &[Self] = if cfg!(windows) {
        &[Self::Auto, Self::Native]
    } else {
        &[
            Self::Auto,
            Self::Native,
            Self::Wine,
            Self::Proton,
            Self::Umu,
            Self::Bottles,
            Self::Lutris,
            Self::Heroic,
            Self::Faugus,
            Self::CrossOver,
        ]
    };

    /// Returns the name of the runner in options and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Native => "native",
            Self::Wine => "wine",
            Self::Proton => "proton",
            Self::Umu => "umu",
            Self::Bottles => "bottles",
            Self::Lutris => "lutris",
            Self::Heroic => "heroic",
            Self::Faugus => "faugus",
            Self::CrossOver => "crossover",
        }
    }

    /// Returns what the runner is, for the help.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Auto => {
                "This system when the program is made for it, else what the program's prefix belongs to"
            }
            Self::Native => "This system",
            Self::Wine => "Wine",
            Self::Proton => "Proton of Steam",
            Self::Umu => "Proton through umu-launcher",
            Self::Bottles => "Bottles",
            Self::Lutris => "The Wine that Lutris runs the game with",
            Self::Heroic => "The Wine that Heroic runs the game with",
            Self::Faugus => "The Proton that Faugus runs the game with",
            Self::CrossOver => "CrossOver",
        }
    }

    /// Returns the runner of this name, if this system supports it.
    pub fn named(name: &str) -> Option<Self> {
        let mut known = Self::ALL.iter().copied();
        known.find(|runner| runner.name() == name)
    }

    /// Whether the runner runs programs that are in no prefix.
    pub(super) const fn runs_anything(self) -> bool {
        matches!(self, Self::Auto | Self::Native | Self::Wine | Self::Umu)
    }

    /// Returns the prefixes that the runner's own files and folders name, in the order of the search.
    fn prefixes(self, paths: &SearchPaths) -> Vec<Prefix> {
        // Large files of one runner do not keep those of the next one from being read.
        paths.bytes_read.set(0);
        match self {
            Self::Auto | Self::Native => Vec::new(),
            Self::Wine => wine::prefixes(paths),
            Self::Proton => steam::prefixes(paths),
            Self::Umu => umu::prefixes(paths),
            Self::Bottles => bottles::prefixes(paths),
            Self::Lutris => lutris::prefixes(paths),
            Self::Heroic => heroic::prefixes(paths),
            Self::Faugus => faugus::prefixes(paths),
            Self::CrossOver => crossover::prefixes(paths),
        }
    }
}

/// A Wine prefix, and what runs the programs in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// The folder that contains `drive_c`; `None` is the default of the tool.
    pub path: Option<PathBuf>,
    /// The runner that the prefix belongs to.
    pub runner: Runner,
    /// What runs the programs.
    pub tool: Tool,
    /// Additional environment variables that the runner's own files name.
    pub environment: Vec<(String, OsString)>,
    /// The folder of the program that the runner's own files name.
    pub directory: Option<PathBuf>,
}

/// What runs a program in a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tool {
    /// This Wine, else `wine` on the `PATH`.
    Wine(Option<PathBuf>),
    /// Proton of this name or in this folder, else the one that the prefix was used with.
    Proton(Option<PathBuf>),
    /// umu-launcher with Proton of this name or in this folder, else with the one that the prefix was used with.
    Umu(Option<PathBuf>),
    /// Bottles, with the folder that contains `bottle.yml`.
    Bottles(PathBuf),
    /// `CrossOver`, with the name of the bottle.
    CrossOver(String),
}

impl Prefix {
    /// Returns a prefix at `path`, or in the `pfx` in it.
    fn new(path: PathBuf, runner: Runner, tool: Tool) -> Self {
        let inner = path.join("pfx");
        let is_inner = !path.join("drive_c").is_dir() && inner.join("drive_c").is_dir();
        Self {
            path: Some(if is_inner { inner } else { path }),
            ..Self::without_path(runner, tool)
        }
    }

    fn without_path(runner: Runner, tool: Tool) -> Self {
        Self {
            path: None,
            runner,
            tool,
            environment: Vec::new(),
            directory: None,
        }
    }

    /// Returns the folder that contains the prefix and what Proton keeps beside it.
    fn data(&self) -> Option<&Path> {
        let path = self.path.as_deref()?;
        let is_inner = path.file_name().is_some_and(|name| name == "pfx");
        if is_inner { path.parent() } else { Some(path) }
    }

    /// Returns the command that runs a program of a game in this prefix.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when what runs it is not installed.
    pub fn command(
        &self,
        program: &Path,
        directory: &Path,
        arguments: &[OsString],
        paths: &SearchPaths,
    ) -> Result<LaunchCommand, Failure> {
        let mut command = match &self.tool {
            Tool::Wine(wine) => wine::command(self, wine.as_deref())?,
            Tool::Proton(proton) => proton::command(self, proton.as_deref(), directory, paths)?,
            Tool::Umu(proton) => umu::command(self, proton.as_deref(), paths)?,
            Tool::Bottles(folder) => bottles::command(folder, paths)?,
            Tool::CrossOver(name) => crossover::command(name, paths)?,
        };
        command.arguments.push(program.into());
        match self.tool {
            Tool::Bottles(_) => command.arguments.extend(bottles::passed_on(arguments)),
            _ => command.arguments.extend_from_slice(arguments),
        }
        let mut environment = self.environment.clone();
        environment.append(&mut command.environment);
        command.environment = environment;
        Ok(command)
    }

    /// Returns the variables among `names` that the game would not get.
    ///
    /// # Errors
    /// [`Reason::GameStart`] when the runner would pass variables as arguments, or its file cannot be read.
    pub fn withheld_variables(
        &self,
        names: &[&'static str],
        paths: &SearchPaths,
    ) -> Result<Vec<&'static str>, Failure> {
        match &self.tool {
            Tool::Bottles(folder) => bottles::withheld_variables(folder, names, paths),
            _ => Ok(Vec::new()),
        }
    }

    /// Changes the runner's own file so that the game gets these variables, and keeps a copy of it.
    ///
    /// # Errors
    /// [`Reason::Io`] when the file cannot be changed.
    pub fn allow_variables(
        &self,
        names: &[&'static str],
        paths: &SearchPaths,
    ) -> Result<(), Failure> {
        match &self.tool {
            Tool::Bottles(folder) => bottle_file::add_variables(folder, names, paths),
            _ => Ok(()),
        }
    }
}

/// Returns the variables of a launcher's file that can be set: those of this program and those that are no names are left out.
fn usable_variables<'a>(
    variables: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<(String, OsString)> {
    let is_usable = |(name, value): &(&str, &str)| {
        let is_name = !name.is_empty() && !name.contains(['=', '\0']);
        is_name && !value.contains('\0') && !super::command::is_ours(name)
    };
    variables
        .filter(is_usable)
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// Returns a failure of a runner to start a game.
fn cannot_start(message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure::new(Reason::GameStart, message, hint)
}
