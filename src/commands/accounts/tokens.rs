//! Launcher tokens: registering for one, and making one worthless.

use std::time::Duration;

use crate::auth::failures::Report;
use crate::auth::games::{registration, revocation};
use crate::auth::login_plan::Endpoint;
use crate::auth::target::LoginTarget;
use crate::auth::{revocation, throttle};
use crate::base::failure::Failure;
use crate::base::random;
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::context::Context;
use crate::endpoint::exchange;
use crate::games::{Credential, GameId, LoginParameters};

/// How long a server may take to hear that a token is not needed any more.
const PATIENCE: Duration = Duration::from_secs(5);

/// Signs in once, for a token that stands for the password.
///
/// # Errors
/// As a login.
pub(crate) async fn register(
    context: &Context,
    target: &LoginTarget,
    place: &Endpoint,
    password: Secret,
) -> Result<Secret, Failure> {
    let game = target.game_id.game();
    let username = target.username.clone().unwrap_or_default();
    let subject = target.subject();
    throttle::take_turn(&context.terminal, game, &place.origin, &subject, None).await?;
    let player = LoginParameters {
        username: username.clone(),
        credential: Credential::Password(password.clone()),
        interface: place.interface,
        fallback_gameserver: place.elsewhere.clone(),
        nonce: random::hex(4),
        toon_slot: None,
        wants_update: false,
    };
    let typed = [password];
    let (request, read) = registration(target.game_id, player);
    let report = Report {
        service: game.name,
        username: &clean(&username),
        account: None,
        origin: place.origin.clone(),
    };
    let reply = exchange::send(&context.terminal, &place.client, &request, &typed)
        .await
        .map_err(|error| report.lost(&error))?;
    read(&reply).map_err(|error| {
        if let Some(pause) = throttle::asked_to_wait(&error, reply.status == 429) {
            throttle::told(game, &place.origin, pause);
        }
        report.refused(&error, &typed)
    })
}

/// Makes a token worthless; gives whether the server did. One that does not is mentioned, and is no failure.
pub(crate) async fn revoke(
    context: &Context,
    game_id: GameId,
    place: &Endpoint,
    token: &Secret,
) -> bool {
    match revocation(game_id, token) {
        Some(request) => {
            revocation::revoke(&context.terminal, &place.client, &request, PATIENCE).await
        }
        None => true,
    }
}
