//! `playcookie status`: whether each game is open, how many are playing, where invasions are.

use super::{Context, print};
use crate::base::failure::Failure;
use crate::base::signals::Signals;
use crate::cli::status::Status;
use crate::games::GameId;
use crate::status::fetch::{FetchedStatus, fetch};
use crate::status::model::StatusTable;
use crate::status::table;

pub(super) async fn run(
    context: &Context,
    status: &Status,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    // Boxed: the requests of three games are in it.
    let games = signals.or(Box::pin(all(context, status))).await?;
    for warning in games.iter().flat_map(|fetch| &fetch.missing) {
        context.terminal.warn(warning);
    }
    let games = games.into_iter().map(|fetch| fetch.status).collect();
    let table = StatusTable { games };
    let terminal = &context.terminal;
    print(terminal, &table, || {
        table::draw(&table, terminal.output_width(), terminal.colours_output())
    })?;
    Ok(table
        .reason()
        .map_or(0, |reason| i32::from(reason.status())))
}

/// Fetches the status of all games that were named, at once.
///
/// # Errors
/// When no certificate authority can be loaded; other failures are in the rows.
async fn all(context: &Context, status: &Status) -> Result<Vec<FetchedStatus>, Failure> {
    let fetched = |game_id| async move {
        if status.includes(game_id) {
            fetch(context, game_id).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let [ttr, ttcc, tlopo] = GameId::ALL.map(fetched);
    let (ttr, ttcc, tlopo) = tokio::try_join!(ttr, ttcc, tlopo)?;
    Ok([ttr, ttcc, tlopo].into_iter().flatten().collect())
}
