//! The play cookies that a game server accepts.

use std::collections::HashMap;
use std::time::Duration;

use super::{ServerRequest, ServerResponse, token};

/// How long a play cookie is valid.
const LIFETIME: Duration = Duration::from_mins(1);

/// The play cookies that a game server accepts, each once and for one minute.
#[derive(Debug, Default)]
pub(super) struct PlayCookies {
    cookies: HashMap<String, (String, Duration)>,
}

impl PlayCookies {
    /// Issues a cookie for a player.
    pub(super) fn issue(&mut self, username: &str, now: Duration) -> String {
        let cookie = token();
        self.cookies
            .insert(cookie.clone(), (username.to_owned(), now));
        cookie
    }

    /// Answers a game that sends its cookie, which is then used up.
    ///
    /// # Errors
    /// The violation, when the cookie is not valid.
    pub(super) fn redeem(
        &mut self,
        request: &ServerRequest,
        now: Duration,
    ) -> Result<ServerResponse, &'static str> {
        let cookie = request
            .exact_fields(["cookie"])
            .map_or("", |[cookie]| cookie);
        match self.cookies.remove(cookie) {
            Some((username, since)) if now.saturating_sub(since) <= LIFETIME => Ok(
                ServerResponse::json(&serde_json::json!({ "welcome": username })),
            ),
            Some(_) => Err("the play cookie of a game was older than a minute"),
            None => Err("the play cookie of a game was never issued, or was used before"),
        }
    }
}
