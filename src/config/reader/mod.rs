//! Parses config.toml. An unknown key or an invalid value is an error with its line.

mod entry;

use std::collections::BTreeMap;

use toml_edit::{Document, Item, Key, TableLike};

use super::name;
use super::options::Options;
use super::{Account, Configuration};
use crate::base::sanitize::clean;
use crate::base::suggestion::did_you_mean;
use crate::games::{CredentialKind, GameId, scid};
use crate::launch::command::is_ours;
use entry::Entry;

/// The keys of the options of a game and of an account.
const KEYS: [&str; 17] = [
    "api",
    "args",
    "code-command",
    "env",
    "exe",
    "game-dir",
    "log",
    "password-command",
    "post-exit",
    "pre-launch",
    "prefix",
    "proton",
    "runner",
    "toon-slot",
    "update",
    "wine",
    "wrapper",
];
/// The other keys of an account.
const ACCOUNT_KEYS: [&str; 3] = ["game", "kept", "username"];
/// The keys of the options of Supercell ID, which has no passwords and whose games are not started by this program.
const SCID_KEYS: [&str; 1] = ["api"];

/// An error in a config.toml. Contains no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ConfigurationError {
    /// The line, counted from 1.
    pub line: usize,
    /// The description of the error.
    pub message: String,
    /// A known key that is similar to the unknown one.
    pub suggestion: Option<&'static str>,
}

/// Parses the text of a config.toml.
pub(super) fn read(text: &str) -> Result<Configuration, ConfigurationError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = Document::parse(text).map_err(|error| {
        // `Display` of the error would quote the line.
        let offset = error.span().map_or(0, |span| span.start);
        error_at(text, offset, error.message())
    })?;
    let mut configuration = Configuration::default();
    for (key, item) in entries(document.as_table()) {
        let section = Entry::new(text, key, item);
        match key.get() {
            scid::ID => configuration.scid = options(text, section.table()?, &SCID_KEYS)?,
            "accounts" => configuration.accounts = accounts(text, section.table()?)?,
            "groups" => configuration.groups = groups(text, section.table()?)?,
            word => match GameId::named(word) {
                Some(game_id) => configuration
                    .games
                    .push((game_id, game(&section, game_id)?)),
                None => return Err(section.unknown_key(&sections())),
            },
        }
    }
    Ok(configuration)
}

/// Returns the keys at the top level.
fn sections() -> Vec<&'static str> {
    let games = GameId::ALL.into_iter().map(|game_id| game_id.game().id);
    games.chain([scid::ID, "accounts", "groups"]).collect()
}

fn game(section: &Entry<'_>, game_id: GameId) -> Result<Options, ConfigurationError> {
    let options = options(section.text, section.table()?, &KEYS)?;
    if options.toon_slot.is_some() && game_id.game().toon_slot_variable.is_none() {
        return Err(section.error_in("toon-slot", "is not an option of this game"));
    }
    Ok(options)
}

fn accounts(text: &str, table: &dyn TableLike) -> Result<Vec<Account>, ConfigurationError> {
    let mut accounts: Vec<Account> = Vec::new();
    for (key, item) in entries(table) {
        let section = Entry::new(text, key, item);
        if let Err(error) = name::check(key.get()) {
            return Err(section.error(&format!("the name of an account: {error}")));
        }
        let is_same = |other: &Account| other.name.eq_ignore_ascii_case(key.get());
        if accounts.iter().any(is_same) {
            return Err(section.error("another account has the same name, ignoring case"));
        }
        accounts.push(account(&section, key.get())?);
    }
    Ok(accounts)
}

fn account(section: &Entry<'_>, name: &str) -> Result<Account, ConfigurationError> {
    let table = section.table()?;
    let keys: Vec<_> = KEYS.into_iter().chain(ACCOUNT_KEYS).collect();
    let options = options(section.text, table, &keys)?;
    let game = section.required("game")?;
    let game_id = GameId::named(game.string()?)
        .ok_or_else(|| game.error("\"game\" is not ttr, ttcc or tlopo"))?;
    if options.toon_slot.is_some() && game_id.game().toon_slot_variable.is_none() {
        return Err(section.error_in("toon-slot", "is not an option of this account's game"));
    }
    let kept = match section.get("kept") {
        None => Vec::new(),
        Some(kept) => kept
            .strings()?
            .iter()
            .map(|word| {
                CredentialKind::named(word).filter(|kind| game_id.game().storable().contains(kind))
            })
            .collect::<Option<_>>()
            .ok_or_else(|| kept.error("\"kept\" has a word that is not for this account's game"))?,
    };
    let username = section.required("username")?.string()?.to_owned();
    Ok(Account {
        name: name.to_owned(),
        game_id,
        username,
        kept,
        options,
    })
}

