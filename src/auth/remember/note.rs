//! What config.toml says of what is kept.

use super::{name_of, same, taken};
use crate::auth::target::LoginTarget;
use crate::base::failure::Failure;
use crate::config::Account;
use crate::config::document::ConfigDocument;
use crate::config::options::Options;
use crate::context::Context;
use crate::credentials::store::CredentialOwner;
use crate::games::CredentialKind;

/// Writes down that something is kept for an account, which is made if it is not there. Gives the name of an account for
/// which that is new.
pub(crate) fn note(
    context: &Context,
    change: &mut ConfigDocument,
    target: &LoginTarget,
    owner: &CredentialOwner,
    kept: CredentialKind,
    kind: Option<&str>,
) -> Result<Option<String>, Failure> {
    if let Some(account) = same(context, &change.original, owner).cloned() {
        if account.keeps(kept) {
            return Ok(None);
        }
        let all: Vec<_> = account.kept.iter().copied().chain([kept]).collect();
        change.set_kept(&account.name, &all);
        return Ok(Some(account.name));
    }
    let name = kind.map_or_else(
        || name_of(context, &change.original, owner),
        ToOwned::to_owned,
    );
    if change.original.account(&name).is_some() {
        return Err(taken(&name));
    }
    change.add(&Account {
        name: name.clone(),
        game_id: target.game_id,
        username: owner.username.clone(),
        kept: vec![kept],
        options: Options {
            // What is kept is for this place, whatever the configuration of the game says one day.
            api: target.options.api.clone(),
            ..Options::default()
        },
    });
    Ok(Some(name))
}

/// Writes down that something is no longer kept for an account.
pub(crate) async fn unnote(
    context: &Context,
    name: &str,
    gone: CredentialKind,
) -> Result<(), Failure> {
    let mut draft = context.draft().await?;
    if let Some(account) = draft.document.original.account(name) {
        let left = account.kept.iter().copied().filter(|kept| *kept != gone);
        let left: Vec<_> = left.collect();
        draft.document.set_kept(name, &left);
    }
    draft.write()
}
