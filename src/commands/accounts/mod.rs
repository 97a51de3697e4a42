//! `playcookie accounts`: remembered accounts.

mod add;
mod change;
mod edit;
mod group;
mod list;
mod remove;
mod stored;
mod tokens;
mod typed;

use serde::Serialize;

use super::{Context, unwritten};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::base::suggestion::did_you_mean;
use crate::cli::accounts::Verb;
use crate::config::{Account, Configuration, name};
use crate::run_error::RunError;
use change::AccountChange;

pub(super) async fn run(
    context: &Context,
    verb: Verb,
    signals: &mut Signals,
) -> Result<i32, RunError> {
    match verb {
        Verb::Add(add) => {
            let change = signals.or(add::prepare(context, &add)).await?;
            finish(context, change, signals).await?;
        }
        Verb::Edit(edit) => {
            let change = signals.or(edit::prepare(context, &edit)).await?;
            finish(context, change, signals).await?;
        }
        Verb::Remove(remove) => remove::run(context, &remove, signals).await?,
        Verb::Group(group) => group::run(context, &group, signals).await?,
        Verb::List => list::run(context)?,
    }
    Ok(0)
}

/// Makes a change to an account, and prints what was done.
async fn finish(
    context: &Context,
    change: AccountChange,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let account = change.new.clone();
    let is_new = change.old.is_none();
    let gone: Vec<_> = change.gone.iter().map(|kind| kind.words()).collect();
    let subject = LoginTarget::configured(context, &account).subject();
    let row = change.commit(context, signals).await;
    let row = row.map_err(|error| error.with_subject(&subject))?;
    let stored: Vec<_> = account.kept.iter().map(|kind| kind.words()).collect();
    let with = match stored.as_slice() {
        [] => String::new(),
        stored => format!(" (kept in the secret store: {})", stored.join(", ")),
    };
    let name = &account.name;
    let sentence = if is_new {
        let game = account.game_id.game().id;
        format!("{name} is remembered{with}; `playcookie {game} {name}` starts it")
    } else {
        let gone = match gone.as_slice() {
            [] => String::new(),
            gone => format!("; no longer kept: {}", gone.join(", ")),
        };
        format!("{name} is changed{with}{gone}")
    };
    Ok(print_done(context, &sentence, &row)?)
}

/// Returns the account of a name. An unknown name is not repeated: it may be a password.
fn known<'c>(configuration: &'c Configuration, name: &str) -> Result<&'c Account, Failure> {
    configuration.account(name).ok_or_else(|| {
        let names = configuration.accounts.iter();
        let names = names.map(|account| account.name.as_str());
        let hint = match did_you_mean(name, names) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "`playcookie accounts list` shows the accounts".to_owned(),
        };
        Failure::usage("there is no remembered account of that name", hint)
    })
}

/// Checks a name for an account or a group.
fn check_name(name: &str) -> Result<(), Failure> {
    name::check(name).map_err(|flaw| Failure::usage(flaw.to_string(), "choose another name"))
}

/// An account as `--json` shows it.
#[derive(Debug, Serialize)]
struct AccountRow {
    name: String,
    game: &'static str,
    username: String,
    kept: Vec<&'static str>,
    password_command: bool,
    code_command: bool,
    groups: Vec<String>,
}

impl AccountRow {
    fn of(configuration: &Configuration, account: &Account) -> Self {
        let groups = configuration.groups_of(&account.name);
        Self {
            name: account.name.clone(),
            game: account.game_id.game().id,
            username: clean(&account.username),
            kept: account.kept.iter().map(|kept| kept.name()).collect(),
            password_command: account.options.password_command.is_some(),
            code_command: account.options.code_command.is_some(),
            groups: groups.map(ToOwned::to_owned).collect(),
        }
    }
}

/// Prints what was done: a sentence for people, an object with `--json`.
fn print_done(context: &Context, sentence: &str, object: &impl Serialize) -> Result<(), Failure> {
    if context.terminal.json().is_none() {
        context.terminal.say(format_args!("{sentence}"));
        return Ok(());
    }
    let object = serde_json::to_string(object).unwrap_or_default();
    let written = context.terminal.result(format!("{object}\n").as_bytes());
    written.map_err(|error| unwritten(&error))
}
