//! `playcookie accounts`: what is remembered.

mod add;
mod edit;
mod group;
mod list;
mod particulars;
mod remove;
mod tokens;

use serde::Serialize;

use super::safe::Safe;
use super::who::Entrant;
use super::{Context, unwritten};
use crate::accounts::{Account, Configuration, name};
use crate::cli::accounts::Verb;
use crate::cli::usage::{did_you_mean, wrong};
use crate::exit::{Ending, Failure};
use crate::sanitize::clean;
use crate::signals::Signals;

pub(super) async fn run(
    context: &Context,
    verb: Verb,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let safe = Safe::default();
    let done = async {
        match &verb {
            Verb::List => list::run(context),
            Verb::Add(add) => add::run(context, &safe, add).await,
            Verb::Edit(edit) => edit::run(context, &safe, edit).await,
            Verb::Remove(remove) => remove::run(context, &safe, remove).await,
            Verb::Group(group) => group::run(context, group),
        }
    };
    tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => Ok(Ending::Stopped(signal)),
        done = done => done.map(|()| Ending::Success),
    }
}

/// One who is remembered, with what the configuration sets for them.
fn entrant(context: &Context, account: &Account) -> Entrant {
    let below = context.configuration.game(account.title);
    let mut entrant = Entrant::remembered(account);
    entrant.options = account.options.clone().over(&below);
    entrant
}

/// The account of a name that was typed, which is not repeated where it is unknown: it may be a password.
fn known<'c>(configuration: &'c Configuration, name: &str) -> Result<&'c Account, Failure> {
    configuration.account(name).ok_or_else(|| {
        let names = configuration.accounts.iter();
        let names = names.map(|account| account.name.as_str());
        let hint = match did_you_mean(name, names) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "`playcookie accounts list` shows the accounts".to_owned(),
        };
        wrong("there is no remembered account of that name", hint)
    })
}

/// Checks a name for an account or a group.
fn check_name(name: &str) -> Result<(), Failure> {
    name::check(name).map_err(|flaw| wrong(flaw.to_string(), "choose another name"))
}

/// An account as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown {
    name: String,
    game: &'static str,
    username: String,
    kept: Vec<&'static str>,
    password_command: bool,
    code_command: bool,
    groups: Vec<String>,
}

impl Shown {
    fn of(configuration: &Configuration, account: &Account) -> Self {
        let groups = configuration.groups_of(&account.name);
        Self {
            name: account.name.clone(),
            game: account.title.game().id,
            username: clean(&account.username),
            kept: account.kept.iter().map(|kept| kept.name()).collect(),
            password_command: account.options.password_command.is_some(),
            code_command: account.options.code_command.is_some(),
            groups: groups.map(ToOwned::to_owned).collect(),
        }
    }
}

/// Shows what was done: a sentence for people, an object with `--json`.
fn tell(context: &Context, sentence: &str, object: &impl Serialize) -> Result<(), Failure> {
    if context.terminal.json().is_none() {
        context.terminal.say(format_args!("{sentence}"));
        return Ok(());
    }
    let object = serde_json::to_string(object).unwrap_or_default();
    let written = context.terminal.result(format!("{object}\n").as_bytes());
    written.map_err(|error| unwritten(&error))
}
