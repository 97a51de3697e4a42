//! The stored secrets of an account: whose they are, and removing or restoring them.

use crate::auth::remember::name_taken;
use crate::auth::revocation::revoke_stored;
use crate::auth::target::{LoginTarget, owner_of};
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::credentials::CredentialOwner;
use crate::games::CredentialKind;

/// The kinds of secrets that were stored or removed, each with the secret that was there before.
pub(super) type Replaced = Vec<(CredentialKind, Option<Secret>)>;

/// Refuses the name of another account, and the username of another account at the same origin: the two would share their
/// secrets.
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
        return Err(name_taken(&new.name));
    }
    let owner = owner_of(context, new)?;
    if old.is_some_and(|old| owner_of(context, old).is_ok_and(|old| old == owner)) {
        return Ok(());
    }
    for account in before.of_game(new.game_id).filter(other) {
        if owner_of(context, account)? == owner {
            let (username, name) = (clean(&new.username), &account.name);
            return Err(Failure::usage(
                format!("{username} is remembered already, as \"{name}\""),
                format!("change it with `playcookie accounts edit {name}`"),
            ));
        }
    }
    Ok(())
}

/// Returns those of `kinds` whose secret of `account` no account of the configuration stores.
pub(super) fn unshared(
    context: &Context,
    configuration: &Configuration,
    account: &Account,
    kinds: &[CredentialKind],
) -> Result<Vec<CredentialKind>, Failure> {
    let (owner, mut kinds) = (owner_of(context, account)?, kinds.to_vec());
    for other in configuration.of_game(account.game_id) {
        if owner_of(context, other)? == owner {
            kinds.retain(|kind| !other.keeps(*kind));
        }
    }
    Ok(kinds)
}

/// Removes secrets of an owner from the secret store, all or none, and returns them.
///
/// # Errors
/// When the store fails; then nothing was removed.
pub(super) async fn take(
    context: &Context,
    owner: &CredentialOwner,
    kinds: &[CredentialKind],
) -> Result<Replaced, Failure> {
    let mut taken = Replaced::new();
    for kind in kinds {
        match context.credentials.take(&owner.key(*kind)).await {
            Ok(None) => {}
            Ok(secret) => taken.push((*kind, secret)),
            Err(failure) => {
                restore(context, owner, taken).await;
                return Err(failure);
            }
        }
    }
    Ok(taken)
}

/// Revokes the stored token of an account, if it is among `kinds`. The token stays in the secret store, so that after a kill
/// `accounts` can still revoke it. Returns whether the server revoked it, or nothing when there is none.
///
/// # Errors
/// When the store fails. A token that the server does not revoke is printed as a warning.
pub(super) async fn revoke_token(
    context: &Context,
    account: &Account,
    kinds: &[CredentialKind],
) -> Result<Option<bool>, Failure> {
    if !kinds.contains(&CredentialKind::Token) {
        return Ok(None);
    }
    let key = owner_of(context, account)?.key(CredentialKind::Token);
    let Some(token) = context.credentials.get(&key).await? else {
        return Ok(None);
    };
    let target = LoginTarget::configured(context, account);
    Ok(Some(revoke_stored(context, &target, &token).await))
}

/// Restores the secrets that were replaced. A secret that cannot be restored is printed as a warning.
pub(super) async fn restore(context: &Context, owner: &CredentialOwner, replaced: Replaced) {
    for (kind, before) in replaced {
        let key = owner.key(kind);
        if let Err(failure) = context.credentials.put_back(&key, before.as_ref()).await {
            let (what, terminal) = (kind.label(), &context.terminal);
            terminal.warn(&format!("the {what} stays in the secret store: {failure}"));
        }
    }
}
