//! `playcookie accounts remove`.

use serde::Serialize;

use super::stored::{restore, revoke_token, take, unshared};
use super::{known, print_outcome, warn_about_shortcuts};
use crate::auth::target::{LoginTarget, owner_of};
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::accounts::Remove;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::run_error::RunError;
use crate::session::launch_plan::log_folder;
use crate::session::played::PlayedTime;

/// An account that was removed, as `--json` shows it.
#[derive(Serialize)]
struct Removed<'a> {
    #[serde(rename = "removed")]
    name: &'a str,
    game: &'static str,
    /// Whether the server revoked the token; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<bool>,
}

pub(super) async fn run(
    context: &Context,
    remove: &Remove,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let mut accounts: Vec<&Account> = Vec::new();
    for name in &remove.names {
        let account = known(&context.configuration, name)?;
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    if !remove.yes && !signals.or(is_confirmed(context, &accounts)).await? {
        context.terminal.say(format_args!("nothing was removed"));
        return Ok(());
    }
    if accounts.iter().any(|account| !account.kept.is_empty()) {
        signals.or(context.credentials.open()).await?;
    }
    for account in accounts {
        let subject = LoginTarget::configured(context, account).subject();
        let about = RunError::about(&subject);
        let edit = signals.or(context.edit_configuration()).await;
        let mut edit = edit.map_err(|error| error.with_subject(&subject))?;
        // Another process may have changed it meanwhile; the account as it is now is removed.
        let account = known(&edit.document.original, &account.name);
        let account = account.map_err(&about)?.clone();
        edit.document.remove(&account.name);
        let after = edit.edited().map_err(&about)?;
        // Signals wait from here on. The file names the secrets until they are removed, so that after a kill this command
        // can still reach them.
        let owner = owner_of(context, &account).map_err(&about)?;
        let kept = unshared(context, &after, &account, &account.kept).map_err(&about)?;
        let revoked = revoke_token(context, &account, &kept).await;
        let revoked = revoked.map_err(&about)?;
        let taken = take(context, &owner, &kept).await.map_err(&about)?;
        if let Err(failure) = edit.write() {
            restore(context, &owner, taken).await;
            return Err(about(failure));
        }
        PlayedTime::forget(context, &account);
        forget_logs(context, &after, &account);
        let removed = Removed {
            name: &account.name,
            game: account.game_id.game().id,
            revoked,
        };
        print_outcome(
            context,
            &format!("account removed: {}", account.name),
            &removed,
        )?;
        warn_about_shortcuts(context, &account.name, None);
        for (group, _) in &edit.document.original.groups {
            if after.group(group).is_none() {
                warn_about_shortcuts(context, &format!("@{group}"), None);
            }
        }
    }
    Ok(())
}

/// Asks whether to remove accounts, if somebody can be asked.
async fn is_confirmed(context: &Context, accounts: &[&Account]) -> Result<bool, Failure> {
    if !context.terminal.can_ask() {
        return Ok(true);
    }
    let names: Vec<_> = accounts
        .iter()
        .map(|account| account.name.as_str())
        .collect();
    let kept = accounts.iter().flat_map(|account| &account.kept);
    let secrets = match kept.count() {
        0 => "",
        1 => ", with the secret that is stored",
        _ => ", with the secrets that are stored",
    };
    let prompt = format!("Remove {}{secrets}? [y/N] ", names.join(", "));
    Ok(context.terminal.ask_yes(&prompt).await == Some(true))
}

/// Removes the logs of an account, which another one with the same username would share.
fn forget_logs(context: &Context, after: &Configuration, account: &Account) {
    let mut others = after.of_game(account.game_id);
    if !others.any(|other| other.username == account.username) {
        let target = LoginTarget::remembered(account);
        context.state.remove_logs(&log_folder(&target));
    }
}
