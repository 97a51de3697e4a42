//! One value of config.toml, and where it stands.

use std::path::PathBuf;
use std::str::FromStr;

use toml_edit::{Item, Key, TableLike};

use super::{ConfigurationError, flaw};
use crate::base::sanitize::clean;
use crate::launch::find::Runner;

/// A key with its value, in a text.
#[derive(Clone, Copy)]
pub(super) struct Value<'t> {
    pub(super) text: &'t str,
    key: &'t Key,
    item: &'t Item,
}

impl<'t> Value<'t> {
    pub(super) fn new(text: &'t str, key: &'t Key, item: &'t Item) -> Self {
        Self { text, key, item }
    }

    /// What is wrong with it.
    pub(super) fn flaw(&self, what: &str) -> ConfigurationError {
        let key = self.key.span();
        let span = key.or_else(|| self.item.span());
        flaw(self.text, span.map_or(0, |span| span.start), what)
    }

    /// The key is not one of `known`.
    pub(super) fn unknown(&self, known: &[&'static str]) -> ConfigurationError {
        const CLOSE: f64 = 0.8;
        let typed = self.key.get();
        let near = known
            .iter()
            .map(|word| (strsim::jaro_winkler(typed, word), *word))
            .filter(|(nearness, _)| *nearness > CLOSE)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        ConfigurationError {
            meant: near.map(|(_, word)| word),
            ..self.flaw(&format!("the key \"{}\" is not known", clean(typed)))
        }
    }

    /// What is wrong with a value inside this table.
    pub(super) fn inside(&self, key: &str, what: &str) -> ConfigurationError {
        let what = format!("\"{key}\" {what}");
        self.get(key)
            .map_or_else(|| self.flaw(&what), |value| value.flaw(&what))
    }

    pub(super) fn table(&self) -> Result<&'t dyn TableLike, ConfigurationError> {
        self.item
            .as_table_like()
            .ok_or_else(|| self.wants("a table"))
    }

    /// A value inside this table.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let (key, item) = self.item.as_table_like()?.get_key_value(key)?;
        Some(Self::new(self.text, key, item))
    }

    pub(super) fn required(&self, key: &str) -> Result<Self, ConfigurationError> {
        self.get(key)
            .ok_or_else(|| self.flaw(&format!("this account has no \"{key}\"")))
    }

    pub(super) fn string(&self) -> Result<&'t str, ConfigurationError> {
        self.item.as_str().ok_or_else(|| self.wants("a string"))
    }

    /// Text that a shell is given.
    pub(super) fn plain(&self) -> Result<String, ConfigurationError> {
        let text = self.string()?;
        if text.contains('\0') {
            return Err(self.wants("a string without a zero byte"));
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
        strings.ok_or_else(|| self.wants("a list of strings"))
    }

    pub(super) fn flag(&self) -> Result<bool, ConfigurationError> {
        self.item
            .as_bool()
            .ok_or_else(|| self.wants("true or false"))
    }

    /// A path that means the same wherever the program is run.
    pub(super) fn path(&self) -> Result<PathBuf, ConfigurationError> {
        let path = PathBuf::from(self.plain()?);
        // A root without a drive is enough for Windows: a configuration may be shared between systems.
        if path.has_root() || path.is_absolute() || path.starts_with("~") {
            Ok(path)
        } else {
            Err(self.wants("an absolute path, or one that begins with ~/"))
        }
    }

    pub(super) fn runner(&self) -> Result<Runner, ConfigurationError> {
        let runner = Runner::named(self.string()?);
        runner.ok_or_else(|| self.wants(&format!("one of {}", Runner::NAMES.join(", "))))
    }

    pub(super) fn slot(&self) -> Result<u8, ConfigurationError> {
        let slot = self
            .item
            .as_integer()
            .and_then(|slot| u8::try_from(slot).ok());
        slot.filter(|slot| *slot <= 5)
            .ok_or_else(|| self.wants("a number from 0 to 5"))
    }

    /// A value whose own words say what is wrong with it, without repeating it.
    pub(super) fn parsed<T: FromStr<Err = String>>(&self) -> Result<T, ConfigurationError> {
        let text = self.string()?;
        text.parse()
            .map_err(|what: String| self.flaw(&format!("\"{}\": {what}", self.key.get())))
    }

    fn wants(&self, what: &str) -> ConfigurationError {
        self.flaw(&format!("\"{}\" has to be {what}", clean(self.key.get())))
    }
}