fn groups(
    text: &str,
    table: &dyn TableLike,
) -> Result<Vec<(String, Vec<String>)>, ConfigurationError> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (key, item) in entries(table) {
        let section = Entry::new(text, key, item);
        if let Err(error) = name::check(key.get()) {
            return Err(section.error(&format!("the name of a group: {error}")));
        }
        let is_same = |(other, _): &(String, _)| other.eq_ignore_ascii_case(key.get());
        if groups.iter().any(is_same) {
            return Err(section.error("another group has the same name, ignoring case"));
        }
        groups.push((key.get().to_owned(), section.strings()?));
    }
    Ok(groups)
}

/// Parses the options in a table, which may contain no other keys than `keys`.
fn options(
    text: &str,
    table: &dyn TableLike,
    keys: &[&'static str],
) -> Result<Options, ConfigurationError> {
    let mut options = Options::default();
    for (key, item) in entries(table) {
        let value = Entry::new(text, key, item);
        if !keys.contains(&key.get()) {
            return Err(value.unknown_key(keys));
        }
        match key.get() {
            "api" => options.api = Some(value.parse()?),
            "args" => options.args = Some(value.strings()?),
            "code-command" => options.code_command = Some(value.command()?),
            "env" => options.env = environment(text, value.table()?)?,
            "exe" => options.exe = Some(value.path()?),
            "game-dir" => options.game_dir = Some(value.path()?),
            "log" => options.log = Some(value.log()?),
            "password-command" => options.password_command = Some(value.command()?),
            "post-exit" => options.post_exit = Some(value.command()?),
            "pre-launch" => options.pre_launch = Some(value.command()?),
            "prefix" => options.prefix = Some(value.path()?),
            "proton" => options.proton = Some(value.program()?),
            "runner" => options.runner = Some(value.runner()?),
            "toon-slot" => options.toon_slot = Some(value.toon_slot()?),
            "update" => options.update = Some(value.boolean()?),
            "wine" => options.wine = Some(value.program()?),
            "wrapper" => options.wrapper = Some(value.words()?),
            // The other keys of an account.
            _ => {}
        }
    }
    Ok(options)
}

/// Parses environment variables, which may not be those of this program.
fn environment(
    text: &str,
    table: &dyn TableLike,
) -> Result<BTreeMap<String, String>, ConfigurationError> {
    let mut variables = BTreeMap::new();
    for (key, item) in entries(table) {
        let (name, value) = (key.get(), Entry::new(text, key, item));
        if is_ours(name) {
            return Err(value.error("a variable of playcookie itself is not passed to the game"));
        }
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(value.error("this is no name of a variable"));
        }
        variables.insert(name.to_owned(), value.command()?);
    }
    Ok(variables)
}

/// Returns the keys and values of a table, in the order of the file.
fn entries(table: &dyn TableLike) -> impl Iterator<Item = (&Key, &Item)> {
    let keys: Vec<_> = table.iter().map(|(key, _)| key.to_owned()).collect();
    keys.into_iter().filter_map(|key| table.get_key_value(&key))
}

/// Returns the dotted keys of options that a configuration with these accounts may have.
pub(crate) fn known_keys(accounts: &[&str]) -> Vec<String> {
    let games = GameId::ALL.map(|game_id| game_id.game().id.to_owned());
    let accounts = accounts.iter().map(|name| {
        // A dot separates the parts of a key.
        if name.contains('.') {
            format!("accounts.\"{name}\"")
        } else {
            format!("accounts.{name}")
        }
    });
    let sections = games.into_iter().chain(accounts);
    let keys = sections.flat_map(|section| KEYS.map(|key| format!("{section}.{key}")));
    let scid = SCID_KEYS.map(|key| format!("{}.{key}", scid::ID));
    keys.chain(scid).collect()
}

/// Checks the parts of a dotted key, such as `ttr` and `wrapper`.
///
/// # Errors
/// The part that no configuration has, and the known one that is closest to it.
pub(super) fn check_key(parts: &[&str]) -> Result<(), (String, Option<&'static str>)> {
    let check = |part: &str, known: &[&'static str]| {
        let near = || did_you_mean(part, known.iter().copied());
        let is_known = known.contains(&part);
        is_known.then_some(()).ok_or_else(|| (clean(part), near()))
    };
    let account = || KEYS.into_iter().chain(ACCOUNT_KEYS).collect::<Vec<_>>();
    match parts {
        ["accounts", _, key, ..] => check(key, &account()),
        [] | ["accounts" | "groups", ..] => Ok(()),
        [scid::ID, key, ..] => check(key, &SCID_KEYS),
        [game, key, ..] if GameId::named(game).is_some() => check(key, &KEYS),
        [section, ..] => check(section, &sections()),
    }
}

/// Returns an error at a byte offset of the text.
fn error_at(text: &str, offset: usize, message: &str) -> ConfigurationError {
    let before = text.get(..offset).unwrap_or(text);
    ConfigurationError {
        line: before.matches('\n').count() + 1,
        message: message.to_owned(),
        suggestion: None,
    }
}

#[cfg(test)]
mod tests;
