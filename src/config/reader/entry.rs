//! A key of config.toml with its value and its position.

use std::path::PathBuf;
use std::str::FromStr;

use toml_edit::{Item, Key, TableLike};

use super::{ConfigurationError, error_at};
use crate::base::sanitize::clean;
use crate::base::suggestion::did_you_mean;
use crate::config::options::GameLog;
use crate::config::wrapper::WrapperCommand;
use crate::launch::runner::Runner;

/// A key with its value, and the text that contains both.
#[derive(Clone, Copy)]
pub(super) struct Entry<'t> {
    pub(super) text: &'t str,
    key: &'t Key,
    item: &'t Item,
}

impl<'t> Entry<'t> {
    pub(super) fn new(text: &'t str, key: &'t Key, item: &'t Item) -> Self {
        Self { text, key, item }
    }

    /// Returns an error at the position of the entry.
    pub(super) fn error(&self, message: &str) -> ConfigurationError {
        let key = self.key.span();
        let span = key.or_else(|| self.item.span());
        error_at(self.text, span.map_or(0, |span| span.start), message)
    }

    /// Returns an error for a key that is not one of `known`, with the most similar one as a suggestion.
    pub(super) fn unknown_key(&self, known: &[&'static str]) -> ConfigurationError {
        let key = self.key.get();
        ConfigurationError {
            suggestion: did_you_mean(key, known.iter().copied()),
            ..self.error(&format!("the key \"{}\" is unknown", clean(key)))
        }
    }

    /// Returns an error about a key of this table.
    pub(super) fn error_in(&self, key: &str, message: &str) -> ConfigurationError {
        let entry = self.get(key);
        entry
            .unwrap_or(*self)
            .error(&format!("\"{key}\" {message}"))
    }

    pub(super) fn table(&self) -> Result<&'t dyn TableLike, ConfigurationError> {
        self.item
            .as_table_like()
            .ok_or_else(|| self.type_error("a table"))
    }

    /// Returns the entry of this table with this key.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let (key, item) = self.item.as_table_like()?.get_key_value(key)?;
        Some(Self::new(self.text, key, item))
    }

    pub(super) fn required(&self, key: &str) -> Result<Self, ConfigurationError> {
        self.get(key)
            .ok_or_else(|| self.error(&format!("this account has no \"{key}\"")))
    }

    pub(super) fn string(&self) -> Result<&'t str, ConfigurationError> {
        self.item
            .as_str()
            .ok_or_else(|| self.type_error("a string"))
    }

    /// Returns a string that can be passed to a shell or to the system.
    pub(super) fn command(&self) -> Result<String, ConfigurationError> {
        let text = self.string()?;
        if text.contains('\0') {
            return Err(self.type_error("a string without a zero byte"));
        }
        Ok(text.to_owned())
    }

    pub(super) fn strings(&self) -> Result<Vec<String>, ConfigurationError> {
        let strings = self.item.as_array().and_then(|array| {
            array
                .iter()
                .map(|word| word.as_str().map(ToOwned::to_owned))
                .collect()
        });
        strings.ok_or_else(|| self.type_error("a list of strings"))
    }

    /// Returns a command, as a list of words or as a string that is split as a shell does.
    pub(super) fn words(&self) -> Result<Vec<String>, ConfigurationError> {
        if self.item.is_str() {
            return self.parse().map(|WrapperCommand(words)| words);
        }
        let words = self.strings();
        words.map_err(|_| self.type_error("a string or a list of strings"))
    }

    pub(super) fn boolean(&self) -> Result<bool, ConfigurationError> {
        self.item
            .as_bool()
            .ok_or_else(|| self.type_error("true or false"))
    }

    /// Returns a path that does not depend on the current directory.
    pub(super) fn path(&self) -> Result<PathBuf, ConfigurationError> {
        let path = PathBuf::from(self.command()?);
        // On Windows, a root without a drive is accepted, so that systems can share a configuration.
        if path.has_root() || path.is_absolute() || path.starts_with("~") {
            Ok(path)
        } else {
            Err(self.type_error("an absolute path, or one that begins with ~/"))
        }
    }

    /// Returns where output is logged: true for the state directory, or a path.
    pub(super) fn log(&self) -> Result<GameLog, ConfigurationError> {
        match self.item.as_bool() {
            Some(true) => Ok(GameLog::EachRun),
            Some(false) => Ok(GameLog::Off),
            None if self.item.is_str() => self.path().map(GameLog::File),
            None => Err(self.type_error("true, false or a path")),
        }
    }

    /// Returns a name, or a path that does not depend on the current directory.
    pub(super) fn program(&self) -> Result<PathBuf, ConfigurationError> {
        let name = PathBuf::from(self.command()?);
        let is_name = name.components().count() == 1 && !name.starts_with("~");
        if is_name { Ok(name) } else { self.path() }
    }

    pub(super) fn runner(&self) -> Result<Runner, ConfigurationError> {
        let runner = Runner::named(self.string()?);
        runner.ok_or_else(|| {
            let names: Vec<_> = Runner::ALL.iter().map(|runner| runner.name()).collect();
            self.type_error(&format!("one of {}", names.join(", ")))
        })
    }

    pub(super) fn toon_slot(&self) -> Result<u8, ConfigurationError> {
        let slot = self
            .item
            .as_integer()
            .and_then(|slot| u8::try_from(slot).ok());
        slot.filter(|slot| *slot <= 5)
            .ok_or_else(|| self.type_error("a number from 0 to 5"))
    }

    /// Parses a string. The error of `T` must not contain the string.
    pub(super) fn parse<T: FromStr<Err = String>>(&self) -> Result<T, ConfigurationError> {
        let text = self.string()?;
        text.parse()
            .map_err(|error: String| self.error(&format!("\"{}\": {error}", self.key.get())))
    }

    fn type_error(&self, expected: &str) -> ConfigurationError {
        let key = clean(self.key.get());
        self.error(&format!("\"{key}\" must be {expected}"))
    }
}
