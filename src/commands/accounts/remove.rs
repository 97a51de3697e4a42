//! `playcookie accounts remove`.

use serde::Serialize;

use super::stored::{forget, is_shared};
use super::{known, print_outcome};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::accounts::Remove;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::run_error::RunError;

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
        // Signals wait from here on. An account that cannot be removed from the file keeps its secrets, and one whose
        // secrets cannot be removed stays in the file.
        edit.write().map_err(&about)?;
        let forgotten = forget_all(context, &account, &after).await;
        if forgotten.is_err() {
            edit.undo().map_err(&about)?;
        }
        let revoked = forgotten.map_err(&about)?;
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
    }
    Ok(())
}

/// Removes the stored secrets of an account that the new configuration no longer holds. Returns whether the server revoked
/// the token.
async fn forget_all(
    context: &Context,
    account: &Account,
    after: &Configuration,
) -> Result<Option<bool>, Failure> {
    let mut revoked = None;
    for kind in &account.kept {
        if !is_shared(context, after, account, *kind)? {
            revoked = forget(context, account, *kind).await?.or(revoked);
        }
    }
    Ok(revoked)
}
