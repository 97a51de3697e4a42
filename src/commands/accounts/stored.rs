//! The stored secrets of an account: whose they are, and removing or restoring them.

use super::tokens::revoke;
use crate::auth::remember::taken;
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::games::CredentialKind;

/// A secret that was stored, and the one before.
pub(super) struct Stored {
    pub(super) kind: CredentialKind,
    pub(super) before: Option<Secret>,
}

/// Returns the owner of an account's secrets.
pub(super) fn owner_of(context: &Context, account: &Account) -> Result<CredentialOwner, Failure> {
    LoginTarget::configured(context, account).owner(context)
}

/// Refuses a name that another account has, and a username that another account has at the same origin: they would share
/// their secrets.
///
/// # Errors
/// [`Reason::Usage`](crate::base::failure::Reason::Usage), naming the other account.
pub(super) fn check_free(
    context: &Context,
    before: &Configuration,
    old: Option<&Account>,
    new: &Account,
) -> Result<(), Failure> {
    let other = |account: &&Account| old.is_none_or(|old| old.name != account.name);
    if before.account(&new.name).as_ref().is_some_and(other) {
        return Err(taken(&new.name));
    }
    let owner = owner_of(context, new)?;
    if old.is_some_and(|old| owner_of(context, old).is_ok_and(|old| old == owner)) {
        return Ok(());
    }
    for account in before.of_game(new.game_id).filter(other) {
        if owner_of(context, account)? == owner {
            return Err(Failure::usage(
                format!(
                    "{} is remembered already, as \"{}\"",
                    clean(&new.username),
                    account.name
                ),
                format!("`playcookie accounts edit {}` changes it", account.name),
            ));
        }
    }
    Ok(())
}

/// Returns whether another account of the configuration stores the same secret.
pub(super) fn is_shared(
    context: &Context,
    configuration: &Configuration,
    account: &Account,
    kind: CredentialKind,
) -> Result<bool, Failure> {
    let owner = owner_of(context, account)?;
    for other in configuration.of_game(account.game_id) {
        if other.keeps(kind) && owner_of(context, other)? == owner {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes a secret from the secret store. A token is revoked first; returns whether the server revoked it.
///
/// # Errors
/// When the store fails.
pub(super) async fn forget(
    context: &Context,
    account: &Account,
    kind: CredentialKind,
) -> Result<Option<bool>, Failure> {
    let target = LoginTarget::configured(context, account);
    let key = target.owner(context)?.key(kind);
    let mut revoked = None;
    if kind == CredentialKind::Token
        && let Some(token) = context.credentials.get(&key).await?
    {
        revoked = Some(revoke(context, &target, &token).await);
    }
    context.credentials.remove(&key).await?;
    Ok(revoked)
}

/// Restores the secret store, as far as it can be restored.
pub(super) async fn put_back(context: &Context, owner: &CredentialOwner, stored: Vec<Stored>) {
    for Stored { kind, before } in stored {
        let key = owner.key(kind);
        if let Err(failure) = context.credentials.put_back(&key, before.as_ref()).await {
            let what = kind.words();
            let terminal = &context.terminal;
            terminal.warn(&format!("the {what} stays in the secret store: {failure}"));
        }
    }
}
