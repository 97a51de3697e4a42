//! Where config.toml is, and reading and writing it.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::AppStrategy;

use super::document::ConfigurationDocument;
use super::{Configuration, ConfigurationError};
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::files::FileLock;
use crate::base::sanitize::quoted;

/// The configuration file of this user.
#[derive(Debug, Clone)]
pub(crate) struct ConfigFile {
    path: Option<PathBuf>,
    /// Whether the user gave the path, so that a missing file is an error.
    is_explicit: bool,
}

impl ConfigFile {
    /// Returns the file at the path that the user gave, or else `playcookie/config.toml` in the configuration directory of
    /// the system.
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        let default = || {
            let folder = files::program_directories()?.config_dir();
            folder.is_absolute().then(|| folder.join("config.toml"))
        };
        Self {
            is_explicit: path.is_some(),
            path: path
                .map(|path| std::path::absolute(&path).unwrap_or(path))
                .or_else(default),
        }
    }

    /// Returns the path of the file, which may not exist.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the system names no home directory.
    pub(crate) fn path(&self) -> Result<&Path, Failure> {
        self.path.as_deref().ok_or_else(|| {
            Failure::new(
                Reason::Configuration,
                "there is no home directory for config.toml",
                "set HOME, or give a file with --config FILE",
            )
        })
    }

    /// Returns the path if the user gave it.
    pub(crate) fn explicit_path(&self) -> Option<&Path> {
        self.path.as_deref().filter(|_| self.is_explicit)
    }

    /// Reads the configuration. A missing file is an empty configuration.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file cannot be read or is invalid, or when the user gave its path and it does not
    /// exist.
    pub(crate) fn load(&self) -> Result<Configuration, Failure> {
        let Some(path) = &self.path else {
            return Ok(Configuration::default());
        };
        match self.text()? {
            Some(text) => Configuration::read(&text).map_err(|error| self.invalid(&error)),
            None if self.is_explicit => Err(Failure::new(
                Reason::Configuration,
                format!("there is no configuration at {}", path.display()),
                "check the path given to --config or PLAYCOOKIE_CONFIG",
            )),
            None => Ok(Configuration::default()),
        }
    }

    /// Returns whether the file exists and other users may read it.
    pub(crate) fn is_readable_by_others(&self) -> bool {
        #[cfg(unix)]
        return self.path().is_ok_and(|path| {
            use std::os::unix::fs::PermissionsExt;
            const OTHERS_MAY_READ: u32 = 0o044;
            let found = path.metadata();
            found.is_ok_and(|found| found.permissions().mode() & OTHERS_MAY_READ != 0)
        });
        #[cfg(not(unix))]
        return false;
    }

    /// Like [`Self::load`] for a command that may create the file: a missing file is never an error.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file cannot be read or is invalid.
    pub(crate) fn load_or_new(&self) -> Result<Configuration, Failure> {
        let file = Self {
            is_explicit: false,
            ..self.clone()
        };
        file.load()
    }

    /// Reads the text of the file, or returns `None` when the file does not exist.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file cannot be read or is not UTF-8.
    pub(crate) fn text(&self) -> Result<Option<String>, Failure> {
        let text = self.bytes()?.map(String::from_utf8).transpose();
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
        let path = self.path()?;
        text.map_err(|_| unreadable(path, &invalid()))
    }

    /// Reads the bytes of the file, or returns `None` when the file does not exist.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file cannot be read.
    pub(crate) fn bytes(&self) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.path()?;
        files::read_own(path).map_err(|error| unreadable(path, &error))
    }

    /// Reads the document, which is empty when there is no file.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file cannot be read or is invalid.
    pub(crate) fn document(&self) -> Result<ConfigurationDocument, Failure> {
        let text = self.text()?.unwrap_or_default();
        let document = ConfigurationDocument::parse(&text);
        document.map_err(|error| self.invalid(&error))
    }

    /// Locks the file for an edit until the returned value is dropped. Blocks while another process holds the lock, for a
    /// few seconds at most.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the file is invalid, [`Reason::TryLater`] when another process holds the lock for
    /// longer, [`Reason::Io`] when the file cannot be locked.
    pub(crate) fn edit(&self) -> Result<ConfigurationEdit, Failure> {
        let path = self.path()?.to_owned();
        let target = files::resolve_links(&path);
        let lock = files::lock(&target).map_err(|error| unwritable(&path, &error))?;
        let text = self.text()?;
        let document = ConfigurationDocument::parse(text.as_deref().unwrap_or_default());
        let document = document.map_err(|error| self.invalid(&error))?;
        Ok(ConfigurationEdit {
            _lock: lock,
            file: self.clone(),
            path,
            target,
            text,
            document,
        })
    }

    /// Replaces the content of the file if it still is `old`.
    ///
    /// # Errors
    /// As [`ConfigFile::edit`]; [`Reason::TryLater`] when the content is not `old`.
    pub(crate) fn replace(&self, old: Option<&[u8]>, new: &[u8]) -> Result<(), Failure> {
        let path = self.path()?;
        let target = files::resolve_links(path);
        let _lock = files::lock(&target).map_err(|error| unwritable(path, &error))?;
        if self.bytes()?.as_deref() != old {
            return Err(Failure::new(
                Reason::TryLater,
                format!("another program changed {}", path.display()),
                "run it again; nothing was written",
            ));
        }
        files::replace(&target, new, true).map_err(|error| unwritable(path, &error))
    }

    /// Returns this command of this program in backquotes, with `--config` if the user gave the path.
    pub(crate) fn command(&self, words: &str) -> String {
        let option = match self.explicit_path() {
            Some(path) => format!(" --config {}", quoted(path)),
            None => String::new(),
        };
        format!("`playcookie {words}{option}`")
    }

    fn invalid(&self, error: &ConfigurationError) -> Failure {
        let path = self.path.as_deref().unwrap_or(Path::new("config.toml"));
        let path = path.display();
        let open = format!("open the file with {}", self.command("config edit"));
        let hint = match error.suggestion {
            Some(key) => format!("did you mean \"{key}\"? {open}"),
            None => open,
        };
        Failure::new(
            Reason::Configuration,
            format!("the configuration {path} is invalid, {error}"),
            hint,
        )
    }
}

