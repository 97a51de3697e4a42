//! What the login server of Toontown Rewritten says.

use serde_json::json;

use super::Reaction;

/// A code is wanted for this `responseToken`.
pub(crate) fn partial(token: &str) -> Reaction {
    let banner = "Please enter an authenticator token.";
    let answer = json!({ "success": "partial", "banner": banner, "responseToken": token });
    Reaction::json(answer.to_string())
}

/// The game may be started with these values.
pub(crate) fn grant(gameserver: &str, cookie: &str) -> Reaction {
    let answer = json!({ "success": "true", "gameserver": gameserver, "cookie": cookie });
    Reaction::json(answer.to_string())
}
