//! Where config.toml is, and how it is read and written.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use super::change::Change;
use super::{Configuration, ConfigurationError};
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::files::FileLock;

/// The file of this user's configuration.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    path: Option<PathBuf>,
    /// Whether it was named, so that it has to be there.
    named: bool,
}

impl ConfigFile {
    /// The one that was named, else `playcookie/config.toml` in the platform's configuration directory.
    pub fn of(named: Option<PathBuf>) -> Self {
        let usual = || {
            let arguments = AppStrategyArgs {
                top_level_domain: String::new(),
                author: String::new(),
                app_name: "playcookie".to_owned(),
            };
            let folder = choose_app_strategy(arguments).ok()?.config_dir();
            folder.is_absolute().then(|| folder.join("config.toml"))
        };
        Self {
            named: named.is_some(),
            path: named
                .map(|path| std::path::absolute(&path).unwrap_or(path))
                .or_else(usual),
        }
    }

    /// The file's path, whether it is there or not.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the system names no home directory.
    pub fn path(&self) -> Result<&Path, Failure> {
        self.path.as_deref().ok_or_else(|| {
            Failure::new(
                Reason::Configuration,
                "there is no home directory to keep config.toml in",
                "set HOME, or name a file with --config FILE",
            )
        })
    }

    /// What the file says; nothing where there is none.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when it cannot be read, is not understood, or was named and is not there.
    pub fn load(&self) -> Result<Configuration, Failure> {
        let Some(path) = &self.path else {
            return Ok(Configuration::default());
        };
        match self.text()? {
            Some(text) => Configuration::read(&text).map_err(|flaw| broken(path, &flaw)),
            None if self.named => Err(Failure::new(
                Reason::Configuration,
                format!("there is no configuration at {}", path.display()),
                "check the path given to --config or PLAYCOOKIE_CONFIG",
            )),
            None => Ok(Configuration::default()),
        }
    }

    /// The same for a command that may make the file: one that was named need not be there.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when it cannot be read or is not understood.
    pub fn load_or_new(&self) -> Result<Configuration, Failure> {
        let unnamed = Self {
            named: false,
            ..self.clone()
        };
        unnamed.load()
    }

    /// The file's text; nothing where there is none.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when it cannot be read.
    pub fn text(&self) -> Result<Option<String>, Failure> {
        let text = self.content()?.map(String::from_utf8).transpose();
        text.map_err(|_| unreadable(self.path.as_deref(), "it is not UTF-8"))
    }

    /// The file's bytes, whatever they are; nothing where there is none.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when it cannot be read.
    pub fn content(&self) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.path()?;
        files::read(path).map_err(|error| unreadable(Some(path), &error.to_string()))
    }

    /// Begins to change the file: nobody else does until the draft is dropped. Blocks while others do, a few seconds at
    /// most.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file is not understood, [`Reason::TryLater`] when others hold it for seconds,
    /// [`Reason::Io`] when it cannot be locked.
    pub fn draft(&self) -> Result<ConfigurationEdit, Failure> {
        let path = self.path()?.to_owned();
        let target = files::resolve_links(&path);
        let lock = files::lock(&target).map_err(|error| unwritable(&path, &error))?;
        let text = self.text()?.unwrap_or_default();
        let change = Change::of(&text).map_err(|flaw| broken(&path, &flaw))?;
        Ok(ConfigurationEdit {
            _lock: lock,
            path,
            target,
            text,
            change,
        })
    }

    /// Puts a whole new content in the file's place, unless its content is not `old` any more.
    ///
    /// # Errors
    /// As [`ConfigFile::draft`]; [`Reason::TryLater`] when somebody else changed it meanwhile.
    pub fn exchange(&self, old: Option<&[u8]>, new: &[u8]) -> Result<(), Failure> {
        let path = self.path()?;
        let target = files::resolve_links(path);
        let _lock = files::lock(&target).map_err(|error| unwritable(path, &error))?;
        if self.content()?.as_deref() != old {
            return Err(Failure::new(
                Reason::TryLater,
                format!(
                    "{} was changed by another program meanwhile",
                    path.display()
                ),
                "nothing was written",
            ));
        }
        files::replace(&target, new, true).map_err(|error| unwritable(path, &error))
    }
}

/// A change to the file that is being made.
#[derive(Debug)]
pub struct ConfigurationEdit {
    _lock: FileLock,
    path: PathBuf,
    /// What the path leads to.
    target: PathBuf,
    text: String,
    /// The change, of the newest text.
    pub change: Change,
}

impl ConfigurationEdit {
    /// Puts what was changed in place; a change of nothing writes nothing.
    ///
    /// # Errors
    /// [`Reason::Io`] when it cannot be written; then the file is as it was.
    pub fn write(&self) -> Result<(), Failure> {
        let new = self.change.text();
        if new == self.text {
            return Ok(());
        }
        files::replace(&self.target, new.as_bytes(), true)
            .map_err(|error| unwritable(&self.path, &error))
    }

    /// Puts back what was there before, as long as nobody else could change it.
    ///
    /// # Errors
    /// [`Reason::Io`] when it cannot be written.
    pub fn undo(&self) -> Result<(), Failure> {
        files::replace(&self.target, self.text.as_bytes(), true)
            .map_err(|error| unwritable(&self.path, &error))
    }
}

/// A configuration that is not understood.
fn broken(path: &Path, flaw: &ConfigurationError) -> Failure {
    let hint = match flaw.meant {
        Some(meant) => format!("did you mean \"{meant}\"? `playcookie config edit` opens the file"),
        None => "`playcookie config edit` opens the file".to_owned(),
    };
    Failure::new(
        Reason::Configuration,
        format!("{}, {flaw}", path.display()),
        hint,
    )
}

fn unreadable(path: Option<&Path>, why: &str) -> Failure {
    let path = path.unwrap_or(Path::new("config.toml"));
    Failure::new(
        Reason::Configuration,
        format!(
            "the configuration {} cannot be read ({why})",
            path.display()
        ),
        "check that it is a text file of yours, or name another with --config FILE",
    )
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::WouldBlock {
        return Failure::new(
            Reason::TryLater,
            format!("another program is changing {}", path.display()),
            "wait for it, then run this again; nothing was written",
        );
    }
    Failure::new(
        Reason::Io,
        format!("{} cannot be written ({error})", path.display()),
        "check the disk, and that the file and its folder are yours",
    )
}
