//! Edits of config.toml that preserve comments, order and everything else.

use serde_json::Value as JsonValue;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Key, Table, TableLike, Value, value};

use super::reader::check_key;
use super::{Account, Configuration, ConfigurationError};
use crate::games::CredentialKind;

/// A byte-order mark, which some editors write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// An editable config.toml.
#[derive(Debug)]
pub struct ConfigurationDocument {
    document: DocumentMut,
    /// The text before all edits.
    text: String,
    /// The document before all edits, as text; some spaces and line ends differ from those of the file.
    rendered: String,
    /// The configuration before all edits.
    pub(crate) original: Configuration,
}

impl ConfigurationDocument {
    /// Parses the text of a config.toml.
    ///
    /// # Errors
    /// As `Configuration::read`.
    pub fn parse(text: &str) -> Result<Self, ConfigurationError> {
        let original = Configuration::read(text)?;
        let plain = text.trim_start_matches(BYTE_ORDER_MARK);
        let document: DocumentMut = plain.parse().map_err(|_| ConfigurationError {
            line: 1,
            message: "the file cannot be edited".to_owned(),
            suggestion: None,
        })?;
        Ok(Self {
            rendered: document.to_string(),
            document,
            text: text.to_owned(),
            original,
        })
    }

    /// Returns the edited text.
    pub fn text(&self) -> String {
        let plain = self.text.trim_start_matches(BYTE_ORDER_MARK);
        // The parser accepts two, as an editor may leave them.
        let marks = self.text.strip_suffix(plain).unwrap_or_default();
        let edited = self.document.to_string();
        marks.to_owned() + &merge(plain, &self.rendered, &edited)
    }

    /// Adds an account after the others, with those of its options that `accounts add` can set.
    pub(crate) fn add(&mut self, account: &Account) {
        let accounts = section(&mut self.document, "accounts");
        let is_inline = accounts.is_inline_table();
        let table = if is_inline {
            Item::Value(InlineTable::new().into())
        } else {
            Item::Table(Table::new())
        };
        if let Some(accounts) = accounts.as_table_like_mut() {
            accounts.insert(&account.name, table);
        }
        let name = &account.name;
        self.set(name, "game", Some(account.game_id.game().id.into()));
        self.set(name, "username", Some(account.username.as_str().into()));
        self.set_kept(name, &account.kept);
        let options = &account.options;
        self.set_text(
            name,
            "password-command",
            options.password_command.as_deref(),
        );
        self.set_text(name, "code-command", options.code_command.as_deref());
        let api = options.api.as_ref().map(ToString::to_string);
        self.set_text(name, "api", api.as_deref());
        let slot = options.toon_slot.map(|slot| i64::from(slot).into());
        self.set(name, "toon-slot", slot);
    }

    /// Removes an account, also from its groups, and removes the groups that become empty.
    pub fn remove(&mut self, name: &str) {
        let name = &self.original_name(name);
        let accounts = self.document.get_mut("accounts").and_then(table);
        if let Some(Item::Table(account)) = accounts.and_then(|it| it.remove(name)) {
            self.keep_comment(&account);
        }
        for (group, _) in self.original.groups.clone() {
            let is_account = |member: &Value| {
                let member = member.as_str();
                member.is_some_and(|member| member.eq_ignore_ascii_case(name))
            };
            if let Some(members) = self.members(&group) {
                let length = members.len();
                members.retain(|member| !is_account(member));
                if members.len() < length && is_single_line(members) {
                    members.fmt();
                }
                if members.is_empty() {
                    self.set_group(&group, &[]);
                }
            }
        }
        self.remove_if_empty("accounts");
    }

    /// Returns the members of a group.
    fn members(&mut self, group: &str) -> Option<&mut Array> {
        let groups = self.document.get_mut("groups").and_then(table)?;
        groups.get_mut(group)?.as_array_mut()
    }

