//! Revoking launcher tokens: those that a login received and did not store, or replaced (`log_in`, `effects`), and those
//! that were stored (`commands/accounts`).

use std::time::Duration;

use super::target::LoginTarget;
use crate::base::clock;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::games::{GameId, GameProtocol, with_protocol};
use crate::protocol::Request;

/// How long revoking a token may take after a login or an interrupt.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long revoking a stored token may take.
const REVOKE_STORED_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends the request that revokes a token which is not stored or was replaced, once. A failure is printed, and fails nothing.
pub(super) async fn revoke_pending(pending: &mut Option<Request>, endpoint: &Endpoint) {
    let Some(request) = pending.take() else {
        return;
    };
    endpoint.terminal.detail(1, || {
        "a launcher token that is not stored is revoked".to_owned()
    });
    revoke(endpoint, &request, REVOKE_TIMEOUT).await;
}

/// Revokes a token that was stored, and returns whether the server did. A failure is printed.
pub(crate) async fn revoke_stored(context: &Context, target: &LoginTarget, token: &Secret) -> bool {
    let Some(request) = revocation_request(target.game_id, token) else {
        return true;
    };
    match target.endpoint(context) {
        Ok(endpoint) => revoke(&endpoint, &request, REVOKE_STORED_TIMEOUT).await,
        Err(failure) => {
            let warning = format!("the launcher token could not be revoked: {failure}");
            context.terminal.warn(&warning);
            false
        }
    }
}

/// Returns the request that revokes a launcher token, if the game has such tokens.
pub(super) fn revocation_request(game_id: GameId, token: &Secret) -> Option<Request> {
    with_protocol!(game_id, Protocol => Protocol::revocation(token))
}

/// Sends the request that revokes a token, and returns whether the server revoked it. A failure is printed.
async fn revoke(endpoint: &Endpoint, request: &Request, timeout: Duration) -> bool {
    let reply = clock::timeout(timeout, endpoint.send(request)).await;
    // A token that the server does not know is as good as revoked.
    let is_revoked =
        reply.is_some_and(|reply| reply.is_ok_and(|it| it.status < 300 || it.status == 401));
    if !is_revoked {
        endpoint.terminal.warn(
            "the launcher token could not be revoked; the account's page on the website lists it",
        );
    }
    is_revoked
}
