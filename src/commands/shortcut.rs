//! `playcookie shortcut`: adding, listing and removing shortcuts.

use serde_json::{Value, json};

use super::{Context, print};
use crate::auth::target::{LoginTarget, targets};
use crate::base::failure::Failure;
use crate::base::sanitize::{clean, escaped};
use crate::base::signals::Signals;
use crate::base::suggestion::did_you_mean;
use crate::cli::shortcut::{Add, Verb};
use crate::config::options::Options;
use crate::games::{CredentialKind, GameId};
use crate::launch::shortcut::{self, FoundShortcut, Shortcut, ShortcutPlace};
use crate::run_error::RunError;
use crate::terminal::table::{Alignment, Table};

const HEADINGS: [(&str, Alignment); 3] = [
    ("NAME", Alignment::Left),
    ("PLACE", Alignment::Left),
    ("FILE", Alignment::Left),
];

pub(super) async fn run(
    context: &Context,
    verb: &Verb,
    signals: &mut Signals,
) -> Result<(), RunError> {
    match verb {
        Verb::Add(arguments) => add(context, arguments, signals).await,
        Verb::List => Ok(list(context)?),
        Verb::Remove { names } => Ok(remove(context, names)?),
    }
}

async fn add(context: &Context, add: &Add, signals: &mut Signals) -> Result<(), RunError> {
    let shortcut = signals.or(shortcut_of(context, &add.target)).await?;
    let _lock = lock(context);
    let mut added = Vec::new();
    for place in add.places() {
        let paths = shortcut::add(&shortcut, place)?;
        added.extend(paths.into_iter().map(|path| FoundShortcut {
            target: shortcut.target.clone(),
            place,
            path,
        }));
    }
    let terminal = &context.terminal;
    for found in &added {
        terminal.say(format_args!(
            "{}: added to {} ({})",
            found.target,
            place_text(found.place),
            escaped(&found.path.to_string_lossy())
        ));
    }
    print(terminal, &json!({ "added": rows(&added) }), String::new)?;
    if added.iter().any(FoundShortcut::is_sandboxed) {
        terminal.warn(
            "the Steam of Flatpak cannot start playcookie, which is outside of its sandbox; add the shortcut with --menu, or install Steam without Flatpak",
        );
    }
    Ok(())
}

fn list(context: &Context) -> Result<(), Failure> {
    let (terminal, found) = (&context.terminal, shortcut::list());
    let is_gone = |found: &FoundShortcut| {
        let target = &found.target;
        GameId::named(target).is_none() && !context.configuration.contains(target)
    };
    let mut rows = rows(&found);
    for (row, found) in rows.iter_mut().zip(&found) {
        row["gone"] = is_gone(found).into();
    }
    print(terminal, &json!({ "shortcuts": rows }), || {
        if found.is_empty() {
            terminal.say(format_args!(
                "there is no shortcut; add one with `playcookie shortcut add NAME`"
            ));
            return String::new();
        }
        let cells = found.iter().map(|found| {
            let gone = if is_gone(found) { " (gone)" } else { "" };
            vec![
                clean(&found.target) + gone,
                found.place.name().to_owned(),
                escaped(&found.path.to_string_lossy()),
            ]
        });
        // A path is not cut, so that it can be copied.
        let lines = Table::new(&HEADINGS, cells).lines().into_iter();
        lines.map(|line| line + "\n").collect()
    })
}

fn remove(context: &Context, names: &[String]) -> Result<(), Failure> {
    let _lock = lock(context);
    let all = shortcut::list();
    let is_of = |found: &FoundShortcut, name: &str| found.target.eq_ignore_ascii_case(name);
    if let Some(name) = names
        .iter()
        .find(|name| !all.iter().any(|found| is_of(found, name)))
    {
        let known = all.iter().map(|found| found.target.as_str());
        let hint = match did_you_mean(name, known) {
            Some(meant) => format!("did you mean \"{}\"?", clean(meant)),
            None => "`playcookie shortcut list` shows the shortcuts".to_owned(),
        };
        let message = format!("there is no shortcut of \"{}\"", clean(name));
        return Err(Failure::usage(message, hint));
    }
    let is_named = |found: &FoundShortcut| names.iter().any(|name| is_of(found, name));
    let removed: Vec<_> = all.into_iter().filter(is_named).collect();
    shortcut::remove(&removed)?;
    let terminal = &context.terminal;
    for found in &removed {
        terminal.say(format_args!(
            "{}: removed from {}",
            clean(&found.target),
            place_text(found.place)
        ));
    }
    print(terminal, &json!({ "removed": rows(&removed) }), String::new)
}

/// Takes the lock that keeps two processes from changing the same files, if there can be one. It is released when the
/// returned value is dropped.
fn lock(context: &Context) -> impl Sized + use<> {
    let file = context.state.lock_file("shortcuts.lock");
    file.filter(|file| file.lock().is_ok())
}

fn rows(shortcuts: &[FoundShortcut]) -> Vec<Value> {
    let row = |found: &FoundShortcut| {
        json!({
            "name": clean(&found.target),
            "place": found.place.name(),
            "path": escaped(&found.path.to_string_lossy()),
        })
    };
    shortcuts.iter().map(row).collect()
}

fn place_text(place: ShortcutPlace) -> &'static str {
    match place {
        ShortcutPlace::Steam => "Steam",
        ShortcutPlace::Menu => "the menu",
        ShortcutPlace::Desktop => "the desktop",
    }
}

/// Returns the shortcut that starts a game, an account or a group.
async fn shortcut_of(context: &Context, target: &str) -> Result<Shortcut, RunError> {
    let mut arguments = match context.config_file.explicit_path() {
        Some(path) => vec!["--config".to_owned(), shortcut::path_text(path)?],
        None => Vec::new(),
    };
    let program = shortcut::program()?;
    if let Some(game_id) = GameId::named(target) {
        arguments.push(target.to_owned());
        return Ok(Shortcut {
            target: target.to_owned(),
            game_id: Some(game_id),
            program,
            arguments,
            needs_terminal: true,
        });
    }
    if target == crate::games::scid::ID {
        return Err(Failure::usage(
            "Supercell ID has no shortcut, because its games run on Android",
            "name a remembered account, a group, or ttr, ttcc or tlopo",
        )
        .into());
    }
    let names = [target.to_owned()];
    let accounts = targets(context, None, &names, None, &Options::default()).await?;
    let (target, game_id) = match (accounts.as_slice(), target.strip_prefix('@')) {
        ([account], None) => {
            let known = account.account.as_ref();
            let name = known.map_or_else(|| target.to_owned(), |known| known.name.clone());
            (name, Some(account.game_id))
        }
        (_, group) => (format!("@{}", group.unwrap_or(target)), None),
    };
    arguments.extend(["play".to_owned(), target.clone()]);
    Ok(Shortcut {
        target,
        game_id,
        program,
        arguments,
        needs_terminal: accounts.iter().any(may_ask),
    })
}

/// Whether a login may ask for something. A shortcut that asks opens a terminal.
fn may_ask(target: &LoginTarget) -> bool {
    let account = target.account.as_ref();
    let keeps = |kind| {
        target.storable().contains(&kind) && account.is_some_and(|account| account.keeps(kind))
    };
    let options = &target.options;
    let has_password = keeps(CredentialKind::Password) || options.password_command.is_some();
    let has_code = keeps(CredentialKind::Totp) || options.code_command.is_some();
    !(keeps(CredentialKind::Token) || has_password && has_code)
}
