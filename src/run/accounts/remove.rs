//! `playcookie accounts remove`, and forgetting single secrets.

use serde_json::json;

use super::super::prepare::Place;
use super::super::safe::Safe;
use super::super::{Context, Trouble};
use super::{entrant, known, tell, tokens};
use crate::accounts::Account;
use crate::cli::accounts::Remove;
use crate::exit::Failure;
use crate::game::Kept;

pub(super) async fn run(context: &Context, safe: &Safe, remove: &Remove) -> anyhow::Result<()> {
    let configuration = &context.configuration;
    let accounts = remove.names.iter().map(|name| known(configuration, name));
    let mut accounts: Vec<_> = accounts.collect::<Result<_, _>>()?;
    accounts.dedup();
    if accounts.iter().any(|account| !account.kept.is_empty()) {
        safe.open(context).await.map_err(Failure::from)?;
    }
    for account in accounts {
        let subject = entrant(context, account).subject();
        remove_one(context, safe, account)
            .await
            .map_err(|failure| Trouble::new(subject, failure))?;
    }
    Ok(())
}

async fn remove_one(context: &Context, safe: &Safe, account: &Account) -> Result<(), Failure> {
    for kept in &account.kept {
        forget(context, safe, account, *kept).await?;
    }
    context.file.change(|change| {
        change.remove(&account.name);
        Ok(())
    })?;
    let name = &account.name;
    tell(
        context,
        &format!("{name} is forgotten"),
        &json!({ "removed": name, "game": account.title.game().id }),
    )
}

/// Takes a secret out of the secret store, unless it belongs to another account as well; a token is revoked first.
///
/// # Errors
/// When the store fails.
pub(super) async fn forget(
    context: &Context,
    safe: &Safe,
    account: &Account,
    kept: Kept,
) -> Result<(), Failure> {
    // The newest file knows whether another account came to share it.
    if context.file.load_or_new()?.shares_secrets(account) {
        return Ok(());
    }
    let place = Place::of(context, &entrant(context, account), None)?;
    let owner = place.owner(account.title, Some(&account.username));
    if kept == Kept::Token
        && let Some(token) = safe.get(context, &owner, kept).await?
    {
        tokens::revoke(context, &place, &token).await;
    }
    safe.remove(context, &owner, kept).await?;
    Ok(())
}
