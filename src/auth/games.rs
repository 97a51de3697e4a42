//! From the id of a game to its login protocol: the only place that matches on the id.

use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::games::tlopo::Tlopo;
use crate::games::ttcc::Ttcc;
use crate::games::ttr::Ttr;
use crate::games::{GameId, GameProtocol, LoginParameters};
use crate::protocol::driver::{self, Effects, LoginOutcome, WaitLimits, drive};
use crate::protocol::{self, Login, Reply, Request, Step};

/// Evaluates an expression with `$protocol` as the protocol of a game.
macro_rules! with_protocol {
    ($game_id:expr, $protocol:ident => $body:expr) => {
        match $game_id {
            GameId::Ttr => {
                type $protocol = Ttr;
                $body
            }
            GameId::Ttcc => {
                type $protocol = Ttcc;
                $body
            }
            GameId::Tlopo => {
                type $protocol = Tlopo;
                $body
            }
        }
    };
}

/// Logs in to a game.
///
/// # Errors
/// As [`drive`].
pub(super) async fn log_in<E: Effects<Error = Failure>>(
    game_id: GameId,
    parameters: LoginParameters,
    wait_limits: WaitLimits,
    effects: &mut E,
) -> Result<LoginOutcome, driver::Error<Failure>> {
    with_protocol!(game_id, Protocol => drive(Protocol::new(parameters), wait_limits, effects).await)
}

/// Returns the request that revokes a launcher token, if the game has such tokens.
pub(crate) fn revocation(game_id: GameId, token: &Secret) -> Option<Request> {
    with_protocol!(game_id, Protocol => Protocol::revocation(token))
}

/// Returns the first request of a login, and a function that reads the launcher token from its reply.
pub(crate) fn registration(game_id: GameId, parameters: LoginParameters) -> (Request, ReadToken) {
    with_protocol!(game_id, Protocol => {
        let (request, sent) = Protocol::begin(Protocol::new(parameters));
        let read = |reply: &Reply| match Protocol::reply(sent, reply)? {
            Step::Store(launcher_token, _) => Ok(launcher_token.token),
            _ => Err(reply.not_understood("has no token to keep")),
        };
        (request, Box::new(read))
    })
}

/// Reads a launcher token from a reply.
pub(crate) type ReadToken = Box<dyn FnOnce(&Reply) -> Result<Secret, protocol::Error>>;
