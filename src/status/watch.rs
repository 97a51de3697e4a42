//! `status --watch`: the status is fetched again and again until a signal arrives, or nobody reads it.

use std::time::Duration;

use super::fetch::{FetchedStatuses, fetch_all};
use super::model::StatusTable;
use super::table;
use crate::auth::target::LoginTarget;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::plain;
use crate::base::signals::{Resizes, Signals};
use crate::context::Context;
use crate::districts::schedule::{self, PollSchedule};
use crate::run_error::RunError;
use crate::terminal::Terminal;
use crate::terminal::table::wrapped;

/// Fetches and shows the status of all targets until the watch ends. `schedule` returns that of a target.
///
/// # Errors
/// When no certificate authority can be loaded, or a signal arrives.
pub(crate) async fn watch(
    context: &Context,
    targets: &[LoginTarget],
    typed: Option<Duration>,
    schedule: impl Fn(&LoginTarget) -> PollSchedule,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let terminal = &context.terminal;
    let pauses = targets
        .iter()
        .map(|target| schedule(target).pause(typed, target.game_id.game(), terminal));
    let every = pauses.max().unwrap_or_default();
    let spacing = |target: &LoginTarget| schedule(target).floor;
    // Boxed: the requests of three games are in it.
    let fetches = Box::pin(fetch_repeatedly(context, targets, every, spacing));
    signals.or(fetches).await
}

async fn fetch_repeatedly(
    context: &Context,
    targets: &[LoginTarget],
    every: Duration,
    spacing: impl Fn(&LoginTarget) -> Duration,
) -> Result<(), Failure> {
    let terminal = &context.terminal;
    let mut resizes = Resizes::catch();
    let (mut shown, mut failures) = (String::new(), 0);
    loop {
        let fetched = fetch_all(context, targets, &spacing).await?;
        failures = match fetched.table.reason() {
            Some(Reason::Network | Reason::ServerError | Reason::TryLater) => failures + 1,
            _ => 0,
        };
        let pause = schedule::pause(every, failures, fetched.retry_after);
        if !show(terminal, &fetched, &mut shown)? {
            return Ok(());
        }
        let redraw = || draw(terminal, &fetched);
        if !terminal.pause_watch(pause, &mut resizes, redraw).await? {
            return Ok(());
        }
    }
}

/// Shows the status; where it is not drawn over the last one, only if it differs from `shown` in more than times. Returns
/// whether somebody reads it.
fn show(
    terminal: &Terminal,
    fetched: &FetchedStatuses,
    shown: &mut String,
) -> Result<bool, Failure> {
    let json = |table: &StatusTable| serde_json::to_string(table).unwrap_or_default() + "\n";
    let is_json = terminal.json().is_some();
    let timeless = fetched.table.without_times();
    let timeless = if is_json {
        json(&timeless)
    } else {
        table::draw(&timeless, None, false)
    };
    let is_drawn = !is_json && terminal.output_width().is_some();
    if std::mem::replace(shown, timeless) == *shown && !is_drawn {
        return Ok(true);
    }
    if !is_json {
        return draw(terminal, fetched);
    }
    for warning in &fetched.missing {
        terminal.warn(warning);
    }
    terminal.show(json(&fetched.table).as_bytes())
}

fn draw(terminal: &Terminal, fetched: &FetchedStatuses) -> Result<bool, Failure> {
    let width = terminal.output_width();
    let text = table::draw(&fetched.table, width, terminal.colours_output());
    let notes = fetched.missing.iter();
    let notes = notes.flat_map(|note| wrapped(plain(note).split(' '), width));
    let notes: String = notes.map(|line| line + "\n").collect();
    terminal.draw(&text, &notes)
}