/// An edit of the file, which holds the lock of the file.
#[derive(Debug)]
pub(crate) struct ConfigurationEdit {
    _lock: FileLock,
    file: ConfigFile,
    path: PathBuf,
    /// The path with all links resolved.
    target: PathBuf,
    /// The text of the file before the edit; nothing when there was no file.
    text: Option<String>,
    /// The document to edit.
    pub document: ConfigurationDocument,
}

impl ConfigurationEdit {
    /// Returns the configuration after the edit.
    ///
    /// # Errors
    /// [`Reason::Configuration`] when the edited document is invalid, which is a bug.
    pub(crate) fn edited(&self) -> Result<Configuration, Failure> {
        Configuration::read(&self.document.text()).map_err(|error| self.file.invalid(&error))
    }

    /// Writes the edited document, if it differs from the file.
    ///
    /// # Errors
    /// [`Reason::Io`] when the file cannot be written; then it is unchanged.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        if !self.is_changed() {
            return Ok(());
        }
        let written = files::replace(&self.target, self.document.text().as_bytes(), true);
        written.map_err(|error| unwritable(&self.path, &error))
    }

    /// Undoes [`Self::write`], while the file is still locked.
    ///
    /// # Errors
    /// [`Reason::Io`] when the file cannot be written.
    pub(crate) fn undo(&self) -> Result<(), Failure> {
        let undone = match &self.text {
            _ if !self.is_changed() => Ok(()),
            Some(text) => files::replace(&self.target, text.as_bytes(), true),
            None => files::remove(&self.target),
        };
        undone.map_err(|error| unwritable(&self.path, &error))
    }

    fn is_changed(&self) -> bool {
        self.document.text() != self.text.as_deref().unwrap_or_default()
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let mend = match (error.kind(), quoted(path)) {
        _ if cfg!(windows) => "check that it is your own text file".to_owned(),
        (io::ErrorKind::PermissionDenied, file) => {
            format!(
                "look through it, since it names commands, then run `sudo chown \"$USER\" {file} && chmod u+rw,go-w {file}`"
            )
        }
        (io::ErrorKind::Other, file) => {
            format!("look through it, since it names commands, then run `chmod go-w {file}`")
        }
        _ => "check that it is a text file".to_owned(),
    };
    Failure::new(
        Reason::Configuration,
        format!(
            "the configuration {} cannot be read ({error})",
            path.display()
        ),
        format!("{mend}, or give another with --config FILE"),
    )
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::WouldBlock {
        return Failure::new(
            Reason::TryLater,
            format!("another program is changing {}", path.display()),
            "wait for it, then run it again; nothing was written",
        );
    }
    Failure::new(
        Reason::Io,
        format!("{} cannot be written ({error})", path.display()),
        "check the disk, and that you may write the file and its folder",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::CredentialKind;

    #[test]
    fn an_edit_that_makes_the_file_invalid_has_no_configuration() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        let alice = "[accounts.alice]\ngame = \"ttr\"\nusername = \"alice\"\n";
        std::fs::write(&path, alice).expect("a file");
        let mut edit = ConfigFile::new(Some(path)).edit().expect("an edit");
        assert_eq!(edit.edited().as_ref(), Ok(&edit.document.original));
        // The game has no tokens.
        edit.document.set_kept("alice", &[CredentialKind::Token]);
        let reason = edit.edited().map_err(|failure| failure.reason);
        assert_eq!(reason, Err(Reason::Configuration));
    }
}
