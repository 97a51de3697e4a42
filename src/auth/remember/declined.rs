//! Who does not want to be remembered.

use std::collections::{BTreeMap, BTreeSet};

use crate::games::GameId;
use crate::state::StateDirectory;

/// The state file: games with usernames.
const FILE: &str = "declined.json";

type Declined = BTreeMap<String, BTreeSet<String>>;

/// Whether that username said no.
pub(crate) fn has_declined(game_id: GameId, username: Option<&str>) -> bool {
    let file = StateDirectory::user().read(FILE);
    let declined = file.map(|file| parse(&file)).unwrap_or_default();
    let names = declined.get(game_id.game().id);
    username.is_some_and(|username| names.is_some_and(|names| names.contains(username)))
}

/// Remembers a no. What cannot be written is asked again.
pub(crate) fn decline(game_id: GameId, username: &str) {
    let _ = StateDirectory::user().update(FILE, |file| {
        let mut declined = file.map(parse).unwrap_or_default();
        let names = declined.entry(game_id.game().id.to_owned());
        names.or_default().insert(username.to_owned());
        serde_json::to_vec(&declined).unwrap_or_default()
    });
}

/// A broken file is nothing known.
fn parse(file: &[u8]) -> Declined {
    serde_json::from_slice(file).unwrap_or_default()
}
