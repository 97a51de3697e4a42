//! Logging in only to receive a launcher token, as `accounts add` and `accounts edit` do.

use super::target::LoginTarget;
use super::throttle;
use crate::base::failure::Failure;
use crate::base::random;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::failures::login::LoginFailures;
use crate::games::{Credential, GameProtocol, LoginParameters, with_protocol};
use crate::protocol::{Login, Step};

/// Logs in once, and returns a token that replaces the password.
///
/// # Errors
/// As a login.
pub(crate) async fn register(
    context: &Context,
    target: &LoginTarget,
    password: Secret,
) -> Result<Secret, Failure> {
    let endpoint = target.endpoint(context)?;
    throttle::wait_for_login(context, target, None).await?;
    let username = target.username.clone().unwrap_or_default();
    let (service, origin, redactor) = (
        endpoint.service,
        &endpoint.origin,
        context.terminal.redactor(),
    );
    let failures = LoginFailures::new(service, origin, &username, None, redactor);
    let parameters = LoginParameters {
        username: username.clone(),
        credential: Credential::Password(password),
        interface: endpoint.interface,
        fallback_gameserver: endpoint.authority.clone(),
        nonce: random::hex(4),
        toon_slot: None,
        wants_update: false,
    };
    with_protocol!(target.game_id, Protocol => {
        let (request, sent) = Protocol::new(parameters).begin();
        let reply = endpoint.send(&request).await;
        let reply = reply.map_err(|error| failures.of_http(&error))?;
        let token = match Protocol::reply(sent, &reply) {
            Ok(Step::Store(launcher_token, _)) => Ok(launcher_token.token),
            Ok(_) => Err(reply.not_understood("has no token to keep")),
            Err(error) => Err(error),
        };
        token.map_err(|error| {
            if let Some(pause) = throttle::asked_to_wait(&error, reply.status == 429) {
                throttle::postpone_logins(context, target, pause);
            }
            failures.of_protocol(&error)
        })
    })
}
