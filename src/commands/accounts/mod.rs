//! `playcookie accounts`: remembered accounts.

mod add;
mod change;
mod edit;
mod group;
mod input;
mod list;
mod remove;
mod show;
mod stored;

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::{Context, print};
use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::quantity::duration_text;
use crate::base::sanitize::clean;
use crate::base::signals::Signals;
use crate::base::suggestion::did_you_mean;
use crate::base::timestamp;
use crate::cli::accounts::{AccountSettings, Edit, Verb};
use crate::config::{Account, Configuration, name};
use crate::games::CredentialKind;
use crate::launch::shortcut;
use crate::run_error::RunError;
use crate::session::played::PlayedTime;
use crate::terminal::table::counted;
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
        Verb::Rename { old, new } => {
            let edit = Edit {
                name: old,
                rename: Some(new),
                forget: Vec::new(),
                settings: AccountSettings::default(),
            };
            let change = signals.or(edit::prepare(context, &edit)).await?;
            finish(context, change, signals).await?;
        }
        Verb::Remove(remove) => remove::run(context, &remove, signals).await?,
        Verb::Group(group) => group::run(context, &group, signals).await?,
        Verb::List => list::run(context)?,
        Verb::Show { name } => show::run(context, &name)?,
    }
    Ok(0)
}

/// Writes a change to an account, and prints what has changed.
async fn finish(
    context: &Context,
    change: AccountChange,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let account = change.new.clone();
    let old_name = change.old.as_ref().map(|old| old.name.clone());
    let is_same = change.old.as_ref() == Some(&account) && change.secrets.is_empty();
    let (stored, gone) = (labels(&account.kept), labels(&change.gone));
    let subject = LoginTarget::configured(context, &account).subject();
    let row = change.commit(context, signals).await;
    let row = row.map_err(|error| error.with_subject(&subject))?;
    let (name, game) = (&account.name, account.game_id.game().id);
    if is_same {
        let sentence = format!("nothing was changed: {name} is as before");
        return Ok(print_outcome(context, &sentence, &row)?);
    }
    let mut sentence = match &old_name {
        None => format!("{name} is remembered"),
        Some(old) if old != name => format!("{old} is now {name}"),
        Some(_) => format!("{name} is changed"),
    };
    if !stored.is_empty() {
        let _ = write!(sentence, " (kept in the secret store: {stored})");
    }
    if old_name.is_none() {
        let _ = write!(sentence, "; `playcookie {game} {name}` starts it");
    } else if !gone.is_empty() {
        let _ = write!(sentence, "; no longer stored: {gone}");
    }
    print_outcome(context, &sentence, &row)?;
    if let Some(old) = old_name.filter(|old| !old.eq_ignore_ascii_case(name)) {
        warn_about_shortcuts(context, &old, Some(name));
    }
    Ok(())
}

/// Warns of shortcuts whose account or group is gone, and says how to remove them, or how to replace them by those of
/// `new`.
fn warn_about_shortcuts(context: &Context, gone: &str, new: Option<&str>) {
    let left = shortcut::list().into_iter();
    let left = left.filter(|found| found.target.eq_ignore_ascii_case(gone));
    let mut places: Vec<_> = left.map(|found| found.place.name()).collect();
    places.dedup();
    if places.is_empty() {
        return;
    }
    let mut command = format!("playcookie shortcut remove {gone}");
    if let Some(new) = new {
        let _ = write!(command, " && playcookie shortcut add {new}");
        for place in &places {
            let _ = write!(command, " --{place}");
        }
    }
    let (places, what) = (
        places.join(", "),
        if new.is_some() { "replace" } else { "remove" },
    );
    context.terminal.warn(&format!(
        "a shortcut still starts {gone} ({places}) and will fail; {what} it with `{command}`"
    ));
}

fn labels(kinds: &[CredentialKind]) -> String {
    let labels: Vec<_> = kinds.iter().map(|kind| kind.label()).collect();
    labels.join(", ")
}

/// Returns where the secrets of an account come from.
fn kept_labels(account: &Account) -> Vec<&'static str> {
    let mut labels: Vec<_> = account.kept.iter().map(|kept| kept.label()).collect();
    if account.options.password_command.is_some() {
        labels.push("password command");
    }
    if account.options.code_command.is_some() {
        labels.push("code command");
    }
    labels
}

/// Returns the account with this name.
fn known<'c>(configuration: &'c Configuration, name: &str) -> Result<&'c Account, Failure> {
    configuration.account(name).ok_or_else(|| {
        let names = configuration.accounts.iter();
        let names = names.map(|account| account.name.as_str());
        let hint = match did_you_mean(name, names) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "see `playcookie accounts list` for the accounts".to_owned(),
        };
        Failure::usage(
            format!("\"{}\" is no remembered account", clean(name)),
            hint,
        )
    })
}

/// Checks a name for an account or a group.
fn check_name(name: &str) -> Result<(), Failure> {
    name::check(name).map_err(|error| {
        let message = format!("the name \"{}\" is invalid: {error}", clean(name));
        Failure::usage(message, "choose another name")
    })
}

/// The seconds of a day.
const DAY: u64 = 24 * 3600;

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
    /// When the last game ended, or started if it was detached.
    #[serde(serialize_with = "timestamp::serialize")]
    last_played: Option<u64>,
    played_seconds: u64,
}

impl AccountRow {
    fn of(context: &Context, configuration: &Configuration, account: &Account) -> Self {
        let played = PlayedTime::of(context, account);
        let groups = configuration.groups_of(&account.name);
        Self {
            name: account.name.clone(),
            game: account.game_id.game().id,
            username: clean(&account.username),
            kept: account.kept.iter().map(|kept| kept.name()).collect(),
            password_command: account.options.password_command.is_some(),
            code_command: account.options.code_command.is_some(),
            groups: groups.map(ToOwned::to_owned).collect(),
            last_played: played.map(|played| played.last),
            played_seconds: played.unwrap_or_default().seconds,
        }
    }

    /// Returns how long ago the account was played last, and the total time, for people; empty if it is unknown.
    fn played(&self) -> Option<[String; 2]> {
        let ago = clock::since_epoch()
            .as_secs()
            .saturating_sub(self.last_played?);
        let ago = match ago {
            ..60 => "just now".to_owned(),
            60..DAY => format!("{} ago", duration_text(Duration::from_secs(ago / 60 * 60))),
            DAY.. => format!(
                "{} ago",
                counted(usize::try_from(ago / DAY).unwrap_or_default(), "day")
            ),
        };
        let total = match self.played_seconds {
            0 => String::new(),
            seconds => duration_text(Duration::from_secs(seconds)),
        };
        Some([ago, total])
    }
}

/// Prints what has changed: a sentence for people, an object with `--json`.
fn print_outcome(
    context: &Context,
    sentence: &str,
    object: &impl Serialize,
) -> Result<(), Failure> {
    print(&context.terminal, object, || {
        context.terminal.say(format_args!("{sentence}"));
        String::new()
    })
}
