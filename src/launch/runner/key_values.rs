//! The values of a settings file by their keys, whatever the format of the file.

/// The character between the keys of a path.
const SEPARATOR: char = '\u{1f}';
/// How deep tables may be nested.
const MAX_DEPTH: usize = 32;
/// The maximum size in bytes of all paths and values.
const MAX_SIZE: usize = 8 * 1024 * 1024;

/// The strings of a settings file, each with the keys that lead to it. Case is ignored in keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeyValues {
    values: Vec<(String, String)>,
    size: usize,
}

impl KeyValues {
    /// Adds a value.
    ///
    /// # Errors
    /// When the file is nested too deeply or holds too much.
    pub(super) fn add(&mut self, keys: &[String], value: &str) -> Result<(), String> {
        let length: usize = keys.iter().map(|key| key.len() + 1).sum();
        self.size = self.size.saturating_add(length + value.len());
        if keys.len() > MAX_DEPTH || self.size > MAX_SIZE {
            return Err("it is nested too deeply, or too large".to_owned());
        }
        let path = keys.join(&SEPARATOR.to_string());
        self.values.push((path, value.to_owned()));
        Ok(())
    }

    /// Returns the value at a path of keys.
    pub(super) fn get(&self, keys: &[&str]) -> Option<&str> {
        let path = keys.join(&SEPARATOR.to_string());
        let mut values = self.values.iter();
        let found = values.find(|(known, _)| known.eq_ignore_ascii_case(&path));
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the values in the table or list at a path of keys, each with the rest of its keys.
    pub(super) fn below(&self, keys: &[&str]) -> impl Iterator<Item = (Vec<&str>, &str)> {
        let start: String = keys.iter().flat_map(|key| [*key, "\u{1f}"]).collect();
        self.values.iter().filter_map(move |(known, value)| {
            let (front, rest) = known.split_at_checked(start.len())?;
            let is_below = front.eq_ignore_ascii_case(&start);
            is_below.then(|| (rest.split(SEPARATOR).collect(), value.as_str()))
        })
    }

    /// Returns the values directly in the table at a path of keys.
    pub(super) fn table(&self, keys: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        let below = self.below(keys);
        below.filter_map(|(rest, value)| match rest[..] {
            [key] => Some((key, value)),
            _ => None,
        })
    }
}
