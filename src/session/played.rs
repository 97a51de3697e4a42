//! When each remembered account was played last and how long in total, in a file of the state directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::auth::target::owner_of;
use crate::base::clock;
use crate::config::Account;
use crate::context::Context;

/// The state file: the times by game, username and origin, so that a new name of the account changes nothing.
const FILE: &str = "played.json";

type PlayedTimes = BTreeMap<String, PlayedTime>;

/// How an account was played.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlayedTime {
    /// When the last game ended, or started if it was detached; in seconds since 1970.
    pub(crate) last: u64,
    /// How long games ran that were waited for, in seconds.
    pub(crate) seconds: u64,
}

impl PlayedTime {
    /// Returns how an account was played; `None` if it was not.
    pub(crate) fn of(context: &Context, account: &Account) -> Option<Self> {
        let times: PlayedTimes = context.state.read_json(FILE);
        times
            .get(&owner_of(context, account).ok()?.to_string())
            .copied()
    }

    /// Adds a game that was played for some seconds until now.
    pub(super) fn add(context: &Context, account: &Account, seconds: u64) {
        Self::change(context, account, |times, owner| {
            let time: &mut Self = times.entry(owner).or_default();
            time.last = clock::since_epoch().as_secs();
            time.seconds = time.seconds.saturating_add(seconds);
        });
    }

    /// Forgets how an account was played.
    pub(crate) fn forget(context: &Context, account: &Account) {
        Self::change(context, account, |times, owner| {
            times.remove(&owner);
        });
    }

    fn change(context: &Context, account: &Account, change: impl FnOnce(&mut PlayedTimes, String)) {
        if let Ok(owner) = owner_of(context, account) {
            // A time that cannot be written is not worth a message.
            let _ = context
                .state
                .update_json(FILE, |times| change(times, owner.to_string()));
        }
    }
}
