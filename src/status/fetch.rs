//! Fetches the status of one game: whether it is open, and its districts, at once.

use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::districts::fetch::fetch_spaced;
use crate::games::{GameId, with_protocol};
use crate::protocol::{Error, Login, Reply, Request, ServerStatus};
use crate::status::model::GameStatus;

/// The status of one game, and what is missing of it.
pub(crate) struct FetchedStatus {
    pub(crate) status: GameStatus,
    /// A sentence about the missing part; none when the row says why.
    pub(crate) missing: Option<String>,
}

/// Fetches the status of a game from the servers that the configuration names.
///
/// # Errors
/// When no certificate authority can be loaded; other failures are in the row.
pub(crate) async fn fetch(context: &Context, game_id: GameId) -> Result<FetchedStatus, Failure> {
    let target = LoginTarget::public(context, game_id, None);
    let endpoint = target.endpoint(context)?;
    let (request, read) = status_page(game_id);
    let (server, districts) =
        tokio::join!(endpoint.get(request, read), fetch_spaced(context, &target));
    let (table, missing) = match districts {
        Ok(fetched) => (Some(fetched.table), fetched.missing),
        Err(error) => (None, Some(error)),
    };
    let game = game_id.game();
    let missing = missing.map(|error| error.sentence(Some(game.name)));
    let now = clock::since_epoch().as_secs();
    let mut status = GameStatus::new(game, server, table.as_ref(), now);
    if missing.is_some() && status.invasions.is_some() {
        // The table holds the invaded districts only.
        (status.districts_online, status.districts) = (None, None);
    }
    // Else the row says why.
    let missing = missing.filter(|_| status.open.is_some());
    Ok(FetchedStatus { status, missing })
}

type ReadStatus = fn(&Reply) -> Result<ServerStatus, Error>;

/// Returns the request for the status of a game's server, and the function that reads the reply.
fn status_page(game_id: GameId) -> (Request, ReadStatus) {
    with_protocol!(game_id, Protocol => (Protocol::status_request(), Protocol::read_status))
}
