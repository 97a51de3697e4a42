//! The usernames whose players declined to be remembered.

use std::collections::{BTreeMap, BTreeSet};

use crate::auth::target::LoginTarget;
use crate::context::Context;
use crate::credentials::CredentialOwner;

/// The state file: usernames by game.
const FILE: &str = "declined.json";

type Declined = BTreeMap<String, BTreeSet<String>>;

/// Returns whether the player declined to have this username remembered.
pub(super) fn has_declined(context: &Context, target: &LoginTarget) -> bool {
    let declined: Declined = context.state.read_json(FILE);
    let names = declined.get(target.game_id.game().id);
    let username = target.username.as_ref();
    names.is_some_and(|names| username.is_some_and(|username| names.contains(username)))
}

/// Records that the player declined. When that cannot be written, the player is asked again the next time.
pub(super) fn decline(context: &Context, owner: &CredentialOwner) {
    let _ = context.state.update_json(FILE, |declined: &mut Declined| {
        let names = declined.entry(owner.game_id.game().id.to_owned());
        names.or_default().insert(owner.username.clone());
    });
}