    /// Keeps the comment above a removed account as far as an empty line separates it from the account, because then the
    /// comment does not describe the account. The rest of the comment is removed with the account.
    fn keep_comment(&mut self, account: &Table) {
        let above = account.decor().prefix().and_then(|prefix| prefix.as_str());
        let Some((separate, _)) = above.and_then(|above| above.rsplit_once("\n\n")) else {
            return;
        };
        let comment = format!("{}\n\n", separate.trim_start_matches('\n'));
        let at = account.position().unwrap_or_default();
        let root = self.document.as_table_mut();
        if let Some(next) = next_table(root, at).and_then(|next| table_at(root, next)) {
            let prefix = next.decor().prefix().and_then(|it| it.as_str());
            let prefix = prefix.unwrap_or_default().trim_start_matches('\n');
            let prefix = format!("{comment}{prefix}");
            next.decor_mut().set_prefix(prefix);
        } else {
            let trailing = self.document.trailing().as_str().unwrap_or_default();
            let trailing = format!("{comment}{trailing}");
            self.document.set_trailing(trailing);
        }
    }

    /// Renames an account, also in its groups.
    pub fn rename(&mut self, old: &str, new: &str) {
        let old = &self.original_name(old);
        let Some(accounts) = self.document.get_mut("accounts").and_then(table) else {
            return;
        };
        if let Some(account) = accounts.remove(old) {
            accounts.insert(new, account);
        }
        for (group, _) in self.original.groups.clone() {
            let members = self.members(&group).into_iter().flat_map(Array::iter_mut);
            for member in members {
                if member
                    .as_str()
                    .is_some_and(|it| it.eq_ignore_ascii_case(old))
                {
                    let decor = member.decor().clone();
                    *member = new.into();
                    *member.decor_mut() = decor;
                }
            }
        }
    }

    /// Sets a text option of an account, or removes the option.
    pub fn set_text(&mut self, name: &str, key: &str, text: Option<&str>) {
        self.set(name, key, text.map(Into::into));
    }

    /// Sets the toon slot of an account.
    pub(crate) fn set_slot(&mut self, name: &str, slot: u8) {
        self.set(name, "toon-slot", Some(i64::from(slot).into()));
    }

    /// Sets which secrets of an account the secret store contains.
    pub(crate) fn set_kept(&mut self, name: &str, kept: &[CredentialKind]) {
        let list: Array = kept.iter().map(|kept| kept.name()).collect();
        let list = (!list.is_empty()).then_some(list.into());
        self.set(name, "kept", list);
    }

    /// Sets the members of a group, and removes the group when there are none.
    pub(crate) fn set_group(&mut self, name: &str, members: &[&str]) {
        let mut groups = self.original.groups.iter().map(|(group, _)| group);
        let same = groups.find(|group| group.eq_ignore_ascii_case(name));
        let name = same.cloned().unwrap_or_else(|| name.to_owned());
        if members.is_empty() {
            if let Some(groups) = self.document.get_mut("groups").and_then(table) {
                groups.remove(&name);
            }
            return self.remove_if_empty("groups");
        }
        let list: Array = members.iter().copied().collect();
        let groups = section(&mut self.document, "groups");
        if let Some(groups) = groups.as_table_mut() {
            groups.set_implicit(false);
        }
        if let Some(groups) = groups.as_table_like_mut() {
            set_value(groups, &name, Some(list.into()));
        }
    }

    /// Returns the value of a dotted key as JSON, and as text.
    pub(crate) fn get(&self, key: &DottedKey) -> Option<(JsonValue, String)> {
        let mut item = self.document.as_item();
        for part in self.spelled(key) {
            item = item.as_table_like()?.get(&part)?;
        }
        let text = match item.as_value() {
            Some(Value::String(text)) => text.value().clone(),
            Some(value) => undecorated(value.clone()).to_string(),
            None => item.to_string().trim().to_owned(),
        };
        Some((json(item), text))
    }

    /// Sets the value of a dotted key: to `text` as a TOML value where the configuration may have that, else to the string.
    ///
    /// # Errors
    /// When the configuration would be invalid; then nothing is changed.
    pub(crate) fn put(&mut self, key: &DottedKey, text: &str) -> Result<(), ConfigurationError> {
        let value = text.trim().parse::<Value>().ok().map(undecorated);
        let before = self.document.clone();
        let mut errors = Vec::new();
        for value in value.into_iter().chain([Value::from(text)]) {
            self.put_value(key, value);
            match Configuration::read(&self.text()) {
                Ok(_) => return Ok(()),
                Err(error) => errors.push(error),
            }
            self.document.clone_from(&before);
        }
        errors.into_iter().next().map_or(Ok(()), Err)
    }

