//! The one place where the title of a game becomes its protocol.

use super::effects::Session;
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::games::tlopo::Tlopo;
use crate::games::ttcc::Ttcc;
use crate::games::ttr::Ttr;
use crate::games::{GameId, GameProtocol, LoginParameters};
use crate::protocol;
use crate::protocol::driver;
use crate::protocol::driver::{LoginOutcome, WaitLimits, drive};
use crate::protocol::{Reply, Request, Step};

/// Logs in into a game, or as far as its update.
pub(crate) async fn log_in(
    game_id: GameId,
    player: LoginParameters,
    wait_limits: WaitLimits,
    session: &mut Session<'_>,
) -> Result<LoginOutcome, driver::Error<Failure>> {
    match game_id {
        GameId::Ttr => drive(Ttr::new(player), wait_limits, session).await,
        GameId::Ttcc => drive(Ttcc::new(player), wait_limits, session).await,
        GameId::Tlopo => drive(Tlopo::new(player), wait_limits, session).await,
    }
}

/// What makes a token of a game worthless.
pub(crate) fn revocation(game_id: GameId, token: &Secret) -> Option<Request> {
    match game_id {
        GameId::Ttr => Ttr::revocation(token),
        GameId::Ttcc => Ttcc::revocation(token),
        GameId::Tlopo => Tlopo::revocation(token),
    }
}

/// The first request of a login, and what its reply gives to keep.
pub(crate) fn registration(game_id: GameId, player: LoginParameters) -> (Request, Registered) {
    fn of<G: GameProtocol + 'static>(player: LoginParameters) -> (Request, Registered) {
        let (request, sent) = G::new(player).begin();
        let read = |reply: &Reply| match G::reply(sent, reply)? {
            Step::Store(launcher_token, _) => Ok(launcher_token.token),
            _ => Err(reply.not_understood("has no token to keep")),
        };
        (request, Box::new(read))
    }
    match game_id {
        GameId::Ttr => of::<Ttr>(player),
        GameId::Ttcc => of::<Ttcc>(player),
        GameId::Tlopo => of::<Tlopo>(player),
    }
}

/// What a reply gives to keep.
pub(crate) type Registered = Box<dyn FnOnce(&Reply) -> Result<Secret, protocol::Error>>;
