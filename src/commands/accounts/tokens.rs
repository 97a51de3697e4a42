//! Launcher tokens: registering for one, and revoking one.

use std::time::Duration;

use crate::auth::failures::LoginFailures;
use crate::auth::games::{registration, revocation};
use crate::auth::revocation::revoke as send_revocation;
use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::failure::Failure;
use crate::base::random;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::games::{Credential, LoginParameters};

/// How long revoking a token may take.
const REVOKE_TIMEOUT: Duration = Duration::from_secs(5);

/// Logs in once, and returns a token that replaces the password.
///
/// # Errors
/// As a login.
pub(super) async fn register(
    context: &Context,
    target: &LoginTarget,
    password: Secret,
) -> Result<Secret, Failure> {
    let (game, endpoint) = (target.game_id.game(), target.endpoint(context)?);
    let origin = &endpoint.origin;
    throttle::wait_for_login(context, game, origin, &target.subject(), None).await?;
    let username = target.username.clone().unwrap_or_default();
    let failures = LoginFailures::new(game.name, origin, &username, None);
    let parameters = LoginParameters {
        username: username.clone(),
        credential: Credential::Password(password.clone()),
        interface: endpoint.interface,
        fallback_gameserver: endpoint.authority.clone(),
        nonce: random::hex(4),
        toon_slot: None,
        wants_update: false,
    };
    let secrets = [password];
    let (request, read) = registration(target.game_id, parameters);
    let reply = endpoint.send(&request, &secrets).await;
    let reply = reply.map_err(|error| failures.of_http(&error))?;
    read(&reply).map_err(|error| {
        if let Some(pause) = throttle::asked_to_wait(&error, reply.status == 429) {
            throttle::record(&context.state, game, origin, pause);
        }
        failures.of_protocol(&error, &secrets)
    })
}

/// Revokes a token, and returns whether the server did. A failure is printed.
pub(super) async fn revoke(context: &Context, target: &LoginTarget, token: &Secret) -> bool {
    let Some(request) = revocation(target.game_id, token) else {
        return true;
    };
    let terminal = &context.terminal;
    match target.endpoint(context) {
        Ok(endpoint) => send_revocation(terminal, &endpoint, &request, REVOKE_TIMEOUT).await,
        Err(failure) => {
            let warning = format!("the launcher token could not be revoked: {failure}");
            terminal.warn(&warning);
            false
        }
    }
}
