//! The one place where the title of a game becomes its protocol.

use super::effects::Session;
use crate::base::failure::Failure;
use crate::base::secret::Secret;
use crate::games::tlopo::Tlopo;
use crate::games::ttcc::Ttcc;
use crate::games::ttr::Ttr;
use crate::games::{Playable, Player, Title};
use crate::protocol;
use crate::protocol::driver;
use crate::protocol::driver::{Arrival, Patience, drive};
use crate::protocol::{Reply, Request, Step};

/// Logs in into a game, or as far as its update.
pub(crate) async fn log_in(
    title: Title,
    player: Player,
    patience: Patience,
    session: &mut Session<'_>,
) -> Result<Arrival, driver::Error<Failure>> {
    match title {
        Title::Ttr => drive(Ttr::new(player), patience, session).await,
        Title::Ttcc => drive(Ttcc::new(player), patience, session).await,
        Title::Tlopo => drive(Tlopo::new(player), patience, session).await,
    }
}

/// What makes a token of a game worthless.
pub(crate) fn farewell(title: Title, token: &Secret) -> Option<Request> {
    match title {
        Title::Ttr => Ttr::farewell(token),
        Title::Ttcc => Ttcc::farewell(token),
        Title::Tlopo => Tlopo::farewell(token),
    }
}

/// The first request of a login, and what its reply gives to keep.
pub(crate) fn registration(title: Title, player: Player) -> (Request, Registered) {
    fn of<G: Playable + 'static>(player: Player) -> (Request, Registered) {
        let (request, sent) = G::new(player).begin();
        let read = |reply: &Reply| match G::reply(sent, reply)? {
            Step::Keep(keepsake, _) => Ok(keepsake.token),
            _ => Err(reply.misunderstood("has no token to keep")),
        };
        (request, Box::new(read))
    }
    match title {
        Title::Ttr => of::<Ttr>(player),
        Title::Ttcc => of::<Ttcc>(player),
        Title::Tlopo => of::<Tlopo>(player),
    }
}

/// What a reply gives to keep.
pub(crate) type Registered = Box<dyn FnOnce(&Reply) -> Result<Secret, protocol::Error>>;
