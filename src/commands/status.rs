//! `playcookie status`: is each game up, how many are playing, where are invasions.
//!
//! Every request of every game is on its way at once; what they told is shown together, in the order of the command line.

use super::{Context, print};
use crate::base::failure::{Ending, Failure};
use crate::base::signals::Signals;
use crate::cli::status::Status;
use crate::games::GameId;
use crate::status::fetch::{Look, look};
use crate::status::model::StatusTable;
use crate::status::table;

pub(crate) async fn run(
    context: &Context,
    status: &Status,
    signals: &mut Signals,
) -> anyhow::Result<Ending> {
    let games = tokio::select! {
        biased;
        signal = signals.next() => return Ok(Ending::Stopped(signal)),
        games = all(context, status) => games?,
    };
    for warning in games.iter().flat_map(|look| &look.missing) {
        context.terminal.warn(warning);
    }
    let games = games.into_iter().map(|look| look.standing).collect();
    let overview = StatusTable { games };
    let terminal = &context.terminal;
    print(terminal, &overview, || {
        table::drawn(
            &overview,
            terminal.output_width(),
            terminal.colours_output(),
        )
    })?;
    Ok(overview.reason().map_or(Ending::Success, Ending::Failed))
}

/// Looks at all games that are asked for, at once.
///
/// # Errors
/// When no game can be asked at all; whatever a game answers is in its row.
async fn all(context: &Context, status: &Status) -> Result<Vec<Look>, Failure> {
    let looked = |game_id| async move {
        if status.includes(game_id) {
            look(context, game_id).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let [ttr, ttcc, tlopo] = GameId::ALL.map(looked);
    let (ttr, ttcc, tlopo) = tokio::try_join!(ttr, ttcc, tlopo)?;
    Ok([ttr, ttcc, tlopo].into_iter().flatten().collect())
}