    /// Removes a dotted key. Returns whether there was one.
    ///
    /// # Errors
    /// When the configuration would be invalid; then nothing is changed.
    pub(crate) fn unset(&mut self, key: &DottedKey) -> Result<bool, ConfigurationError> {
        let before = self.document.clone();
        let parts = self.spelled(key);
        let Some((last, folders)) = parts.split_last() else {
            return Ok(false);
        };
        let mut table: Option<&mut dyn TableLike> = Some(self.document.as_table_mut());
        for part in folders {
            table = table.and_then(|table| table.get_mut(part)?.as_table_like_mut());
        }
        let removed = table.and_then(|table| table.remove(last)).is_some();
        let outcome = Configuration::read(&self.text());
        if outcome.is_err() {
            self.document = before;
        }
        outcome.map(|_| removed)
    }

    fn put_value(&mut self, key: &DottedKey, value: Value) {
        let parts = self.spelled(key);
        let Some((last, folders)) = parts.split_last() else {
            return;
        };
        let mut table: &mut dyn TableLike = self.document.as_table_mut();
        for (depth, part) in folders.iter().enumerate() {
            let new = || match depth {
                0 => Item::Table(Table::new()),
                _ => Item::Value(InlineTable::new().into()),
            };
            if !table.contains_key(part) {
                table.insert(part, new());
            }
            let Some(next) = table.get_mut(part).and_then(Item::as_table_like_mut) else {
                return;
            };
            table = next;
        }
        set_value(table, last, Some(value));
    }

    /// Returns the parts of a key, with an account's name as the file spells it.
    fn spelled(&self, key: &DottedKey) -> Vec<String> {
        let mut parts = key.0.clone();
        if let [section, name, ..] = parts.as_mut_slice()
            && section == "accounts"
        {
            *name = self.original_name(name);
        }
        parts
    }

    /// Sets an option of an account, or removes the option.
    fn set(&mut self, name: &str, key: &str, new: Option<Value>) {
        let name = &self.original_name(name);
        let account = self.document.get_mut("accounts").and_then(table);
        if let Some(account) = account.and_then(|it| it.get_mut(name)).and_then(table) {
            set_value(account, key, new);
        }
    }

    /// Returns the name of an account as the file spells it.
    fn original_name(&self, name: &str) -> String {
        let account = self.original.account(name);
        account.map_or_else(|| name.to_owned(), |account| account.name.clone())
    }

    /// Removes a section without entries.
    fn remove_if_empty(&mut self, section: &str) {
        let is_empty = |item: &Item| item.as_table_like().is_some_and(TableLike::is_empty);
        if self.document.get(section).is_some_and(is_empty) {
            self.document.remove(section);
        }
    }
}

/// Applies the edits of a document to the text of its file, and keeps all other lines as the file has them.
///
/// `original` is the text of the file, `rendered` is the document before the edits as text, and `edited` is the document
/// after the edits as text. A changed line keeps its line end. A new line has the line end of the first line. The last line
/// has a line end if it had one in `original`.
fn merge(original: &str, rendered: &str, edited: &str) -> String {
    let content = |line: &str| line.trim_end_matches(['\r', '\n']).to_owned();
    let old: Vec<&str> = original.split_inclusive('\n').collect();
    let new: Vec<String> = edited.split_inclusive('\n').map(content).collect();
    let mut rendered: Vec<String> = rendered.split_inclusive('\n').map(content).collect();
    let dense = |line: &str| line.replace(char::is_whitespace, "");
    let pairs = || old.iter().zip(&rendered);
    // The document may also change the order of lines; then no line is taken for another.
    if old.len() != rendered.len() || pairs().any(|(old, new)| dense(old) != dense(new)) {
        rendered = old.iter().map(|line| content(line)).collect();
    }
    let is_same = |(old, new): &(&String, &String)| old == new;
    let first = rendered.iter().zip(&new).take_while(is_same).count();
    let rendered = rendered.get(first..).unwrap_or_default();
    let (before, old) = old.split_at(first.min(old.len()));
    let new = new.get(first..).unwrap_or_default();
    let last = rendered.iter().rev().zip(new.iter().rev());
    let last = last.take_while(is_same).count();
    let (replaced, after) = old.split_at(old.len().saturating_sub(last));
    let changed = new.get(..new.len() - last).unwrap_or_default();
    let line_end = |line: Option<&&str>| match line {
        Some(line) if line.ends_with("\r\n") => "\r\n",
        _ => "\n",
    };
    let default = line_end(before.first().or(replaced.first()));
    let mut text = before.concat();
    for (at, line) in changed.iter().enumerate() {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(default);
        }
        text.push_str(line);
        let same = replaced.get(at);
        text.push_str(same.map_or(default, |_| line_end(same)));
    }
    text += &after.concat();
    if !original.is_empty() && !original.ends_with('\n') {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    text
}

