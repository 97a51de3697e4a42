//! Shows the status once.

use super::fetch::fetch_all;
use super::table;
use crate::auth::target::LoginTarget;
use crate::base::signals::Signals;
use crate::context::Context;
use crate::run_error::RunError;
use crate::terminal::results::print;

/// Fetches and shows the status of all targets. Returns the exit status.
///
/// # Errors
/// When no certificate authority can be loaded, standard output cannot be written, or a signal arrives.
pub(crate) async fn show(
    context: &Context,
    targets: &[LoginTarget],
    signals: &mut Signals,
) -> Result<i32, RunError> {
    let spacing = |target: &LoginTarget| target.game_id.game().districts_interval;
    // Boxed: the requests of three games are in it.
    let fetched = Box::pin(fetch_all(context, targets, spacing));
    let fetched = signals.or(fetched).await?;
    for warning in &fetched.missing {
        context.terminal.warn(warning);
    }
    let (statuses, terminal) = (&fetched.table, &context.terminal);
    print(terminal, statuses, || {
        let width = terminal.output_width();
        table::draw(statuses, width, terminal.colours_output())
    })?;
    Ok(statuses
        .reason()
        .map_or(0, |reason| i32::from(reason.status())))
}
