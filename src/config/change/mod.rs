//! Changes to config.toml that leave comments, order and everything else as they stand.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::{Account, Configuration, ConfigurationError};
use crate::games::CredentialKind;

/// A byte-order mark, which some editors put in front of a file.
const MARK: char = '\u{feff}';

/// A config.toml that is being changed.
#[derive(Debug)]
pub struct Change {
    document: DocumentMut,
    /// How the lines of the file end, and whether a byte-order mark is in front: it stays so.
    has_carriage_returns: bool,
    has_mark: bool,
    /// What it said before.
    pub before: Configuration,
}

impl Change {
    /// Of the text of a config.toml.
    ///
    /// # Errors
    /// As [`Configuration::read`]: what is not understood is not changed.
    pub fn of(text: &str) -> Result<Self, ConfigurationError> {
        let before = Configuration::read(text)?;
        let plain = text.strip_prefix(MARK).unwrap_or(text);
        let document = plain.parse().map_err(|_| ConfigurationError {
            line: 1,
            what: "it cannot be changed".to_owned(),
            meant: None,
        })?;
        Ok(Self {
            document,
            has_carriage_returns: text.contains("\r\n"),
            has_mark: plain.len() < text.len(),
            before,
        })
    }

    /// The changed text.
    pub fn text(&self) -> String {
        let mut text = self.document.to_string();
        if self.has_carriage_returns {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        if self.has_mark {
            text.insert(0, MARK);
        }
        text
    }

    /// Adds an account at the end of the others. Of its options, those that `accounts add` can set.
    pub fn add(&mut self, account: &Account) {
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

    /// Forgets an account, in the groups too; a group that is empty then goes with it.
    pub fn remove(&mut self, name: &str) {
        let name = &self.spelled(name);
        let accounts = self.document.get_mut("accounts").and_then(table);
        if let Some(Item::Table(account)) = accounts.and_then(|it| it.remove(name)) {
            self.leave_comment(&account);
        }
        for (group, _) in self.before.groups.clone() {
            let is_it = |member: &Value| {
                member
                    .as_str()
                    .is_some_and(|it| it.eq_ignore_ascii_case(name))
            };
            if let Some(members) = self.members(&group) {
                let before = members.len();
                members.retain(|member| !is_it(member));
                if members.len() < before && is_in_one_line(members) {
                    members.fmt();
                }
                if members.is_empty() {
                    self.set_group(&group, &[]);
                }
            }
        }
        self.drop_if_empty("accounts");
    }

    /// The list of a group.
    fn members(&mut self, group: &str) -> Option<&mut Array> {
        let groups = self.document.get_mut("groups").and_then(table)?;
        groups.get_mut(group)?.as_array_mut()
    }

    /// A comment above an account goes with it, unless an empty line parts the two: then it is about more.
    fn leave_comment(&mut self, account: &Table) {
        let above = account.decor().prefix().and_then(|prefix| prefix.as_str());
        let Some((kept, _)) = above.and_then(|above| above.rsplit_once("\n\n")) else {
            return;
        };
        let kept = format!("{}\n\n", kept.trim_start_matches('\n'));
        let at = account.position().unwrap_or_default();
        let root = self.document.as_table_mut();
        if let Some(next) = next_table(root, at).and_then(|next| table_at(root, next)) {
            let own = next.decor().prefix().and_then(|it| it.as_str());
            let own = own.unwrap_or_default().trim_start_matches('\n');
            let both = format!("{kept}{own}");
            next.decor_mut().set_prefix(both);
        } else {
            let trailing = self.document.trailing().as_str().unwrap_or_default();
            let both = format!("{kept}{trailing}");
            self.document.set_trailing(both);
        }
    }

    /// Gives an account another name, in the groups too.
    pub fn rename(&mut self, old: &str, new: &str) {
        let old = &self.spelled(old);
        let Some(accounts) = self.document.get_mut("accounts").and_then(table) else {
            return;
        };
        if let Some(account) = accounts.remove(old) {
            accounts.insert(new, account);
        }
        for (group, _) in self.before.groups.clone() {
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

    /// Sets an account's option to a text, or takes it away.
    pub fn set_text(&mut self, name: &str, key: &str, text: Option<&str>) {
        self.set(name, key, text.map(Into::into));
    }

    /// Sets an account's toon slot.
    pub fn set_slot(&mut self, name: &str, slot: u8) {
        self.set(name, "toon-slot", Some(i64::from(slot).into()));
    }

    /// Says what the secret store holds for an account.
    pub fn set_kept(&mut self, name: &str, kept: &[CredentialKind]) {
        let list: Array = kept.iter().map(|kept| kept.name()).collect();
        let list = (!list.is_empty()).then_some(list.into());
        self.set(name, "kept", list);
    }

    /// Makes a group of these accounts, in place of what it was; of none, there is no group.
    pub fn set_group(&mut self, name: &str, members: &[&str]) {
        let known = self.before.groups.iter();
        let same = known
            .map(|(known, _)| known)
            .find(|it| it.eq_ignore_ascii_case(name));
        let name = same.cloned().unwrap_or_else(|| name.to_owned());
        if members.is_empty() {
            if let Some(groups) = self.document.get_mut("groups").and_then(table) {
                groups.remove(&name);
            }
            return self.drop_if_empty("groups");
        }
        let list: Array = members.iter().copied().collect();
        let groups = section(&mut self.document, "groups");
        if let Some(groups) = groups.as_table_mut() {
            groups.set_implicit(false);
        }
        if let Some(groups) = groups.as_table_like_mut() {
            put(groups, &name, Some(list.into()));
        }
    }

    /// Sets an account's option, or takes it away.
    fn set(&mut self, name: &str, key: &str, new: Option<Value>) {
        let name = &self.spelled(name);
        let account = self.document.get_mut("accounts").and_then(table);
        if let Some(account) = account.and_then(|it| it.get_mut(name)).and_then(table) {
            put(account, key, new);
        }
    }

    /// The name as it stands in the file.
    fn spelled(&self, name: &str) -> String {
        let known = self.before.account(name);
        known.map_or_else(|| name.to_owned(), |account| account.name.clone())
    }

    /// A section without anything in it says nothing.
    fn drop_if_empty(&mut self, section: &str) {
        let is_empty = |item: &Item| item.as_table_like().is_some_and(TableLike::is_empty);
        if self.document.get(section).is_some_and(is_empty) {
            self.document.remove(section);
        }
    }
}

/// Whether a list is written without line ends and comments.
fn is_in_one_line(list: &Array) -> bool {
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

/// The place of the first table that stands behind `at` in the file.
fn next_table(table: &Table, at: isize) -> Option<isize> {
    let tables = table.iter().filter_map(|(_, item)| item.as_table());
    let places = tables.flat_map(|table| {
        let own = table
            .position()
            .filter(|place| *place > at && !table.is_implicit());
        own.into_iter().chain(next_table(table, at))
    });
    places.min()
}

/// The table at a place in the file.
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

/// A section of the file, made if it is not there; without a header of its own as long as only tables are in it.
fn section<'d>(document: &'d mut DocumentMut, name: &str) -> &'d mut Item {
    document.entry(name).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    })
}

/// Puts a value in a table; the comment behind the old one stays.
fn put(table: &mut dyn TableLike, key: &str, new: Option<Value>) {
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
