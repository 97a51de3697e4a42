//! `playcookie status`: whether each game is open, how many are playing, where invasions are.

use super::Context;
use crate::auth::target::LoginTarget;
use crate::base::signals::Signals;
use crate::cli::status::Status;
use crate::districts::schedule::PollSchedule;
use crate::games::GameId;
use crate::status::show::show;
use crate::status::watch::watch;

pub(super) async fn run(
    context: &Context,
    status: &Status,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let games = GameId::ALL.into_iter();
    let targets: Vec<_> = games
        .filter(|game_id| status.includes(*game_id))
        .map(|game_id| LoginTarget::public(context, game_id, status.api.clone()))
        .collect();
    if let Some(every) = status.watch.every {
        let schedule = |target: &LoginTarget| {
            PollSchedule::new(target.game_id.game(), target.is_local(context))
        };
        watch(context, &targets, every, schedule, signals).await?;
        return Ok(0);
    }
    Ok(show(context, &targets, signals).await?)
}
