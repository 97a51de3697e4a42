//! `playcookie <game> districts`: who is playing where, and where invasions are.

use super::{Context, print};
use crate::auth::target::LoginTarget;
use crate::auth::throttle;
use crate::base::clock;
use crate::base::signals::Signals;
use crate::cli::districts::Districts;
use crate::districts::fetch::{FetchFailure, FetchedDistricts, fetch};
use crate::districts::schedule::PollSchedule;
use crate::districts::table;
use crate::districts::watch::watch;
use crate::games::GameId;
use crate::run_error::RunError;

pub(super) async fn run(
    context: &Context,
    game_id: GameId,
    districts: &Districts,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    let target = LoginTarget::public(context, game_id, districts.api.clone());
    let options = districts.options();
    if districts.is_watch() {
        let schedule = PollSchedule::new(game_id.game(), target.is_local(context));
        watch(context, &target, &options, schedule, signals).await?;
        return Ok(0);
    }
    let subject = target.subject();
    let fetched = async {
        let fetched = fetch_once(context, &target).await;
        fetched.map_err(|error| RunError::about(&subject)(error.failure))
    };
    let fetched = signals.or(fetched).await?;
    if let Some(missing) = &fetched.missing {
        context.terminal.warn(&missing.sentence());
    }
    let (districts, terminal) = (options.select(fetched.table), &context.terminal);
    let table = || {
        table::table(
            &districts,
            terminal.output_width(),
            terminal.colours_output(),
        )
    };
    print(terminal, &districts, table).map_err(RunError::about(&subject))?;
    Ok(0)
}

/// Fetches the districts once. Corporate Clash refuses two requests in a row, so the second one waits.
async fn fetch_once(
    context: &Context,
    target: &LoginTarget,
) -> Result<FetchedDistricts, FetchFailure> {
    let game = target.game_id.game();
    if !game.districts_interval.is_zero() && !target.is_local(context) {
        let origin = target.origin(context)?;
        let spacing = game.districts_interval;
        clock::sleep(throttle::public_data(
            &context.state,
            game,
            &origin,
            spacing,
        ))
        .await;
    }
    fetch(context, target).await
}
