//! What the secret store holds for an account: whose it is, and taking it out or putting it back.

use crate::auth::login_plan::{Endpoint, owner_of};
use crate::auth::remember::taken;
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::usage::wrong;
use crate::commands::accounts::tokens;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::credentials::store::{CredentialOwner, CredentialStore};
use crate::games::CredentialKind;

/// Something that was put into the secret store, and what was there before.
pub(crate) struct Stored {
    pub(crate) kept: CredentialKind,
    pub(crate) before: Option<Secret>,
}

/// Refuses a name that another account has, and a username that another account has at the same place: they would share
/// their secrets.
///
/// # Errors
/// [`Reason::Usage`], naming the other account.
pub(crate) fn check_free(
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
            return Err(wrong(
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

/// Whether an account of the configuration keeps the same secret as one that leaves it.
pub(crate) fn is_shared(
    context: &Context,
    configuration: &Configuration,
    account: &Account,
    kept: CredentialKind,
) -> Result<bool, Failure> {
    let owner = owner_of(context, account)?;
    for other in configuration.of_game(account.game_id) {
        if other.keeps(kept) && owner_of(context, other)? == owner {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes a secret out of the secret store; a token is revoked first, and whether the server did that is given.
///
/// # Errors
/// When the store fails.
pub(crate) async fn forget(
    context: &Context,
    credentials: &CredentialStore,
    account: &Account,
    kept: CredentialKind,
) -> Result<Option<bool>, Failure> {
    let owner = owner_of(context, account)?;
    let mut revoked = None;
    if kept == CredentialKind::Token
        && let Some(token) = credentials.get(context, &owner, kept).await?
    {
        revoked = Some(revoke(context, account, &token).await);
    }
    credentials.remove(context, &owner, kept).await?;
    Ok(revoked)
}

/// Makes a token worthless, where it is good; gives whether the server did.
pub(crate) async fn revoke(context: &Context, account: &Account, token: &Secret) -> bool {
    match Endpoint::of(context, &LoginTarget::configured(context, account), None) {
        Ok(place) => tokens::revoke(context, account.game_id, &place, token).await,
        Err(failure) => {
            context.terminal.warn(&format!(
                "the launcher token could not be revoked: {failure}"
            ));
            false
        }
    }
}

/// Puts the secret store back as it was, as far as it can be.
pub(crate) async fn put_back(
    context: &Context,
    credentials: &CredentialStore,
    owner: &CredentialOwner,
    stored: Vec<Stored>,
) {
    for Stored { kept, before } in stored {
        if let Err(failure) = credentials
            .put_back(context, owner, kept, before.as_ref())
            .await
        {
            let what = kept.label();
            context
                .terminal
                .warn(&format!("the {what} stays in the secret store: {failure}"));
        }
    }
}
