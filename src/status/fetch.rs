//! Fetches the status of games: whether each is open, and its districts, at once.

use std::time::Duration;

use futures_util::future::try_join_all;

use crate::auth::target::LoginTarget;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::context::Context;
use crate::districts::fetch::fetch_spaced;
use crate::games::{GameId, with_protocol};
use crate::protocol::{Error, Login, Reply, Request, ServerStatus};
use crate::status::model::{GameStatus, StatusTable};

/// The status of one game, and what is missing of it.
struct FetchedStatus {
    status: GameStatus,
    /// A sentence about the missing part; none when the row says why.
    missing: Option<String>,
    /// How long the server asked to wait.
    retry_after: Option<Duration>,
}

/// The status of all games that were asked for.
pub(crate) struct FetchedStatuses {
    pub(crate) table: StatusTable,
    /// A sentence about each missing part.
    pub(crate) missing: Vec<String>,
    /// The longest time that a server asked to wait.
    pub(crate) retry_after: Option<Duration>,
}

/// Fetches the status of all targets at once. The districts of each are requested `spacing` after the last request.
///
/// # Errors
/// When no certificate authority can be loaded; other failures are in the rows.
pub(crate) async fn fetch_all(
    context: &Context,
    targets: &[LoginTarget],
    spacing: impl Fn(&LoginTarget) -> Duration,
) -> Result<FetchedStatuses, Failure> {
    let requests = targets
        .iter()
        .map(|target| fetch(context, target, spacing(target)));
    let (mut games, mut missing, mut retry_after) = (Vec::new(), Vec::new(), None);
    for fetched in try_join_all(requests).await? {
        games.push(fetched.status);
        missing.extend(fetched.missing);
        retry_after = retry_after.max(fetched.retry_after);
    }
    Ok(FetchedStatuses {
        table: StatusTable { games },
        missing,
        retry_after,
    })
}

async fn fetch(
    context: &Context,
    target: &LoginTarget,
    spacing: Duration,
) -> Result<FetchedStatus, Failure> {
    let (game_id, endpoint) = (target.game_id, target.endpoint(context)?);
    let (request, read) = status_page(game_id);
    let (server, districts) = tokio::join!(
        endpoint.get(request, read),
        fetch_spaced(context, target, spacing)
    );
    let (table, missing) = match districts {
        Ok(fetched) => (Some(fetched.table), fetched.missing),
        Err(error) => (None, Some(error)),
    };
    let game = game_id.game();
    let retry_after = missing.as_ref().and_then(|error| error.retry_after);
    let missing = missing.map(|error| error.sentence(Some(game.name)));
    let now = clock::since_epoch().as_secs();
    let mut status = GameStatus::new(game, server, table.as_ref(), now);
    if missing.is_some() && status.invasions.is_some() {
        // The table holds the invaded districts only.
        (status.districts_online, status.districts) = (None, None);
    }
    // Else the row says why.
    let missing = missing.filter(|_| status.open.is_some());
    Ok(FetchedStatus {
        status,
        missing,
        retry_after,
    })
}

pub(crate) type ReadStatus = fn(&Reply) -> Result<ServerStatus, Error>;

/// Returns the request for the status of a game's server, and the function that reads the reply.
pub(crate) fn status_page(game_id: GameId) -> (Request, ReadStatus) {
    with_protocol!(game_id, Protocol => (Protocol::status_request(), Protocol::read_status))
}
