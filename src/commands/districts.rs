//! `playcookie <game> districts`: who is playing where, and where invasions are.

use std::time::Duration;

use super::{Context, print};
use crate::auth::target::LoginTarget;
use crate::base::signals::Signals;
use crate::cli::districts::Districts;
use crate::districts::fetch::fetch_spaced;
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
        let spacing = if target.is_local(context) {
            Duration::ZERO
        } else {
            game_id.game().districts_interval
        };
        let fetched = fetch_spaced(context, &target, spacing).await;
        fetched.map_err(|error| RunError::failed(&subject, error.failure))
    };
    let fetched = signals.or(fetched).await?;
    if let Some(missing) = &fetched.missing {
        context.terminal.warn(&missing.sentence(None));
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
