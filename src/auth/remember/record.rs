//! Records in the configuration which secrets are stored.

use super::{account_of, name_of, name_taken};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::config::Account;
use crate::config::document::ConfigurationDocument;
use crate::config::options::Options;
use crate::context::Context;
use crate::games::CredentialKind;

/// Records that a secret of an account is stored, and adds the account if it is new. Returns the account's name when the
/// document has changed.
pub(super) fn record_stored(
    context: &Context,
    document: &mut ConfigurationDocument,
    target: &LoginTarget,
    kind: CredentialKind,
    name: Option<&str>,
) -> Result<Option<String>, Failure> {
    let owner = target.owner(context)?;
    if let Some(account) = account_of(context, &document.original, &owner).cloned() {
        if account.keeps(kind) {
            return Ok(None);
        }
        let all: Vec<_> = account.kept.iter().copied().chain([kind]).collect();
        document.set_kept(&account.name, &all);
        return Ok(Some(account.name));
    }
    let name = name.map_or_else(
        || name_of(context, &document.original, &owner),
        ToOwned::to_owned,
    );
    if document.original.account(&name).is_some() {
        return Err(name_taken(&name));
    }
    document.add(&Account {
        name: name.clone(),
        game_id: target.game_id,
        username: owner.username,
        kept: vec![kind],
        options: Options {
            // The secret belongs to this origin, even if the game's configuration names another one day.
            api: target.options.api.clone(),
            ..Options::default()
        },
    });
    Ok(Some(name))
}

/// Records that a secret of an account is no longer stored.
pub(crate) async fn record_removed(
    context: &Context,
    name: &str,
    gone: CredentialKind,
) -> Result<(), Failure> {
    let mut edit = context.edit_configuration().await?;
    if let Some(account) = edit.document.original.account(name) {
        let left = account.kept.iter().copied().filter(|kind| *kind != gone);
        let left: Vec<_> = left.collect();
        edit.document.set_kept(name, &left);
    }
    edit.write()
}
