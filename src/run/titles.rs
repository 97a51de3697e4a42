//! The one place where the title of a game becomes its protocol.

use super::session::Session;
use crate::drive::{self, Arrival, Patience, drive};
use crate::exit::Failure;
use crate::game::tlopo::Tlopo;
use crate::game::ttcc::Ttcc;
use crate::game::ttr::Ttr;
use crate::game::{Playable, Player, Title};
use crate::login::{self, Reply, Request, Step};
use crate::secret::Secret;

/// Logs in into a game, or as far as its update.
pub(super) async fn log_in(
    title: Title,
    player: Player,
    patience: Patience,
    session: &mut Session<'_>,
) -> Result<Arrival, drive::Error<Failure>> {
    match title {
        Title::Ttr => drive(Ttr::new(player), patience, session).await,
        Title::Ttcc => drive(Ttcc::new(player), patience, session).await,
        Title::Tlopo => drive(Tlopo::new(player), patience, session).await,
    }
}

/// What makes a token of a game worthless.
pub(super) fn farewell(title: Title, token: &Secret) -> Option<Request> {
    match title {
        Title::Ttr => Ttr::farewell(token),
        Title::Ttcc => Ttcc::farewell(token),
        Title::Tlopo => Tlopo::farewell(token),
    }
}

/// The first request of a login, and what its reply gives to keep.
pub(super) fn registration(title: Title, player: Player) -> (Request, Registered) {
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
pub(super) type Registered = Box<dyn FnOnce(&Reply) -> Result<Secret, login::Error>>;
