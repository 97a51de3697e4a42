//! A game on this computer, and the prefix that it runs in.

use std::path::{Path, PathBuf};

use super::FindOptions;
use crate::base::failure::Failure;
use crate::games::System;
use crate::launch::runner::{Prefix, Runner, prefix};
use crate::launch::search_paths::SearchPaths;

/// A game that is installed on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledGame {
    /// The path of the program.
    pub program: PathBuf,
    /// The game's directory.
    pub directory: PathBuf,
    /// How it was found: the name of an option or of a runner, or words.
    pub origin: &'static str,
    /// The Wine prefix that it runs in; `None` for a program that this system runs.
    pub prefix: Option<Prefix>,
}

impl InstalledGame {
    /// Returns what runs the program; never [`Runner::Auto`].
    pub fn runner(&self) -> Runner {
        let prefix = self.prefix.as_ref();
        prefix.map_or(Runner::Native, |prefix| prefix.runner)
    }

    /// Returns whether every user may change the program or put files beside it.
    pub fn is_writable_by_everyone(&self) -> bool {
        #[cfg(unix)]
        return [&self.directory, &self.program].into_iter().any(|path| {
            use std::os::unix::fs::PermissionsExt;
            let found = path.metadata();
            found.is_ok_and(|found| found.permissions().mode() & 0o002 != 0)
        });
        #[cfg(not(unix))]
        return false;
    }

    /// Returns the game if its program exists, with the program's name as it is spelled on the disk.
    pub(super) fn existing(self) -> Option<Self> {
        if self.program.is_file() {
            return Some(self.in_own_folder());
        }
        if !is_for_windows(&self.program) {
            return None;
        }
        let name = self.program.file_name()?;
        let mut files = self.program.parent()?.read_dir().ok()?.flatten();
        let spelled = files
            .find(|file| file.file_name().eq_ignore_ascii_case(name))?
            .path();
        spelled.is_file().then(|| {
            Self {
                program: spelled,
                ..self
            }
            .in_own_folder()
        })
    }

    /// Sets the directory of a program for Windows to the program's folder, where it expects its files.
    pub(super) fn in_own_folder(self) -> Self {
        match self.program.parent() {
            Some(folder) if is_for_windows(&self.program) => Self {
                directory: folder.to_owned(),
                ..self
            },
            _ => self,
        }
    }

    /// Returns the system that the program is made for.
    pub fn system(&self) -> System {
        if is_for_windows(&self.program) {
            System::Windows
        } else {
            System::HERE
        }
    }

    /// Returns the game with the prefix that it runs in, unless this system runs it: the one of the options, else that in which
    /// it was found, else that which contains it, else `WINEPREFIX`, else the default of the runner.
    ///
    /// # Errors
    /// When the runner of the options does not know the prefix.
    pub fn with_prefix(self, options: &FindOptions, paths: &SearchPaths) -> Result<Self, Failure> {
        let runner = options.runner;
        if !needs_prefix(runner, self.system()) {
            return Ok(Self {
                prefix: None,
                ..self
            });
        }
        let mut prefix = if let (Some(found), None) = (&self.prefix, &options.prefix) {
            found.clone()
        } else {
            let named = options.prefix.clone();
            let path = named.or_else(|| prefix::containing(&self.program));
            match path.as_ref().or(paths.prefix.as_ref()) {
                Some(path) => prefix::belonging_to(path, runner, paths)?,
                None => prefix::default_of(runner, &self.program, paths)?,
            }
        };
        let [wine, proton] = [&options.wine, &options.proton].map(Option::as_deref);
        prefix.use_tool(wine, proton, paths);
        Ok(Self {
            prefix: Some(prefix),
            ..self
        })
    }
}

/// Whether a program for `system` runs in a prefix.
pub(super) fn needs_prefix(runner: Runner, system: System) -> bool {
    match runner {
        Runner::Auto => system == System::Windows && !cfg!(windows),
        Runner::Native => false,
        _ => true,
    }
}

fn is_for_windows(program: &Path) -> bool {
    program
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("exe"))
}
