//! Answers of the login server of Toontown Rewritten.

use serde_json::json;

use super::Reaction;

/// Returns an answer that asks for a code with this `responseToken`.
pub(crate) fn partial(token: &str) -> Reaction {
    let banner = "Please enter an authenticator token.";
    let answer = json!({ "success": "partial", "banner": banner, "responseToken": token });
    Reaction::json(answer.to_string())
}

/// Returns the answer of a successful login.
pub(crate) fn grant(gameserver: &str, cookie: &str) -> Reaction {
    let answer = json!({ "success": "true", "gameserver": gameserver, "cookie": cookie });
    Reaction::json(answer.to_string())
}
