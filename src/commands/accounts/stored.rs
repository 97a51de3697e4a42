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

/// The kinds of secrets that were stored, each with the secret that it replaced.
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
        revoked = Some(revoke_stored(context, &target, &token).await);
    }
    context.credentials.remove(&key).await?;
    Ok(revoked)
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