/// A key with its sections, such as `ttr.wrapper`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DottedKey(Vec<String>);

impl DottedKey {
    /// Parses a key as TOML spells it. Returns `None` when it is malformed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = Key::parse(text).ok()?;
        Some(Self(
            parts.iter().map(|part| part.get().to_owned()).collect(),
        ))
    }

    /// Checks that a configuration may have this key.
    ///
    /// # Errors
    /// The part that no configuration has, and the known one that is closest to it.
    pub(crate) fn check(&self) -> Result<(), (String, Option<&'static str>)> {
        let parts: Vec<_> = self.0.iter().map(String::as_str).collect();
        check_key(&parts)
    }
}

/// Returns a value without the spaces and comments around it.
fn undecorated(mut value: Value) -> Value {
    value.decor_mut().clear();
    value
}

/// Converts an item of a configuration, which has no numbers but integers.
fn json(item: &Item) -> JsonValue {
    if let Some(table) = item.as_table_like() {
        let pairs = table.iter().map(|(key, item)| (key.to_owned(), json(item)));
        return pairs.collect();
    }
    match item.as_value() {
        Some(Value::String(text)) => text.value().as_str().into(),
        Some(Value::Integer(number)) => (*number.value()).into(),
        Some(Value::Boolean(boolean)) => (*boolean.value()).into(),
        Some(Value::Array(list)) => {
            let items = list.iter().map(|value| json(&Item::Value(value.clone())));
            items.collect()
        }
        _ => JsonValue::Null,
    }
}

/// Returns whether a list contains neither line ends nor comments.
fn is_single_line(list: &Array) -> bool {
    let parts = list.iter().flat_map(|value| {
        let decor = value.decor();
        [decor.prefix(), decor.suffix()]
    });
    let mut parts = parts.flatten().chain([list.trailing()]);
    parts.all(|part| {
        part.as_str()
            .is_some_and(|part| part.trim_matches(' ').is_empty())
    })
}

/// Returns the position of the first table after position `at`.
fn next_table(table: &Table, at: isize) -> Option<isize> {
    let tables = table.iter().filter_map(|(_, item)| item.as_table());
    let positions = tables.flat_map(|table| {
        let own = table
            .position()
            .filter(|position| *position > at && !table.is_implicit());
        own.into_iter().chain(next_table(table, at))
    });
    positions.min()
}

/// Returns the table at position `at`.
fn table_at(table: &mut Table, at: isize) -> Option<&mut Table> {
    table.iter_mut().find_map(|(_, item)| {
        let table = item.as_table_mut()?;
        if table.position() == Some(at) {
            Some(table)
        } else {
            table_at(table, at)
        }
    })
}

fn table(item: &mut Item) -> Option<&mut dyn TableLike> {
    item.as_table_like_mut()
}

/// Returns a section of the file, and creates it if necessary. The section has no header while it contains only tables.
fn section<'d>(document: &'d mut DocumentMut, name: &str) -> &'d mut Item {
    document.entry(name).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    })
}

/// Sets a value in a table and preserves the comment after the old value, or removes the value.
fn set_value(table: &mut dyn TableLike, key: &str, new: Option<Value>) {
    let Some(mut new) = new else {
        table.remove(key);
        return;
    };
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        _ => drop(table.insert(key, value(new))),
    }
}

#[cfg(test)]
mod tests;
