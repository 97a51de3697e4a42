//! The usernames whose players declined to be remembered.

use std::collections::{BTreeMap, BTreeSet};

use crate::auth::target::LoginTarget;
use crate::context::Context;
use crate::credentials::CredentialOwner;

/// The state file: games with usernames.
const FILE: &str = "declined.json";

type Declined = BTreeMap<String, BTreeSet<String>>;

/// Returns whether remembering this username was declined.
pub(super) fn has_declined(context: &Context, target: &LoginTarget) -> bool {
    let file = context.state.read(FILE);
    let declined = file.map(|file| parse(&file)).unwrap_or_default();
    let names = declined.get(target.game_id.game().id);
    target
        .username
        .as_ref()
        .is_some_and(|username| names.is_some_and(|names| names.contains(username)))
}

/// Remembers that it was declined. What cannot be written is asked again.
pub(super) fn decline(context: &Context, owner: &CredentialOwner) {
    let _ = context.state.update(FILE, |file| {
        let mut declined = file.map(parse).unwrap_or_default();
        let names = declined.entry(owner.game_id.game().id.to_owned());
        names.or_default().insert(owner.username.clone());
        serde_json::to_vec(&declined).unwrap_or_default()
    });
}

/// A malformed file counts as empty.
fn parse(file: &[u8]) -> Declined {
    serde_json::from_slice(file).unwrap_or_default()
}
