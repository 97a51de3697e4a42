//! Reading config.toml: every key is known, every value makes sense, or it is an error with its line.

mod value;

use toml_edit::{Document, Item, Key, TableLike};

use super::name;
use super::options::Options;
use super::{Account, Configuration};
use crate::games::{CredentialKind, GameId, scid};
use value::Value;

/// The options of a game and of an account, as they are written.
pub const KEYS: [&str; 12] = [
    "api",
    "code-command",
    "exe",
    "game-dir",
    "log",
    "password-command",
    "post-exit",
    "pre-launch",
    "runner",
    "toon-slot",
    "update",
    "wrapper",
];
/// What an account has beside them.
const ACCOUNT_KEYS: [&str; 3] = ["game", "kept", "username"];
/// The options of Supercell ID: it has no passwords, and its games are started by a driver.
const SCID_KEYS: [&str; 1] = ["api"];

/// What is wrong with a config.toml, and where. No value is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ConfigurationError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
    /// The known key that was probably meant.
    pub meant: Option<&'static str>,
}

/// Reads the whole text.
pub(super) fn read(text: &str) -> Result<Configuration, ConfigurationError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = Document::parse(text).map_err(|error| {
        // The whole message would quote the line.
        let at = error.span().map_or(0, |span| span.start);
        flaw(text, at, error.message())
    })?;
    let mut configuration = Configuration::default();
    for (key, item) in entries(document.as_table()) {
        let section = Value::new(text, key, item);
        match key.get() {
            scid::ID => configuration.scid = options(text, section.table()?, &SCID_KEYS)?,
            "accounts" => configuration.accounts = accounts(text, section.table()?)?,
            "groups" => configuration.groups = groups(text, section.table()?)?,
            word => match GameId::named(word) {
                Some(game_id) => configuration
                    .games
                    .push((game_id, game(&section, game_id)?)),
                None => return Err(section.unknown(&sections())),
            },
        }
    }
    Ok(configuration)
}

/// The names of the tables at the top.
fn sections() -> Vec<&'static str> {
    let games = GameId::ALL.into_iter().map(|game_id| game_id.game().id);
    games.chain([scid::ID, "accounts", "groups"]).collect()
}

fn game(section: &Value<'_>, game_id: GameId) -> Result<Options, ConfigurationError> {
    let options = options(section.text, section.table()?, &KEYS)?;
    if options.toon_slot.is_some() && !game_id.game().has_toon_slots {
        return Err(section.inside("toon-slot", "is not for this game"));
    }
    Ok(options)
}

fn accounts(text: &str, table: &dyn TableLike) -> Result<Vec<Account>, ConfigurationError> {
    let mut accounts: Vec<Account> = Vec::new();
    for (key, item) in entries(table) {
        let section = Value::new(text, key, item);
        let taken = |known: &Account| known.name.eq_ignore_ascii_case(key.get());
        if let Err(flaw) = name::check(key.get()) {
            return Err(section.flaw(&format!("the name of an account: {flaw}")));
        }
        if accounts.iter().any(taken) {
            return Err(section.flaw("another account has that name; case does not count"));
        }
        accounts.push(account(&section, key.get())?);
    }
    Ok(accounts)
}

fn account(section: &Value<'_>, name: &str) -> Result<Account, ConfigurationError> {
    let table = section.table()?;
    let keys: Vec<_> = KEYS.into_iter().chain(ACCOUNT_KEYS).collect();
    let options = options(section.text, table, &keys)?;
    let game = section.required("game")?;
    let game_id = GameId::named(game.string()?)
        .ok_or_else(|| game.flaw("\"game\" is not ttr, ttcc or tlopo"))?;
    if options.toon_slot.is_some() && !game_id.game().has_toon_slots {
        return Err(section.inside("toon-slot", "is not for this account's game"));
    }
    let kept = match section.get("kept") {
        None => Vec::new(),
        Some(kept) => kept
            .strings()?
            .iter()
            .map(|word| {
                CredentialKind::named(word).filter(|kept| game_id.game().storable().contains(kept))
            })
            .collect::<Option<_>>()
            .ok_or_else(|| kept.flaw("\"kept\" names what is not kept for this account's game"))?,
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
        let section = Value::new(text, key, item);
        if let Err(flaw) = name::check(key.get()) {
            return Err(section.flaw(&format!("the name of a group: {flaw}")));
        }
        if groups
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(key.get()))
        {
            return Err(section.flaw("another group has that name; case does not count"));
        }
        groups.push((key.get().to_owned(), section.strings()?));
    }
    Ok(groups)
}

/// The options in a table, in which no other than `keys` may stand.
fn options(
    text: &str,
    table: &dyn TableLike,
    keys: &[&'static str],
) -> Result<Options, ConfigurationError> {
    let mut options = Options::default();
    for (key, item) in entries(table) {
        let value = Value::new(text, key, item);
        if !keys.contains(&key.get()) {
            return Err(value.unknown(keys));
        }
        match key.get() {
            "api" => options.api = Some(value.parsed()?),
            "code-command" => options.code_command = Some(value.plain()?),
            "exe" => options.exe = Some(value.path()?),
            "game-dir" => options.game_dir = Some(value.path()?),
            "log" => options.log = Some(value.path()?),
            "password-command" => options.password_command = Some(value.plain()?),
            "post-exit" => options.post_exit = Some(value.plain()?),
            "pre-launch" => options.pre_launch = Some(value.plain()?),
            "runner" => options.runner = Some(value.runner()?),
            "toon-slot" => options.toon_slot = Some(value.slot()?),
            "update" => options.update = Some(value.flag()?),
            "wrapper" => options.wrapper = Some(value.strings()?),
            // An account's own.
            _ => {}
        }
    }
    Ok(options)
}

/// The keys of a table with their values, in the order of the file.
fn entries(table: &dyn TableLike) -> impl Iterator<Item = (&Key, &Item)> {
    let keys: Vec<_> = table.iter().map(|(key, _)| key.to_owned()).collect();
    keys.into_iter().filter_map(|key| table.get_key_value(&key))
}

/// A flaw at a byte of the text.
fn flaw(text: &str, at: usize, what: &str) -> ConfigurationError {
    let before = text.get(..at).unwrap_or(text);
    let ends = before.matches('\n').count();
    ConfigurationError {
        line: ends + 1,
        what: what.to_owned(),
        meant: None,
    }
}

#[cfg(test)]
mod tests;
