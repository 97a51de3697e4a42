//! `playcookie accounts`: what is remembered.

pub(crate) mod add;
pub(crate) mod edit;
pub(crate) mod group;
pub(crate) mod list;
pub(crate) mod particulars;
pub(crate) mod pending;
pub(crate) mod remove;
pub(crate) mod tokens;

use serde::Serialize;

use super::{Context, unwritten};
use crate::auth::target::LoginTarget;
use crate::base::failure::{Ending, Failure};
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::cli::accounts::Verb;
use crate::cli::usage::{did_you_mean, wrong};
use crate::config::{Account, Configuration, name};
use crate::context::Stop;
use crate::credentials::store::CredentialStore;
use pending::Pending;

pub(crate) async fn run(
    context: &Context,
    verb: Verb,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let done = act(context, &verb, signals).await;
    match done {
        Ok(()) => Ok(Ending::Success),
        Err(Stop::Signal(signal)) => Ok(Ending::Stopped(signal)),
        Err(Stop::Failure(failure)) => Err(failure.into()),
        Err(Stop::RunError(trouble)) => Err(trouble.into()),
    }
}

async fn act(context: &Context, verb: &Verb, signals: &mut Signals) -> Result<(), Stop> {
    let credentials = CredentialStore::default();
    let prepare = async {
        match verb {
            Verb::Add(add) => add::prepare(context, &credentials, add).await.map(Some),
            Verb::Edit(edit) => edit::prepare(context, &credentials, edit).await.map(Some),
            Verb::List | Verb::Remove(_) | Verb::Group(_) => Ok(None),
        }
    };
    let pending = tokio::select! {
        // Ctrl-C at a hidden prompt is a signal and a prompt without an answer: the signal counts.
        biased;
        signal = signals.next() => return Err(Stop::Signal(signal)),
        pending = prepare => pending?,
    };
    if let Some(pending) = pending {
        return finish(context, &credentials, pending, signals).await;
    }
    match verb {
        Verb::Remove(remove) => remove::run(context, &credentials, remove, signals).await,
        Verb::Group(group) => group::run(context, group, signals).await,
        _ => Ok(list::run(context)?),
    }
}

/// Makes a change to an account, and tells what was done.
async fn finish(
    context: &Context,
    credentials: &CredentialStore,
    pending: Pending,
    signals: &mut Signals,
) -> Result<(), Stop> {
    let account = pending.new.clone();
    let is_new = pending.old.is_none();
    let gone: Vec<_> = pending.gone.iter().map(|kept| kept.label()).collect();
    let subject = LoginTarget::configured(context, &account).subject();
    let shown = pending.commit(context, credentials, signals).await;
    let shown = shown.map_err(|stop| stop.about(&subject))?;
    let kept: Vec<_> = account.kept.iter().map(|kept| kept.label()).collect();
    let with = match kept.as_slice() {
        [] => String::new(),
        kept => format!(" (kept in the secret store: {})", kept.join(", ")),
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
    Ok(tell(context, &sentence, &shown)?)
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
pub(crate) struct Shown {
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
            game: account.game_id.game().id,
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
